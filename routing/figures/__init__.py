"""Figures: what is counted, by one table of definitions; pages, exports and the API read the same (0051)."""
