"""Reading the log: each reader brings the condition that says what its actor may see."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.db import write_kept
from workloom.core.prepared import prepared
from workloom.events.models import Head, LogRow
from workloom.events.rows import Published

LogRows = QuerySet[LogRow]
_CARRIED = (
    "seq", "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id",
    "audience", "object_type", "object_id", "object_key", "object_version", "via", "request_id",
)  # fmt: skip
"""What an event carries as it stands, in the order of `Published`."""


def log_rows() -> QuerySet[LogRow]:
    """Return the whole log; callers narrow it to what their actor may see."""
    write_kept()
    return LogRow.objects.all()


def published_after(seq: int) -> QuerySet[LogRow]:
    """Return numbered events behind a place, in the order of publication."""
    return LogRow.objects.filter(seq__gt=seq).order_by("seq")


def read_after(seq: int, limit: int) -> list[Published]:
    """Return the next numbered events behind a place, with all that they carry; for readers that act for the system."""
    return [_published(*line) for line in _lines_after(seq, limit=limit)]


@prepared
def _lines_after(seq: int, *, limit: int) -> QuerySet[LogRow, tuple[Any, ...]]:
    return published_after(seq).values_list("private", "changes", *_CARRIED)[:limit]


def _published(private: dict[str, Any] | None, changes: dict[str, Any], *carried: Any) -> Published:
    said = private or {}
    values = (*carried, said.get("actor", ""), changes | said.get("changes", {}))
    return Published(*values)


def fields_touched_since(object_id: UUID, version: int) -> set[str] | None:
    """Name the fields of an object changed after one of its versions; None when the log does not reach back that far."""
    rows = list(
        log_rows().filter(object_id=object_id).order_by("n").values_list("object_version", "changes", "private")
    )
    if not rows or rows[0][0] > version:
        return None
    touched: set[str] = set()
    for at, changes, private in rows:
        if at > version:
            touched |= set(changes) | set((private or {}).get("changes", {}))
    return touched


def last_seq() -> int:
    """Return the last number given."""
    return kept_range()[1]


def kept_from() -> int:
    """Return the number before which events are no longer kept."""
    return kept_range()[0]


def kept_range() -> tuple[int, int]:
    """Return the number before which events are no longer kept, and the last one given."""
    return _kept_range.first() or (0, 0)


@prepared
def _kept_range() -> QuerySet[Head, tuple[int, int]]:
    return Head.objects.filter(pk=1).values_list("kept_from", "seq")


def last_value(object_id: UUID, field: str, wanted: Any) -> Any:
    """Return the newest old value of a field that satisfies `wanted`, from the object's own history; None without one."""
    for changes in (
        log_rows().filter(object_id=object_id).order_by("-n").values_list("changes", flat=True).iterator(chunk_size=50)
    ):
        if field in changes and wanted(changes[field][0]):
            return changes[field][0]
    return None
