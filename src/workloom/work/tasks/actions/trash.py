"""The trash: what goes together comes back together, and after 30 days goes for good."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from workloom.core import seams
from workloom.core.actor import SYSTEM, Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.ids import uuid7
from workloom.core.search import drop_subjects
from workloom.events.erase import erase_texts
from workloom.events.record import record_many
from workloom.work.projects.actions.numbers import count_tasks
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.breaches import first_look
from workloom.work.tasks.actions.indexing import index_tasks, unindex_tasks
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.actions.relations import count_subtasks
from workloom.work.tasks.events import TaskPurged, TaskRestored, TaskTrashed
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.families import tasks_below

KEPT_FOR = timedelta(days=30)


@write
def trash_task(task: Task, *, actor: Actor) -> None:
    """Take a task with its subtasks to the trash. The task's row must be locked."""
    family, moment, trash = [task, *tasks_below(task.pk, trashed_at__isnull=True)], now(), uuid7()
    for member in family:
        member.trashed_at, member.trash, member.updated_at = moment, trash, moment
        member.version += 1
    Task.objects.bulk_update(family, ["trashed_at", "trash", "version", "updated_at"], batch_size=500)
    count_subtasks(task.parent_id, -1)
    count_tasks(task.project, -len(family))
    unindex_tasks([member.pk for member in family])
    seams.call("task_trashed", family, actor=actor)
    record_many([task_event(TaskTrashed, member, {"title": (member.title, None)}) for member in family], actor=actor)


@write
def restore_task(task: Task, *, actor: Actor) -> Task:
    """Bring a task back with everything that went to the trash with it. The task's row must be locked."""
    family = [task, *tasks_below(task.pk, trash=task.trash)]
    if task.parent_id and Task.objects.filter(pk=task.parent_id, trashed_at__isnull=False).exists():
        task.parent = None
    for member in family:
        member.trashed_at, member.trash, member.updated_at = None, None, now()
        member.breach_watch = first_look(member)
        member.version += 1
    columns = ["trashed_at", "trash", "parent", "breach_watch", "version", "updated_at"]
    Task.objects.bulk_update(family, columns, batch_size=500)
    count_subtasks(task.parent_id, 1)
    count_tasks(task.project, len(family))
    index_tasks(family)
    seams.call("task_restored", family, actor=actor)
    record_many([task_event(TaskRestored, member, {"title": (None, member.title)}) for member in family], actor=actor)
    return task


def purge_old(limit: int = 500) -> int:
    """Delete for good what has lain in the trash for 30 days, texts in the log included; returns how many tasks that were."""
    old = Task.objects.filter(trashed_at__lt=now() - KEPT_FOR).order_by("trashed_at")[:limit]
    return _purge([task.pk for task in old], actor=SYSTEM)


@write
def _purge(tasks: Sequence[UUID], *, actor: Actor) -> int:
    doomed = list(Task.objects.filter(pk__in=tasks, trashed_at__isnull=False).select_related("project"))
    _delete(doomed, actor=actor)
    return len(doomed)


def _delete(doomed: Sequence[Task], *, actor: Actor) -> None:
    keys = [task.pk for task in doomed]
    drop_subjects(keys)
    erase_texts(keys)
    record_many([task_event(TaskPurged, task, {}) for task in doomed], actor=actor)
    Task.objects.filter(pk__in=keys).delete()


@write
def purge_project(project: Project, *, actor: Actor) -> None:
    """Delete all tasks of a project that is about to go for good."""
    while batch := list(Task.objects.filter(project=project).select_related("project")[:500]):
        _delete(batch, actor=actor)
