"""What the log says, for tests."""

from typing import Any

from workloom.events.queries import log_rows


def recorded(*types: str) -> list[tuple[str, dict[str, Any]]]:
    """Return type and changes of the events recorded in this test, private values among them, oldest first."""
    rows = log_rows().order_by("n").values_list("type", "changes", "private")
    found = [(name, {**changes, **(private or {}).get("changes", {})}) for name, changes, private in rows]
    return [event for event in found if not types or event[0] in types]
