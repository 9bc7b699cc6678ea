"""Figures as people read them: what was asked for, tables, charts, files."""
