"""Lists of things to tick off, on a task."""
