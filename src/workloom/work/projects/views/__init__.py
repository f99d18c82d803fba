"""The doors of projects, one file per thing."""
