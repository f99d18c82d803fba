"""The log, read: the feed, a task's activity, the audit log."""
