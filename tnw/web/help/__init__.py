"""What the help pages say: rules in plain words, words, states, roles, keys, and a first day for each role."""
