"""Making, changing and deleting items. The task's row must be locked."""

from typing import Any

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.events.record import record
from workloom.people.rights.rules import Rights
from workloom.work.checklists.actions.checklists import item_values
from workloom.work.checklists.actions.common import (
    Changes,
    close_gap,
    event_on,
    in_order,
    make_room,
    new_id,
    put,
    touch,
)
from workloom.work.checklists.events import ItemCreated, ItemDeleted, ItemUpdated
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.checklists.queries import items_on
from workloom.work.checklists.rules import MOST_ITEMS, ItemInput, place_among
from workloom.work.tasks.actions.people import admit


@write
def add_item(checklist: Checklist, wanted: ItemInput, *, rights: Rights, actor: Actor) -> ChecklistItem:
    """Make an item at the place asked for, the end by default; raises Conflict or, for an outsider, Invalid."""
    others = in_order(items_on(checklist))
    if len(others) >= MOST_ITEMS:
        raise Conflict("too_many", f"A checklist has at most {MOST_ITEMS} items.")
    key = new_id(wanted.id)
    if wanted.id is not UNSET and ChecklistItem.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "This id is taken. Make a new one.")
    place, moment = place_among(others, wanted, default=len(others)), now()
    assignee = None if wanted.assignee is UNSET else wanted.assignee
    _admit(checklist, assignee, rights=rights, actor=actor)
    make_room(items_on(checklist), place)
    item = ChecklistItem(id=key, checklist=checklist, text=str(wanted.text), position=place, assignee_id=assignee)
    item.done = wanted.done is True
    item.created_at = item.updated_at = moment
    item.save(force_insert=True)
    touch(checklist)
    record(event_on(ItemCreated, checklist.task, item, item_values(item)), actor=actor)
    return item


@write
def edit_item(item: ChecklistItem, wanted: ItemInput, *, rights: Rights, actor: Actor) -> ChecklistItem:
    """Write the fields that were sent and differ; nothing at all when none does."""
    changes = _set_fields(item, wanted, rights=rights, actor=actor)
    changes |= put(item, items_on(item.checklist).exclude(pk=item.pk), wanted)
    if not changes:
        return item
    item.version += 1
    item.updated_at = now()
    item.save(update_fields=[*changes, "version", "updated_at"])
    touch(item.checklist)
    record(event_on(ItemUpdated, item.checklist.task, item, changes), actor=actor)
    return item


def _set_fields(item: ChecklistItem, wanted: ItemInput, *, rights: Rights, actor: Actor) -> Changes:
    changes: Changes = {}
    for name in ("text", "done"):
        value = getattr(wanted, name)
        if value is not UNSET and value != getattr(item, name):
            changes[name] = (getattr(item, name), value)
            setattr(item, name, value)
    if wanted.assignee is not UNSET and wanted.assignee != item.assignee_id:
        _admit(item.checklist, wanted.assignee, rights=rights, actor=actor)
        changes["assignee"] = (item.assignee_id, wanted.assignee)
        item.assignee_id = wanted.assignee
    return changes


@write
def delete_item(item: ChecklistItem, *, actor: Actor) -> None:
    """Take an item off its checklist."""
    checklist, place = item.checklist, item.position
    record(event_on(ItemDeleted, checklist.task, item, {"text": (item.text, None)}), actor=actor)
    item.delete()
    close_gap(items_on(checklist), place)
    touch(checklist)


def _admit(checklist: Checklist, person: Any, *, rights: Rights, actor: Actor) -> None:
    if person is not None:
        admit(checklist.task.project, [person], field="assignee", rights=rights, actor=actor)
