"""What is written on the three routes, a module for each noun; `KINDS` of each are named in `RoutingConfig.letters`."""
