"""Who can be put on a project's tasks."""

from collections.abc import Sequence
from uuid import UUID

from workloom.people.accounts.queries import people
from workloom.people.rights.rules import ADMINISTERING
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.models import WorkspaceMember


def people_in(project: Project, named: Sequence[UUID]) -> set[UUID]:
    """Return those of these people who are in a project: its members, and its workspace's owners and admins."""
    joined = set(ProjectMember.objects.filter(project=project, user__in=named).values_list("user_id", flat=True))
    outside = [person for person in named if person not in joined]
    if outside:
        seats = WorkspaceMember.objects.filter(workspace=project.workspace_id, role__in=ADMINISTERING, user__in=outside)
        joined |= set(seats.values_list("user_id", flat=True))
    return joined


def unknown_people(named: Sequence[UUID]) -> list[UUID]:
    """Return those of these ids that belong to nobody who can take part."""
    known = set(people().filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    return [person for person in named if person not in known]
