"""The question the other way round: which of some people may see which task."""

from collections.abc import Collection
from uuid import UUID

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
    people = {user.pk for _, user in live}
    members = ProjectMember.objects.filter(project__in={task.project_id for task, _ in live}, user__in=people)
    roles = {(project, user): role for project, user, role in members.values_list("project_id", "user_id", "role")}
    workspaces = {task.project.workspace_id for task, _ in live}
    seats = WorkspaceMember.objects.filter(workspace__in=workspaces, user__in=people, role__in=ADMINISTERING)
    held = {(place, user): role for place, user, role in seats.values_list("workspace_id", "user_id", "role")}
    own = Assignment.objects.filter(task__in={task.pk for task, _ in live}, user__in=people)
    owned = set(own.values_list("task_id", "user_id")) | {(task.pk, task.reporter_id) for task, _ in live}
    found = set()
    for task, user in live:
        actor, seat = user.as_actor(), held.get((task.project.workspace_id, user.pk))
        rights = rights_in_project(actor, project_role(actor, roles.get((task.project_id, user.pk)), seat))
        if Right.TASK_READ in rights or (Right.TASK_READ_OWN in rights and (task.pk, user.pk) in owned):
            found.add((task.pk, user.pk))
    return found


def _is_live(task: Task) -> bool:
    return task.trashed_at is None and task.project.trashed_at is None
