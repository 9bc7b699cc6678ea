"""What is written inside a traject, a module for each noun; `KINDS` of each are named in `TrajectsConfig.letters`."""
