"""Every query parameter that names something, and what stands for it in the other tenant; a new one has to be listed."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.rights.table import Row, first_rows
from tests.rights.world import FAR
from workloom.core.http.params import PAGING, SHAPING

# Filters by what they name. `None`: values that belong to nobody, such as words of a fixed list, times and flags.
NAMED: Mapping[str, str | None] = {
    **dict.fromkeys(("project", "project_id", "usable_in"), "project"),
    **dict.fromkeys(("workspace", "workspace_id"), "workspace"),
    **dict.fromkeys(("board", "board_id"), "board"),
    **dict.fromkeys(("category", "category_id"), "category"),
    **dict.fromkeys(("label", "labels", "label_id"), "label"),
    **dict.fromkeys(("user", "user_id", "author", "author_id", "owner", "owner_id"), "person"),
    **dict.fromkeys(("member", "members", "member_id", "reporter", "reporter_id", "created_by"), "person"),
    **dict.fromkeys(("assignee", "assignees", "assigned_to", "assigned_user", "assignee_id"), "person"),
    **dict.fromkeys(("key", "object", "object_id"), "task_key"),
    **dict.fromkeys(("parent", "parent_id"), "parent"),
    **dict.fromkeys(("task", "task_id"), "task"),
    **dict.fromkeys(("search", "q"), FAR),
    **dict.fromkeys(("status", "status_category", "priority", "kind", "role", "type", "action", "model_name"), None),
    **dict.fromkeys(("due_date", "due_before", "due_after", "overdue", "sla_breached", "before", "after"), None),
    **dict.fromkeys(("created_before", "created_after", "updated_before", "updated_after"), None),
    **dict.fromkeys(
        ("is_read", "is_completed", "completed", "is_archived", "archived", "is_active", "is_personal"), None
    ),
    **dict.fromkeys(
        ("trashed", "done", "ip_address", "window", "format", "limit", "page_size", "state", "event"), None
    ),
    "projects": None,  # a stream's: it finds nothing but is refused whole, as tests/outlets/realtime shows
}


def parameters_of(row: Row) -> set[str]:
    """What may be sent in the query of an operation, beside how pages and rows look."""
    promised = row.operation
    names = set(promised.parameters)
    if promised.listing is not None:
        names |= set(promised.listing.filter_names)
    return names - set(PAGING) - set(SHAPING)


def readings() -> list[Row]:
    """One row for each operation that reads."""
    return [row for row in first_rows().values() if row.method == "GET"]


def lists() -> list[Row]:
    """One row for each list."""
    return [row for row in readings() if row.operation.listing is not None]


def rows_in(document: Any) -> list[Any]:
    """The rows of a list's answer."""
    found: list[Any] = document["results"]
    return found


def naming() -> Iterator[tuple[Row, str, str]]:
    """Each operation with each parameter that names something, and whether it is the form that excludes."""
    for row in readings():
        for name in sorted(parameters_of(row)):
            stands_for = NAMED.get(name.removesuffix("!"))
            if stands_for is not None:
                yield row, name, stands_for
