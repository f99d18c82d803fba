"""Workspaces: the outermost fence. What is in one is never seen from another."""
