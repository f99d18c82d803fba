"""Tasks by the right that you need."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Missing
from workloom.people.rights.rules import Right, Rights, Role, project_role
from workloom.work.projects.access import rights_on
from workloom.work.projects.queries import with_roles
from workloom.work.tasks.models import Assignment, Task
from workloom.work.tasks.queries.families import tasks_below
from workloom.work.tasks.queries.keys import refers_to
from workloom.work.tasks.queries.named import ambiguous


def access_task(actor: Actor, reference: str, *rights: Right, lock: bool = False) -> Task:
    """Return a task, by id or key, on which the actor holds all the rights; raises Missing, Forbidden or Conflict for a key of two."""
    return _access(actor, reference, rights, lock=lock, trashed=False)


def access_trashed_task(actor: Actor, reference: str, right: Right) -> Task:
    """Return a task out of the trash, locked; raises Missing or Forbidden."""
    return _access(actor, reference, (right,), lock=True, trashed=True)


def rights_on_task(actor: Actor, task: Task) -> Rights:
    """Return what the actor may do with a task that `access_task` returned."""
    rights = rights_on(actor, task.project_id, task)
    if Right.TASK_READ in rights or (Right.TASK_READ_OWN in rights and _is_mine(actor, task)):
        own = actor.id is not None and task.reporter_id == actor.id
        return rights | {Right.TASK_DELETE} if own and Right.TASK_DELETE_OWN in rights else rights
    return frozenset()


def _is_mine(actor: Actor, task: Any) -> bool:
    return bool(task.is_assigned) or (actor.id is not None and task.reporter_id == actor.id)


def role_on(actor: Actor, task: Any) -> Role | None:
    """Return the actor's role in the project of a task that `access_task` returned."""
    return project_role(actor, task.member_role, task.workspace_role)


def demand_on_task(actor: Actor, task: Task, rights: Sequence[Right]) -> None:
    """Check further rights on a task that is seen; raises Forbidden."""
    held = rights_on_task(actor, task)
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
    candidates = _with_rights(
        Task.objects.filter(condition, trashed_at__isnull=not trashed, project__trashed_at__isnull=True), actor
    )
    seen = [task for task in candidates if rights_on_task(actor, task)]
    if not seen:
        raise Missing
    if len(seen) > 1:
        raise ambiguous(seen)
    task = _locked(actor, seen[0], trashed=trashed) if lock else seen[0]
    demand_on_task(actor, task, rights)
    return task


def _locked(actor: Actor, task: Task, *, trashed: bool) -> Task:
    """Lock the row alone, and read it again with its surroundings if somebody was quicker: every change raises the version."""
    rows = Task.objects.filter(pk=task.pk, trashed_at__isnull=not trashed)
    version = locked(rows).values_list("version", flat=True).first()
    if version is None:
        raise Missing
    if version == task.version:
        return task
    task = _with_rights(Task.objects.filter(pk=task.pk), actor).get()
    if not rights_on_task(actor, task):
        raise Missing
    return task


def _with_rights(found: QuerySet[Task], actor: Actor) -> QuerySet[Task]:
    mine = Exists(Assignment.objects.filter(task=OuterRef("pk"), user=actor.id))
    named = found.select_related("project", "status", "board").annotate(is_assigned=mine)
    return with_roles(named, actor, "project_id", "project__workspace_id")
