"""What a line of a feed sets in motion."""
