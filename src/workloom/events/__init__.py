"""The append-only log under everything."""
