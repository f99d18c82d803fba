"""Django's engine for PostgreSQL, with a cheaper look at kept connections."""
