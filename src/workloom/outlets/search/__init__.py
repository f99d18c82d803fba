"""Finding tasks and comments by words."""
