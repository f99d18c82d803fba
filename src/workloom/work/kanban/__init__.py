"""The doors of boards: above tasks, because a board shows cards."""
