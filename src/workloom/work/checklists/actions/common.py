"""What every change shares: events that name the task, and places without gaps."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet

from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events.record import Event
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.checklists.rules import place_among
from workloom.work.tasks.actions.recording import event_with_task
from workloom.work.tasks.models import Task

Changes = dict[str, tuple[Any, Any]]
E = TypeVar("E", bound=Event)
Row = TypeVar("Row", Checklist, ChecklistItem)


def event_on(kind: type[E], task: Task, row: Checklist | ChecklistItem, changes: Mapping[str, tuple[Any, Any]]) -> E:
    """Make an event about something on a task whose project is loaded."""
    return event_with_task(kind, task, object_id=row.pk, version=row.version, changes=changes)


def in_order(rows: QuerySet[Row]) -> list[UUID]:
    """Return ids in their order."""
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def make_room(rows: QuerySet[Row], place: int) -> None:
    """Push whatever stands at a place or behind it one further; what a row shows changes, so its version rises."""
    moved = rows.filter(position__gte=place)
    moved.update(position=F("position") + 1, version=F("version") + 1)


def close_gap(rows: QuerySet[Row], place: int) -> None:
    """Pull whatever stood behind a row that went one nearer."""
    moved = rows.filter(position__gt=place)
    moved.update(position=F("position") - 1, version=F("version") + 1)


def put(row: Row, others: QuerySet[Row], wanted: Any) -> Changes:
    """Give a row, which the caller saves, the place that is wanted among the others, and tell what changed."""
    old, new = row.position, place_among(in_order(others), wanted, default=row.position)
    if new == old:
        return {}
    _shift(others, old, new)
    row.position = new
    return {"position": (old, new)}


def _shift(rows: QuerySet[Row], old: int, new: int) -> None:
    if new > old:
        moved, step = rows.filter(position__gt=old, position__lte=new), -1
    else:
        moved, step = rows.filter(position__gte=new, position__lt=old), 1
    moved.update(position=F("position") + step, version=F("version") + 1)


def touch(checklist: Checklist) -> None:
    """Raise a checklist's version, because it shows its items and their number."""
    checklist.version += 1
    checklist.updated_at = now()
    checklist.save(update_fields=["version", "updated_at"])


def new_id(wanted: Any) -> UUID:
    """Return the id that a caller made, or a fresh one."""
    return wanted if isinstance(wanted, UUID) else uuid7()


def first_values(values: Mapping[str, Any]) -> Changes:
    """Return what is set at the beginning as changes from nothing."""
    return {name: (None, value) for name, value in values.items() if value not in {None, False}}
