"""A module for each noun: in `SCENES`, by kind of letter, what has to happen before it can be written."""
