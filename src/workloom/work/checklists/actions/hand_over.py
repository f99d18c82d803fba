"""Putting one person in another's place on all checklist items of a project."""

from uuid import UUID

from django.db.models import F

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.events.record import record_many
from workloom.work.checklists.actions.common import event_on
from workloom.work.checklists.events import ItemUpdated
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.projects.models import Project

BATCH = 500


@write
def hand_over_items(project: Project, old: UUID, new: UUID, *, actor: Actor) -> int:
    """Assign the items to somebody else; returns how many that were."""
    found = ChecklistItem.objects.filter(checklist__task__project=project, assignee=old)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        rows = ChecklistItem.objects.filter(pk__in=keys[at : at + BATCH])
        items = list(rows.select_related("checklist__task__project"))
        for item in items:
            item.assignee_id = new
            item.version += 1
        ChecklistItem.objects.bulk_update(items, ["assignee", "version"], batch_size=BATCH)
        Checklist.objects.filter(pk__in={item.checklist_id for item in items}).update(version=F("version") + 1)
        changes = {"assignee": (old, new)}
        record_many([event_on(ItemUpdated, item.checklist.task, item, changes) for item in items], actor=actor)
    return len(keys)
