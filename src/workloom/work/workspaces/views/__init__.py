"""The doors of workspaces, one file per thing."""
