"""Putting one person in another's place on all tasks of a project."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.events.record import record_many
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.recording import events_of
from workloom.work.tasks.models import Assignment, Task, Watcher

BATCH = 500


@write
def hand_over_tasks(project: Project, old: UUID, new: UUID, *, actor: Actor) -> int:
    """Assign, report and watch in the other's place, trashed tasks included; returns how many tasks that were."""
    held = Assignment.objects.filter(task=OuterRef("pk"), user=old)
    tasks = Task.objects.filter(Q(reporter=old) | Exists(held), project=project)
    keys = list(tasks.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        _hand_over(keys[at : at + BATCH], old, new, actor)
    _watch_instead(project, old, new)
    return len(keys)


def _hand_over(keys: list[UUID], old: UUID, new: UUID, actor: Actor) -> None:
    batch = list(Task.objects.filter(pk__in=keys).select_related("project"))
    before = _assignees(keys)
    rows = Assignment.objects.filter(task__in=keys)
    shared = list(rows.filter(user=new).values_list("task", flat=True))
    rows.filter(user=old, task__in=shared).delete()
    rows.filter(user=old).update(user=new)
    after, events, moment = _assignees(keys), [], now()
    for task in batch:
        changes: dict[str, tuple[Any, Any]] = {}
        if before.get(task.pk) != after.get(task.pk):
            changes["assignees"] = (before.get(task.pk), after.get(task.pk))
        if task.reporter_id == old:
            task.reporter_id, changes["reporter"] = new, (old, new)
        task.version += 1
        task.updated_at = moment
        events += events_of(task, changes)
    Task.objects.bulk_update(batch, ["reporter", "version", "updated_at"], batch_size=BATCH)
    record_many(events, actor=actor)


def _assignees(keys: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for task, user in Assignment.objects.filter(task__in=keys).order_by("pk").values_list("task_id", "user_id"):
        found.setdefault(task, []).append(user)
    return found


def _watch_instead(project: Project, old: UUID, new: UUID) -> None:
    rows = Watcher.objects.filter(task__project=project)
    both = list(rows.filter(user=old, task__watchings__user=new).values_list("pk", flat=True))
    Watcher.objects.filter(pk__in=both).delete()
    Watcher.objects.filter(pk__in=list(rows.filter(user=old).values_list("pk", flat=True))).update(user=new)
