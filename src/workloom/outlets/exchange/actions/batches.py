"""Writing tasks with all that hangs on them, so many in one transaction: what the ledger knows is passed over."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from workloom.core.db import write
from workloom.core.ids import uuid7
from workloom.outlets.exchange import plan as planned
from workloom.outlets.exchange.actions.details import write_checklists, write_comments
from workloom.outlets.exchange.actions.errand import Errand, enter
from workloom.outlets.exchange.models import Import, Noun
from workloom.outlets.exchange.queries import known_targets
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import create_tasks
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import PRIORITIES

BATCH: Final = 250


@write
def write_batch(errand: Errand, tasks: Sequence[planned.Task], done: int) -> None:
    """Write what is new of these tasks and of what hangs on them; `done` is how far the import is then."""
    work = errand.work
    project = access_project(errand.actor, work.project_id, Right.TASK_BULK, lock=True)
    known = known_targets(project.pk, work.kind, Noun.TASK, (task.source_id for task in tasks))
    fresh = [task for task in tasks if task.source_id not in known]
    ids = {task.source_id: uuid7() for task in fresh}
    parents = _parents(project, work, fresh, ids)
    wanted = [_new_task(errand, project, task, ids[task.source_id], parents) for task in fresh]
    if wanted:
        made = create_tasks(project, wanted, actor=errand.actor)
        enter(errand, Noun.TASK, ids)
        write_checklists(errand, fresh, made)
    write_comments(errand, tasks, known | ids)
    Import.objects.filter(pk=work.pk).update(progress_done=done, version=F("version") + 1)


def _parents(project: Project, work: Import, tasks: Sequence[planned.Task], ids: Mapping[str, UUID]) -> dict[str, Task]:
    """Parents stand before their children: in this batch, or written earlier unless somebody deleted them since."""
    wanted = {task.parent for task in tasks if task.parent}
    stubs = {source_id: Task(pk=ids[source_id], project=project) for source_id in wanted if source_id in ids}
    known = known_targets(project.pk, work.kind, Noun.TASK, wanted - set(stubs))
    live = Task.objects.filter(project=project, trashed_at__isnull=True).in_bulk(list(known.values()))
    return stubs | {source_id: live[target] for source_id, target in known.items() if target in live}


def _new_task(
    errand: Errand, project: Project, task: planned.Task, task_id: UUID, parents: Mapping[str, Task]
) -> NewTask:
    rooms = errand.furniture
    status = rooms.statuses.get(task.column or "", rooms.initial)
    due_date = task.due_at.astimezone(ZoneInfo(project.time_zone)).date() if task.due_at else task.due_date
    return NewTask(
        id=task_id,
        title=task.title,
        description=task.description,
        status=status,
        board=rooms.board,
        reporter=rooms.people[task.reporter] if task.reporter else errand.actor.person,
        priority=PRIORITIES[task.priority or "medium"],
        category=rooms.categories[task.category] if task.category else None,
        labels=tuple(dict.fromkeys(rooms.labels[label] for label in task.labels)),
        assignees=tuple(dict.fromkeys(rooms.people[person] for person in task.assignees)),
        parent=parents.get(task.parent or ""),
        start_date=task.start_date,
        due_date=due_date,
        due_at=task.due_at,
        estimate=None if task.estimate is None else float(task.estimate) + 0.0,
        is_archived=task.is_archived,
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
    )
