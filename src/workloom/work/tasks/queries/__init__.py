"""Reads of tasks, split by what is read."""
