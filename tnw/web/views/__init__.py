"""The pages, split by what they show."""
