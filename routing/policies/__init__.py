"""Who may do what on which route, and in which state (domain.md sections 6 and 8)."""
