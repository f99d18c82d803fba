"""The question the other way round: which of some people may see which task."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.prepared import prepared
from workloom.people.accounts.models import User
from workloom.people.rights.rules import ADMINISTERING, Right, project_role, rights_in_project
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.models import Assignment, Task
from workloom.work.workspaces.models import WorkspaceMember


def readers(pairs: Collection[tuple[Task, User]]) -> set[tuple[UUID, UUID]]:
    """Return, as ids, those pairs in which the person may see the task, in three queries; projects must be loaded.

    The same as `live_tasks` of each active person, by the same table of roles.
    """
    live = [(task, user) for task, user in pairs if _is_live(task) and user.is_active]
    if not live:
        return set()
    people, tasks = list({user.pk for _, user in live}), {task.pk: task for task, _ in live}
    projects, workspaces = (
        {one.project_id for one in tasks.values()},
        {one.project.workspace_id for one in tasks.values()},
    )
    roles = {(project, user): role for project, user, role in _roles(list(projects), people)}
    held = {(place, user): role for place, user, role in _seats(list(workspaces), people)}
    owned = set(_own(list(tasks), people)) | {(task.pk, task.reporter_id) for task in tasks.values()}
    found = set()
    for task, user in live:
        actor, seat = user.as_actor(), held.get((task.project.workspace_id, user.pk))
        rights = rights_in_project(actor, project_role(actor, roles.get((task.project_id, user.pk)), seat))
        if Right.TASK_READ in rights or (Right.TASK_READ_OWN in rights and (task.pk, user.pk) in owned):
            found.add((task.pk, user.pk))
    return found


@prepared
def _roles(projects: Sequence[UUID], people: Sequence[UUID]) -> QuerySet[ProjectMember, tuple[UUID, UUID, str]]:
    members = ProjectMember.objects.filter(project__in=projects, user__in=people)
    return members.values_list("project_id", "user_id", "role")


@prepared
def _seats(workspaces: Sequence[UUID], people: Sequence[UUID]) -> QuerySet[WorkspaceMember, tuple[UUID, UUID, str]]:
    seats = WorkspaceMember.objects.filter(workspace__in=workspaces, user__in=people, role__in=ADMINISTERING)
    return seats.values_list("workspace_id", "user_id", "role")


@prepared
def _own(tasks: Sequence[UUID], people: Sequence[UUID]) -> QuerySet[Assignment, tuple[UUID, UUID]]:
    return Assignment.objects.filter(task__in=tasks, user__in=people).values_list("task_id", "user_id")


def _is_live(task: Task) -> bool:
    return task.trashed_at is None and task.project.trashed_at is None
