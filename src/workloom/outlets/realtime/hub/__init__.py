"""One reader of the log for all connections of a process."""
