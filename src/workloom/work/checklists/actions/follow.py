"""What checklists do when their task moves: see config/seams.py."""

from django.db.models import F

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.events.record import record_many
from workloom.work.checklists.actions.common import event_on
from workloom.work.checklists.events import ItemUpdated
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.projects.queries import people_in
from workloom.work.tasks.models import Task


@write
def follow_task(task: Task, *, actor: Actor) -> None:
    """Leave items without an assignee where theirs is not in the project that the task is in now."""
    assigned = ChecklistItem.objects.filter(checklist__task=task, assignee__isnull=False)
    people = set(assigned.values_list("assignee_id", flat=True))
    outside = people - people_in(task.project, list(people)) if people else set()
    if not outside:
        return
    items, events = list(assigned.filter(assignee__in=outside)), []
    for item in items:
        old, item.assignee_id = item.assignee_id, None
        item.version += 1
        events.append(event_on(ItemUpdated, task, item, {"assignee": (old, None)}))
    ChecklistItem.objects.bulk_update(items, ["assignee", "version"], batch_size=500)
    Checklist.objects.filter(pk__in={item.checklist_id for item in items}).update(version=F("version") + 1)
    record_many(events, actor=actor)
