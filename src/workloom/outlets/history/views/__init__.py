"""The doors to the log."""
