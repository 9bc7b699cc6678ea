"""What is written to people: letters as data, typeset in one design, kept as they went, and on their way."""
