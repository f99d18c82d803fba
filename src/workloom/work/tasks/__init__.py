"""Tasks: the noun that all of this is about, split by verb."""
