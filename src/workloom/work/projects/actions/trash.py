"""Into the trash and back."""

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.events.record import record
from workloom.people.rights.rules import Role
from workloom.work.projects.actions.members import raise_version, seat_members
from workloom.work.projects.actions.recording import project_event
from workloom.work.projects.events import ProjectRestored, ProjectTrashed
from workloom.work.projects.models import Project, ProjectMember


@write
def trash_project(project: Project, *, actor: Actor) -> None:
    """Move a locked project to the trash, with its tasks, for 30 days; raises Conflict for an Inbox."""
    if project.inbox_of_id is not None:
        raise Conflict("inbox_stays", "The Inbox is where tasks without a project go. It cannot be deleted.")
    project.trashed_at = now()
    raise_version(project, "trashed_at")
    record(project_event(ProjectTrashed, project, {}), actor=actor)
    seams.call("project_trashed", project, actor=actor)


@write
def restore_project(project: Project, *, actor: Actor) -> Project:
    """Bring a locked project back; when its owner has left the workspace meanwhile, who restores it owns it."""
    project.trashed_at = None
    if not ProjectMember.objects.filter(project=project, user=project.owner_id).exists():
        project.owner_id = actor.person
        ProjectMember.objects.filter(project=project, user=actor.person).delete()
        seat_members(project, {actor.person: Role.ADMIN}, actor=actor)
    raise_version(project, "trashed_at", "owner")
    record(project_event(ProjectRestored, project, {}), actor=actor)
    seams.call("project_restored", project, actor=actor)
    return project
