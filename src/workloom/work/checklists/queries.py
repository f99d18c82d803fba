"""Reading checklists."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.core.filters import flag, person
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.people.accounts.queries import person_rows
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.checklists.rows import ChecklistRow, ItemRow
from workloom.work.tasks.models import Task


def checklists_on(task: Task) -> QuerySet[Checklist]:
    """Return a task's checklists."""
    return Checklist.objects.filter(task=task)


def items_on(checklist: Checklist) -> QuerySet[ChecklistItem]:
    """Return what stands on a checklist."""
    return ChecklistItem.objects.filter(checklist=checklist)


def checklists_done(task: Task) -> bool:
    """Tell whether every item of every checklist of a task is ticked: a fact that guards of a workflow ask for."""
    return not ChecklistItem.objects.filter(checklist__task=task, done=False).exists()


def build_items(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[ItemRow]:
    """Make rows of what the columns of `ITEMS` read."""
    named = {line[5] for line in lines if line[5]} if "assignee" in wanted.expand else set()
    briefs = person_rows(named, wanted) if named else {}
    return [
        ItemRow(key, checklist, text, done, position, briefs.get(assignee, assignee), *rest)
        for key, checklist, text, done, position, assignee, *rest in lines
    ]


def build_checklists(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[ChecklistRow]:
    """Make rows of what the columns of `CHECKLISTS` read, with all their items in one query."""
    items = defaultdict[UUID, list[ItemRow]](list)
    if lines:
        found = ChecklistItem.objects.filter(checklist__in=[line[0] for line in lines]).order_by("position", "pk")
        for item in ITEMS.rows(found, Wanted(wanted.actor)):
            items[item.checklist].append(item)
    return [
        ChecklistRow(
            id=key,
            task=task,
            name=name,
            position=position,
            items=[item if "items" in wanted.expand else item.id for item in items[key]],
            items_count=len(items[key]),
            done_count=sum(item.done for item in items[key]),
            version=version,
            created_at=created_at,
            updated_at=updated_at,
        )
        for key, task, name, position, version, created_at, updated_at in lines
    ]


ITEMS = Projection(
    ItemRow,
    ("pk", "checklist_id", "text", "done", "position", "assignee_id", "version", "created_at", "updated_at"),
    build_items,
    expandable=("assignee",),
)
CHECKLISTS = Projection(
    ChecklistRow,
    ("pk", "task_id", "name", "position", "version", "created_at", "updated_at"),
    build_checklists,
    expandable=("items",),
)
_ORDERS = {"position": Order("position", int), "created_at": Order("created_at"), "updated_at": Order("updated_at")}

CHECKLIST_LISTING = Listing(CHECKLISTS, orders=_ORDERS, default="position")
ITEM_LISTING = Listing(
    ITEMS,
    orders=_ORDERS,
    default="position",
    filters={
        "done": flag("done", "true for what is ticked."),
        "assignee": person(lambda user: Q(assignee=user), Q(assignee__isnull=True), "A person's id, me or none."),
    },
    aliases={"assignee_id": "assignee"},
)
