"""Projects, their members and keys."""
