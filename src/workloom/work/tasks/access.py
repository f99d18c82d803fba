"""Tasks by the right that you need."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Missing
from workloom.core.ids import NOBODY
from workloom.core.listing import Wanted
from workloom.core.prepared import prepared
from workloom.people.rights.rules import Right, Rights, Role, project_role
from workloom.work.projects.access import rights_on
from workloom.work.projects.queries import with_roles
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.families import tasks_below
from workloom.work.tasks.queries.keys import refers_to
from workloom.work.tasks.queries.named import ambiguous
from workloom.work.tasks.queries.projection import ASSIGNEES, PROJECT, REPORTER, TASKS
from workloom.work.tasks.rows import TaskRow


def access_task(actor: Actor, reference: str, *rights: Right, lock: bool = False) -> Task:
    """Return a task, by id or key, on which the actor holds all the rights; raises Missing, Forbidden or Conflict for a key of two."""
    return _access(actor, reference, rights, lock=lock, trashed=False)


def lock_task(actor: Actor, task: Task) -> Task:
    """Lock a task that `access_task` returned, and return it as it is now: another instance if it has changed; raises Missing."""
    return _locked(actor, task, trashed=False)


def access_trashed_task(actor: Actor, reference: str, right: Right) -> Task:
    """Return a task out of the trash, locked; raises Missing or Forbidden."""
    return _access(actor, reference, (right,), lock=True, trashed=True)


def see_task(actor: Actor, reference: str, wanted: Wanted) -> TaskRow:
    """Return how a task looks to who may see it, in one query; raises Missing, or Conflict for a key of two."""
    condition = refers_to(reference)
    lines = _lines(condition, actor.id or NOBODY) if condition is not None else []
    seen = [line for line in lines if rights_on_task(actor, _Standing(line))]
    if not seen:
        raise Missing
    if len(seen) > 1:
        access_task(actor, reference)
    [row] = TASKS.build([line[:-2] for line in seen], wanted)
    return row


class _Standing:
    """Of a line that `_lines` read, what `rights_on_task` asks for."""

    __slots__ = ("assignee_ids", "member_role", "project_id", "reporter_id", "workspace_role")

    def __init__(self, line: Sequence[Any]) -> None:
        self.project_id, self.reporter_id = line[PROJECT], line[REPORTER]
        self.assignee_ids = line[ASSIGNEES]
        self.member_role, self.workspace_role = line[-2:]


def rights_on_task(actor: Actor, task: Any) -> Rights:
    """Return what the actor may do with a task that `access_task` returned."""
    rights = rights_on(actor, task.project_id, task)
    if Right.TASK_READ in rights or (Right.TASK_READ_OWN in rights and _is_mine(actor, task)):
        own = actor.id is not None and task.reporter_id == actor.id
        return rights | {Right.TASK_DELETE} if own and Right.TASK_DELETE_OWN in rights else rights
    return frozenset()


def _is_mine(actor: Actor, task: Any) -> bool:
    return actor.id is not None and (task.reporter_id == actor.id or actor.id in task.assignee_ids)


def role_on(actor: Actor, task: Any) -> Role | None:
    """Return the actor's role in the project of a task that `access_task` returned."""
    return project_role(actor, task.member_role, task.workspace_role)


def demand_on_task(actor: Actor, task: Task, rights: Sequence[Right]) -> None:
    """Check further rights on a task that is seen; raises Forbidden."""
    demand_among(rights_on_task(actor, task), rights)


def demand_among(held: Rights, rights: Sequence[Right]) -> None:
    """Check that all of these rights are held; raises Forbidden."""
    for right in rights:
        if right not in held:
            raise Forbidden(
                detail=f"This needs the right {right}, which your role or token does not have here.", needs=str(right)
            )


def access_removable_task(actor: Actor, reference: str, *further: Right) -> Task:
    """Return a task, locked, that the actor may take away with all below it; raises Missing or Forbidden."""
    task = access_task(actor, reference, Right.TASK_DELETE, *further, lock=True)
    demand_removal(actor, task)
    return task


def demand_removal(actor: Actor, task: Task) -> None:
    """Check that nobody's task goes whom the actor may not take it from, in the trash or to another project; raises Forbidden."""
    demand_on_task(actor, task, [Right.TASK_DELETE])
    if Right.TASK_DELETE in rights_on(actor, task.project_id, task):
        return
    if any(child.reporter_id != actor.id for child in tasks_below(task.pk, trashed_at__isnull=True)):
        detail = "Subtasks that others reported would go with it. Take them out first, or ask a manager."
        raise Forbidden(detail=detail, needs=str(Right.TASK_DELETE))


def _access(actor: Actor, reference: str, rights: Sequence[Right], *, lock: bool, trashed: bool) -> Task:
    condition = refers_to(reference)
    if condition is None:
        raise Missing
    candidates = _found(condition, actor.id or NOBODY, trashed=trashed)
    seen = [(task, held) for task in candidates if (held := rights_on_task(actor, task))]
    if not seen:
        raise Missing
    if len(seen) > 1:
        raise ambiguous([task for task, _ in seen])
    [(task, held)] = seen
    if lock:
        task = _locked(actor, task, trashed=trashed)
        held = rights_on_task(actor, task)
    demand_among(held, rights)
    return task


def _locked(actor: Actor, task: Task, *, trashed: bool) -> Task:
    """Lock the row alone, and read it again with its surroundings if somebody was quicker: every change raises the version."""
    version = _version.first(task.pk, trashed=trashed)
    if version is None:
        raise Missing
    if version == task.version:
        task.workflow_version = None  # it may have become another one while the lock was waited for
        return task
    [task] = _found(Q(pk=task.pk), actor.id or NOBODY, trashed=trashed)
    if not rights_on_task(actor, task):
        raise Missing
    return task


@prepared
def _version(task: UUID, *, trashed: bool) -> QuerySet[Task, int]:
    return locked(Task.objects.filter(pk=task, trashed_at__isnull=not trashed)).values_list("version", flat=True)


@prepared
def _found(condition: Q, person: UUID, *, trashed: bool) -> QuerySet[Task]:
    """Find tasks with what `rights_on_task` asks for, all that is shown of them, and their workflow's edition."""
    live = Task.objects.filter(condition, trashed_at__isnull=not trashed, project__trashed_at__isnull=True)
    workflow = {f"workflow_{name}": F(f"project__workflow__{name}") for name in ("version", "updated_at")}
    named = TASKS.prepared(live.select_related("project", "status")).annotate(**workflow)
    return with_roles(named, person, "project_id", "project__workspace_id")


@prepared
def _lines(condition: Q, person: UUID) -> QuerySet[Task, tuple[Any, ...]]:
    """Find tasks as their projection reads them, with the person's roles behind."""
    live = Task.objects.filter(condition, trashed_at__isnull=True, project__trashed_at__isnull=True)
    rows = with_roles(TASKS.prepared(live), person, "project_id", "project__workspace_id")
    return rows.values_list(*TASKS.columns, "member_role", "workspace_role")
