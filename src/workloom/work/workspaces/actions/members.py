"""Who is in a workspace, and as what."""

from collections.abc import Sequence
from uuid import UUID

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict
from workloom.events.record import record
from workloom.people.rights.rules import WorkspaceRole
from workloom.work.workspaces.events import (
    WorkspaceMemberAdded,
    WorkspaceMemberEvent,
    WorkspaceMemberRemoved,
    WorkspaceMemberUpdated,
)
from workloom.work.workspaces.models import Workspace, WorkspaceMember


@write
def add_workspace_member(workspace: Workspace, user: UUID, role: str, *, actor: Actor) -> tuple[WorkspaceMember, bool]:
    """Give a person a role; whoever has one keeps it. The flag tells whether they are new."""
    member, is_new = WorkspaceMember.objects.get_or_create(
        workspace=workspace, user_id=user, defaults={"role": role, "created_at": now()}
    )
    if is_new:
        _tell(WorkspaceMemberAdded, member, (None, member.role), actor)
    return member, is_new


@write
def ensure_seats(workspace: Workspace, people: Sequence[UUID], *, actor: Actor) -> None:
    """Make guests of those who have no role in the workspace, and hold on to the roles until commit."""
    rows = WorkspaceMember.objects.filter(workspace=workspace, user__in=people).order_by("pk")
    seated = {member.user_id for member in lock(rows)}
    for person in people:
        if person not in seated:
            _, is_new = add_workspace_member(workspace, person, WorkspaceRole.GUEST, actor=actor)
            if not is_new:
                lock(rows.filter(user=person)).first()


@write
def change_workspace_role(workspace: Workspace, member: WorkspaceMember, role: str, *, actor: Actor) -> WorkspaceMember:
    """Change a role in a locked workspace; raises Conflict for its last owner."""
    if member.role == role:
        return member
    if member.role == WorkspaceRole.OWNER:
        _refuse_last_owner(workspace, member)
    old, member.role = member.role, role
    member.version += 1
    member.save(update_fields=["role", "version"])
    workspace.version += 1
    workspace.updated_at = now()
    workspace.save(update_fields=["version", "updated_at"])
    _tell(WorkspaceMemberUpdated, member, (old, role), actor)
    return member


@write
def remove_workspace_member(workspace: Workspace, member: WorkspaceMember, *, actor: Actor) -> None:
    """Take a person out of a locked workspace and all of its projects; raises Conflict for its last owner."""
    if member.role == WorkspaceRole.OWNER:
        _refuse_last_owner(workspace, member)
    seams.call("workspace_member_leaves", workspace, member.user_id, actor=actor)
    _remove(member, actor)


@write
def give_up_guest_seats(workspace: Workspace, people: Sequence[UUID], *, actor: Actor) -> None:
    """Take out guests who share no project any more: guests are there for projects only."""
    guests = WorkspaceMember.objects.filter(workspace=workspace, user__in=people, role=WorkspaceRole.GUEST)
    for member in lock(guests.order_by("pk")):
        if not workspace.projects.filter(memberships__user=member.user_id).exists():
            _remove(member, actor)


def _refuse_last_owner(workspace: Workspace, member: WorkspaceMember) -> None:
    if workspace.personal_of_id == member.user_id:
        raise Conflict("personal_workspace", "This is the person's own workspace; they stay its owner.")
    owners = WorkspaceMember.objects.filter(workspace=workspace, role=WorkspaceRole.OWNER)
    if not owners.exclude(pk=member.pk).exists():
        raise Conflict("last_owner", "A workspace needs an owner. Make somebody else an owner first.")


def _remove(member: WorkspaceMember, actor: Actor) -> None:
    _tell(WorkspaceMemberRemoved, member, (member.role, None), actor)
    member.delete()


def _tell(
    event: type[WorkspaceMemberEvent], member: WorkspaceMember, role: tuple[str | None, str | None], actor: Actor
) -> None:
    person = str(member.user_id)
    record(
        event(
            object_id=member.pk,
            version=member.version,
            workspace=member.workspace_id,
            changes={"user": (role[0] and person, role[1] and person), "role": role},
        ),
        actor=actor,
    )
