"""The tick that writes broken promises into the log; what the API shows of them is computed when it is read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.record import record_many
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.events import TaskBreached
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.listing import breached
from workloom.work.tasks.rules import CLOSED, Due, breach_moment, is_past
from workloom.work.workflows.models import StatusCategory

BATCH: Final = 200
MOST: Final = 10_000
"""How many one tick records; the next goes on."""
_OPEN: Final = [category for category in StatusCategory.values if category not in CLOSED]


def record_breaches() -> int:
    """Record each task that has come to be late since the last tick, once for each due date; a regular duty."""
    total = 0
    for _ in range(MOST // BATCH):
        found = _late_and_untold()
        total += _record(found) if found else 0
        if len(found) < BATCH:
            break
    return total


def _late_and_untold() -> list[UUID]:
    # A due date is a day in the caller's zone, an instant is UTC: a day more covers both, and the index finds them.
    bound = now().date() + timedelta(days=1)
    late = Task.objects.filter(
        breached(SYSTEM),
        breach_told=False,
        status_category__in=_OPEN,
        due_date__lte=bound,
        is_archived=False,
        trashed_at=None,
        project__is_archived=False,
        project__trashed_at=None,
    )
    return list(late.order_by("pk").values_list("pk", flat=True)[:BATCH])


@write
def _record(found: Sequence[UUID]) -> int:
    """Judge the tasks anew under their locks: whoever came first has done it, or somebody has moved the date."""
    tasks = list(lock(Task.objects.filter(pk__in=found, breach_told=False).order_by("pk")))
    projects = Project.objects.in_bulk({task.project_id for task in tasks})
    for task in tasks:
        task.project = projects[task.project_id]
    late = [task for task in tasks if _is_late(task)]
    _tell(late)
    return len(late)


def _is_late(task: Task) -> bool:
    is_here = task.status_category not in CLOSED and not task.is_archived and task.trashed_at is None
    return is_here and is_past(Due(task.due_date, task.due_at), task.project.time_zone, now())


def _tell(late: Sequence[Task]) -> None:
    news = [task for task in late if task.breached_for != _moment(task)]
    for task in news:
        task.version += 1
        task.breached_for = _moment(task)
    Task.objects.bulk_update(news, ["breached_for"], batch_size=BATCH)
    Task.objects.filter(pk__in=[task.pk for task in news]).update(version=F("version") + 1)
    Task.objects.filter(pk__in=[task.pk for task in late]).update(breach_told=True)
    record_many([task_event(TaskBreached, task, {"sla_breached": (False, True)}) for task in news], actor=SYSTEM)


def _moment(task: Task) -> datetime | None:
    return breach_moment(Due(task.due_date, task.due_at), task.project.time_zone)
