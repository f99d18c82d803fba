"""The doors of tasks."""
