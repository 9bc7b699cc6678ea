"""`make demo`: two funds of invented people whose months are replayed day by day, and the processes around them."""
