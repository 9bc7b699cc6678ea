"""The database backend that ENGINE names: PostgreSQL, embedded or not, with the fund scope."""
