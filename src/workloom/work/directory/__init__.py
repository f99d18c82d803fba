"""People as others see them: whoever shares a project or a workspace."""
