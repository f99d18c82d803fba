"""The tick that writes broken promises into the log; what the API shows of them is computed when it is read.

Each open task with a due date says when somebody has to look at it next. So a tick reads what has come due since the
last one and nothing else, however many tasks there are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from workloom.core.actor import SYSTEM, Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.record import record_many
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.events import TaskBreached
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import CLOSED, Due, breach_moment

BATCH: Final = 200
MOST: Final = 10_000
"""How many tasks one tick looks at; the next goes on."""
_AGAIN: Final = timedelta(days=1)
"""When to look at tasks again that are late but rest in an archive or in the trash."""


def first_look(task: Task) -> datetime | None:
    """Return when a task whose project is loaded has to be looked at, after its date, status or place changed."""
    if task.status_category in CLOSED:
        return None
    return breach_moment(Due(task.due_date, task.due_at), task.project.time_zone)


@write
def look_anew(project: Project, *, actor: Actor) -> None:
    """Have the next tick look at all tasks of a project that are not told of yet: its zone or its state changed."""
    Task.objects.filter(project=project, breach_watch__isnull=False).update(breach_watch=now())


def record_breaches() -> int:
    """Record each task that has come to be late since the last tick, once for each due date; a regular duty."""
    total = 0
    for _ in range(MOST // BATCH):
        due = Task.objects.filter(breach_watch__lte=now()).order_by("breach_watch")
        found = list(due.values_list("pk", flat=True)[:BATCH])
        total += _look(found) if found else 0
        if len(found) < BATCH:
            break
    return total


@write
def _look(found: Sequence[UUID]) -> int:
    """Judge tasks under their locks: whoever came first has done it, or somebody has moved the date."""
    moment = now()
    tasks = list(lock(Task.objects.filter(pk__in=found, breach_watch__lte=moment).order_by("pk")))
    projects = Project.objects.in_bulk({task.project_id for task in tasks})
    news = []
    for task in tasks:
        task.project = projects[task.project_id]
        if _is_news(task, moment):
            news.append(task)
    Task.objects.bulk_update(tasks, ["breach_watch", "breached_for"], batch_size=BATCH)
    Task.objects.filter(pk__in=[task.pk for task in news]).update(version=F("version") + 1)
    record_many([task_event(TaskBreached, task, {"sla_breached": (False, True)}) for task in news], actor=SYSTEM)
    return len(news)


def _is_news(task: Task, moment: datetime) -> bool:
    """Set when to look next, and tell whether the log has to have a breach now."""
    late_at, task.breach_watch = first_look(task), None
    if late_at is None or late_at == task.breached_for:
        return False
    if late_at > moment:
        task.breach_watch = late_at
        return False
    if _rests(task):
        task.breach_watch = moment + _AGAIN
        return False
    task.breached_for = late_at
    task.version += 1
    return True


def _rests(task: Task) -> bool:
    project = task.project
    return task.is_archived or project.is_archived or bool(task.trashed_at or project.trashed_at)
