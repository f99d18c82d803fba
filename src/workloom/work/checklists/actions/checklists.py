"""Making, changing and deleting checklists. The task's row must be locked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.core.ids import uuid7
from workloom.events.record import Event, record, record_many
from workloom.work.checklists.actions.common import (
    Changes,
    close_gap,
    event_on,
    first_values,
    in_order,
    make_room,
    new_id,
    put,
)
from workloom.work.checklists.events import ChecklistCreated, ChecklistDeleted, ChecklistUpdated, ItemCreated
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.checklists.queries import checklists_on
from workloom.work.checklists.rules import MOST_CHECKLISTS, ChecklistInput, place_among
from workloom.work.tasks.models import Task

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to be made with its checklist."""

    text: str
    done: bool = False
    assignee: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChecklist:
    """A checklist to be made at the end of its task's; imports know the true time."""

    task: Task
    name: str
    items: Sequence[NewItem] = field(default_factory=tuple)
    id: UUID | None = None
    created_at: datetime | None = None


@write
def add_checklists(wanted: Sequence[NewChecklist], *, actor: Actor) -> list[Checklist]:
    """Put checklists with their items behind those that the tasks have."""
    moment, checklists, items = now(), list[Checklist](), list[ChecklistItem]()
    count = Counter(
        Checklist.objects.filter(task__in={new.task.pk for new in wanted}).values_list("task_id", flat=True)
    )
    for new in wanted:
        checklists.append(_checklist(new, count[new.task.pk], new.created_at or moment))
        count[new.task.pk] += 1
        items += [_item(checklists[-1], part, place) for place, part in enumerate(new.items)]
    Checklist.objects.bulk_create(checklists, batch_size=BATCH)
    ChecklistItem.objects.bulk_create(items, batch_size=BATCH)
    events: list[Event] = [event_on(ChecklistCreated, row.task, row, {"name": (None, row.name)}) for row in checklists]
    events += [event_on(ItemCreated, item.checklist.task, item, item_values(item)) for item in items]
    record_many(events, actor=actor, at=[new.created_at for new in checklists] + [item.created_at for item in items])
    return checklists


def _checklist(new: NewChecklist, place: int, at: datetime) -> Checklist:
    return Checklist(id=new.id or uuid7(), task=new.task, name=new.name, position=place, created_at=at, updated_at=at)


def _item(checklist: Checklist, part: NewItem, place: int) -> ChecklistItem:
    return ChecklistItem(
        checklist=checklist,
        text=part.text,
        done=part.done,
        position=place,
        assignee_id=part.assignee,
        created_at=checklist.created_at,
        updated_at=checklist.created_at,
    )


def item_values(item: ChecklistItem) -> Changes:
    """Return what the log says of a new item."""
    return first_values(
        {"checklist": item.checklist_id, "text": item.text, "done": item.done, "assignee": item.assignee_id}
    )


@write
def add_checklist(task: Task, wanted: ChecklistInput, *, actor: Actor) -> Checklist:
    """Make one checklist at the place asked for, the end by default; raises Conflict for an id that is taken or too many."""
    others = in_order(checklists_on(task))
    if len(others) >= MOST_CHECKLISTS:
        raise Conflict("too_many", f"A task has at most {MOST_CHECKLISTS} checklists.")
    key = new_id(wanted.id)
    if wanted.id is not UNSET and Checklist.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "This id is taken. Make a new one.")
    place, moment = place_among(others, wanted, default=len(others)), now()
    make_room(checklists_on(task), place)
    times: dict[str, Any] = {"created_at": moment, "updated_at": moment}
    checklist = Checklist.objects.create(id=key, task=task, name=str(wanted.name), position=place, **times)
    record(event_on(ChecklistCreated, task, checklist, {"name": (None, checklist.name)}), actor=actor)
    return checklist


@write
def edit_checklist(checklist: Checklist, wanted: ChecklistInput, *, actor: Actor) -> Checklist:
    """Give a checklist another name or place; nothing at all when neither differs."""
    changes: Changes = {}
    if isinstance(wanted.name, str) and wanted.name != checklist.name:
        changes["name"] = (checklist.name, wanted.name)
        checklist.name = wanted.name
    changes |= put(checklist, checklists_on(checklist.task).exclude(pk=checklist.pk), wanted)
    if not changes:
        return checklist
    checklist.version += 1
    checklist.updated_at = now()
    checklist.save(update_fields=[*changes, "version", "updated_at"])
    record(event_on(ChecklistUpdated, checklist.task, checklist, changes), actor=actor)
    return checklist


@write
def delete_checklist(checklist: Checklist, *, actor: Actor) -> None:
    """Delete a checklist with its items."""
    task, place = checklist.task, checklist.position
    record(event_on(ChecklistDeleted, task, checklist, {"name": (checklist.name, None)}), actor=actor)
    checklist.delete()
    close_gap(checklists_on(task), place)
