"""What a machine may lack: told and left out at home, a failure where every change is judged."""

import os


def in_ci() -> bool:
    """Tell whether nothing may be missing."""
    return os.environ.get("CI", "").lower() in {"1", "true"}
