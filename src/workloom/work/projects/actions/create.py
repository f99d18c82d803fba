"""Making projects."""

from itertools import islice
from uuid import UUID

from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict, FieldError, Missing
from workloom.core.ids import uuid7
from workloom.events.record import record
from workloom.people.rights.rules import Role
from workloom.work.projects.actions.members import check_people, not_a_member, seat_members
from workloom.work.projects.actions.recording import project_event
from workloom.work.projects.events import ProjectCreated
from workloom.work.projects.models import FormerKey, Project
from workloom.work.projects.rules import NewProject, key_from, keys_like
from workloom.work.workspaces.models import Workspace
from workloom.work.workspaces.rules import search_key


@write
def create_project(workspace: Workspace, wanted: NewProject, *, actor: Actor, inbox_of: UUID | None = None) -> Project:
    """Make a project with its people, its workflow and a board; who makes it is an admin of it."""
    workspace = locked_workspace(workspace.pk)
    owner = actor.person if wanted.owner is UNSET else wanted.owner
    check_people(workspace.pk, [owner], "owner")
    check_people(workspace.pk, wanted.members, "members")
    people = dict.fromkeys(wanted.members, Role.MEMBER)
    if actor.id is not None:
        people[actor.id] = Role.ADMIN
    people[owner] = Role.ADMIN
    if wanted.default_assignee and wanted.default_assignee not in people:
        raise not_a_member()
    at = now()
    key = _free_key(workspace.pk, wanted.name) if wanted.key is UNSET else wanted.key
    refuse_taken_key(workspace.pk, key)
    project = Project.objects.create(
        id=uuid7() if wanted.id is UNSET else wanted.id,
        workspace=workspace,
        key=key,
        name=wanted.name,
        search_key=search_key(wanted.name, key),
        description=wanted.description,
        owner_id=owner,
        default_assignee_id=wanted.default_assignee,
        time_zone=actor.zone if wanted.time_zone is UNSET else wanted.time_zone,
        inbox_of_id=inbox_of,
        is_archived=wanted.is_archived,
        created_at=at,
        updated_at=at,
    )
    seat_members(project, people, actor=actor)
    record(_created(project, list(people)), actor=actor)
    seams.call("project_made", project, actor=actor)
    return project


def locked_workspace(workspace: UUID) -> Workspace:
    """Lock the row under which the workspace's project keys are given; raises Missing for a deleted one."""
    found = lock(Workspace.objects.filter(pk=workspace, deleted_at__isnull=True)).first()
    if found is None:
        raise Missing
    return found


def refuse_taken_key(workspace: UUID, key: str, *, project: UUID | None = None) -> None:
    """Raise Conflict when another project has the key or once had it."""
    used = [
        *Project.objects.filter(workspace=workspace, key=key).values_list("pk", flat=True),
        *FormerKey.objects.filter(workspace=workspace, key=key).values_list("project_id", flat=True),
    ]
    if any(user != project for user in used):
        refusal = Conflict(
            "key_taken", f"A project of this workspace has the key {key}, or once had it. Choose another one."
        )
        refusal.errors = (FieldError("key", "key_taken", refusal.detail),)
        raise refusal


def _free_key(workspace: UUID, name: str) -> str:
    base = key_from(name)
    taken = set(Project.objects.filter(workspace=workspace, key__startswith=base).values_list("key", flat=True))
    taken |= set(FormerKey.objects.filter(workspace=workspace, key__startswith=base).values_list("key", flat=True))
    return next(key for key in islice(keys_like(base), len(taken) + 1) if key not in taken)


def _created(project: Project, members: list[UUID]) -> ProjectCreated:
    shown = {name: (None, getattr(project, name)) for name in ("key", "name", "description", "owner_id", "time_zone")}
    changes = {name.removesuffix("_id"): pair for name, pair in shown.items()}
    return project_event(ProjectCreated, project, {**changes, "members": (None, members)})
