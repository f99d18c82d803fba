"""Boards: a project's tasks in columns."""
