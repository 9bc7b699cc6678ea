"""Who may do what inside a traject, and in which state, a module for each noun (domain.md sections 7 and 8)."""
