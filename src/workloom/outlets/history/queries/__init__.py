"""Reading the log as far as an actor may see it."""
