"""The log as a live connection reads it: once for all who listen."""

from typing import Any

from django.db.models import QuerySet

from workloom.core.prepared import prepared
from workloom.events.queries import kept_from, last_seq, published_after
from workloom.outlets.realtime.rules import PAGE, Batch, Change, sum_up

_COLUMNS = (
    "seq", "type", "object_type", "object_id", "object_key", "project_id", "workspace_id", "subject_id", "changes", "via",
)  # fmt: skip


def read_changes(after: int) -> Batch:
    """Sum up the next page of events behind a place."""
    return sum_up([Change(*line) for line in _lines(after, limit=PAGE)], after)


@prepared
def _lines(after: int, *, limit: int) -> QuerySet[Any, tuple[Any, ...]]:
    return published_after(after).values_list(*_COLUMNS)[:limit]


def present_seq() -> int:
    """Return the last number given."""
    return last_seq()


def is_too_old(after: int, last: int, most: int) -> bool:
    """Tell whether what happened behind a place is not all there, or too much to be told one by one; a place to come is no place."""
    return after < kept_from() or not last - most <= after <= last
