"""Making tasks: the one way for single calls, bulk and imports."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from workloom.core import rank
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import current_context
from workloom.core.db import write
from workloom.core.ids import uuid7
from workloom.core.instances import make_new
from workloom.core.prepared import Question, prepared
from workloom.core.rows import insert_held
from workloom.events.record import record_many
from workloom.work.projects.actions.numbers import add_tasks
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.breaches import first_look
from workloom.work.tasks.actions.indexing import new_entries
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.events import TaskCreated
from workloom.work.tasks.models import Assignment, Task, TaskLabel, Watcher
from workloom.work.tasks.rules import PRIORITY_NAMES, STARTED


@write
def create_tasks(project: Project, wanted: Sequence[NewTask], *, actor: Actor) -> list[Task]:
    """Make tasks at the end of a project's order; the project's row must be locked. An id that exists raises IntegrityError.

    What is returned holds all that is shown of a task.
    """
    moment = now()
    [(first, last)] = _end(project.id)
    add_tasks(project, len(wanted))
    ranks = rank.spread(len(wanted), after=last)
    tasks = [_task(project, new, first + at, ranks[at], moment) for at, new in enumerate(wanted)]
    insert_held(tasks, *_relations(tasks, wanted, moment), new_entries(tasks))
    _count_subtasks(wanted)
    events = [task_event(TaskCreated, task, _first_values(task, new)) for task, new in zip(tasks, wanted, strict=True)]
    record_many(events, actor=actor, at=[new.created_at for new in wanted])
    return tasks


def last_rank(project: Project) -> str | None:
    """Return the rank of a project's last task, trashed ones included: ranks are unique among all."""
    return _last_rank.first(project.id)


def asking_end(project: UUID) -> Question:
    """Return what `create_tasks` asks first, for `asked_together`."""
    return _end.asking(project)


@prepared
def _end(project: UUID) -> QuerySet[Project, tuple[int, str | None]]:
    """Find the next number and the last rank."""
    last = Task.objects.filter(project=OuterRef("pk")).order_by("-rank").values("rank")[:1]
    return Project.objects.filter(pk=project).values_list("next_number", Subquery(last))


@prepared
def _last_rank(project: UUID) -> QuerySet[Task, str]:
    return Task.objects.filter(project=project).order_by("-rank").values_list("rank", flat=True)[:1]


def _task(project: Project, new: NewTask, number: int, place: str, moment: datetime) -> Task:
    category = new.status.category
    created = new.created_at or moment
    task = make_new(
        Task,
        id=new.id or uuid7(),
        project=project,
        number=number,
        board=new.board,
        title=new.title,
        description=new.description,
        status=new.status,
        status_category=category,
        priority=new.priority,
        category=new.category,
        reporter_id=new.reporter,
        parent=new.parent,
        start_date=new.start_date,
        due_date=new.due_date,
        due_at=new.due_at,
        estimate=new.estimate,
        rank=place,
        started_at=created if category in STARTED else None,
        completed_at=(new.completed_at or created) if category == "done" else None,
        is_archived=new.is_archived,
        created_at=created,
        updated_at=max(new.updated_at or created, created),
    )
    task.label_ids, task.assignee_ids = list(new.labels), list(new.assignees)
    task.breach_watch = first_look(task)
    if current_context().via == "import" and task.breach_watch and task.breach_watch <= moment:
        task.breached_for = task.breach_watch  # what was late elsewhere is no news here
    return task


def _relations(tasks: Sequence[Task], wanted: Sequence[NewTask], moment: datetime) -> list[list[Any]]:
    """Return who works on the tasks, what they wear and who is told of them."""
    pairs = list(zip(tasks, wanted, strict=True))
    assignments = [make_new(Assignment, task_id=task.id, user_id=user) for task, new in pairs for user in new.assignees]
    labelled = [make_new(TaskLabel, task_id=task.id, label_id=label) for task, new in pairs for label in new.labels]
    watchers = [
        make_new(Watcher, task_id=task.id, user_id=user, created_at=moment)
        for task, new in pairs
        for user in dict.fromkeys((new.reporter, *new.assignees))
    ]
    return [assignments, labelled, watchers]


def _count_subtasks(wanted: Sequence[NewTask]) -> None:
    for parent, count in Counter(new.parent.id for new in wanted if new.parent).items():
        Task.objects.filter(pk=parent).update(subtasks_count=F("subtasks_count") + count, version=F("version") + 1)


def _first_values(task: Task, new: NewTask) -> dict[str, tuple[Any, Any]]:
    values = {
        "title": task.title,
        "description": task.description or None,
        "status": new.status.slug,
        "priority": PRIORITY_NAMES[task.priority],
        "assignees": list(new.assignees) or None,
        "labels": list(new.labels) or None,
        "category": task.category_id,
        "parent": task.parent_id,
        "due_date": task.due_date,
        "due_at": task.due_at,
        "board": task.board_id,
        "reporter": task.reporter_id,
    }
    return {name: (None, value) for name, value in values.items() if value is not None}
