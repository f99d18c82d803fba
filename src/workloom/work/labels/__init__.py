"""Labels and categories, of a project or a workspace."""
