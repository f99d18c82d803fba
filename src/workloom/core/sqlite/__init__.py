"""Django's engine for SQLite, which reads rows and spells statements in a part of the time."""
