"""Keeping a place for somebody who has no account yet."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Forbidden, Missing
from workloom.core.text import fold
from workloom.events.record import record
from workloom.people.accounts.models import User
from workloom.people.rights.rules import WorkspaceRole, is_stronger
from workloom.work.workspaces.actions.members import add_workspace_member, change_workspace_role
from workloom.work.workspaces.events import (
    InvitationAccepted,
    InvitationCreated,
    InvitationEvent,
    InvitationRenewed,
    InvitationWithdrawn,
)
from workloom.work.workspaces.models import Invitation, Workspace
from workloom.work.workspaces.rules import INVITATION_LIVES, NewInvitation

SECRET_PREFIX = "wli_"  # noqa: S105 - what every secret of this kind begins with


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation and its secret, which nobody can read again."""

    invitation: Invitation
    token: str
    is_new: bool


def hash_of(token: str) -> str:
    """Return what is stored of a secret: it has 256 random bits, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@write
def invite_person(workspace: Workspace, wanted: NewInvitation, *, actor: Actor, project: UUID | None = None) -> Issued:
    """Invite an address to a workspace or to one of its projects; again, it gets a new secret and the old one dies."""
    token = SECRET_PREFIX + secrets.token_urlsafe(32)
    at = now()
    fields = {
        "email": wanted.email,
        "role": wanted.role,
        "secret_hash": hash_of(token),
        "invited_by_id": actor.person,
        "expires_at": at + INVITATION_LIVES,
    }
    invitation, is_new = Invitation.objects.get_or_create(
        target=project or workspace.pk,
        email_key=fold(wanted.email),
        defaults={**fields, "workspace": workspace, "project_id": project, "created_at": at},
    )
    if is_new:
        _tell(InvitationCreated, invitation, (None, invitation.role), actor)
        return Issued(invitation, token, is_new=True)
    invitation = lock(Invitation.objects.filter(pk=invitation.pk)).get()
    old = invitation.role
    for name, value in fields.items():
        setattr(invitation, name, value)
    invitation.version += 1
    invitation.save(update_fields=[*(name.removesuffix("_id") for name in fields), "version"])
    _tell(InvitationRenewed, invitation, (old, invitation.role), actor)
    return Issued(invitation, token, is_new=False)


@write
def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Make an invitation's secret worthless."""
    _tell(InvitationWithdrawn, invitation, (invitation.role, None), actor)
    invitation.delete()


@write
def accept_invitation(token: str, *, actor: Actor) -> Invitation:
    """Take the place that a secret names; raises Missing for a secret that is none, Forbidden for somebody else's."""
    rows = Invitation.objects.filter(secret_hash=hash_of(token), expires_at__gt=now(), workspace__deleted_at=None)
    found = rows.values_list("workspace", flat=True).first()
    workspace = lock(Workspace.objects.filter(pk=found)).first() if found else None
    invitation = lock(rows).first()
    if workspace is None or invitation is None:
        raise Missing("no_such_invitation", "This invitation is not valid any more. Ask for a new one.")
    if User.objects.filter(pk=actor.person, email_key=invitation.email_key).first() is None:
        raise Forbidden("other_address", "This invitation is for another address. Sign in as the person invited.")
    _seat(workspace, invitation, actor.person, actor)
    return invitation


@write
def seat_verified_person(user: User, *, actor: Actor) -> None:
    """Give somebody the places kept for their address once it is proven to be theirs; before that, by secret only."""
    if not user.is_verified or user.email_key is None:
        return
    rows = Invitation.objects.filter(email_key=user.email_key, expires_at__gt=now(), workspace__deleted_at=None)
    for workspace in lock(Workspace.objects.filter(pk__in=rows.values("workspace")).order_by("pk")):
        for invitation in lock(rows.filter(workspace=workspace).order_by("pk")):
            try:
                _seat(workspace, invitation, user.pk, actor)
            except Missing:
                withdraw_invitation(invitation, actor=actor)


def _seat(workspace: Workspace, invitation: Invitation, person: UUID, actor: Actor) -> None:
    if invitation.project_id is None:
        _seat_in_workspace(workspace, person, invitation.role, actor)
    else:
        seams.call("project_invitation_accepted", workspace, invitation, person=person, actor=actor)
    _tell(InvitationAccepted, invitation, (invitation.role, None), actor)
    Invitation.objects.filter(pk=invitation.pk).delete()


def _seat_in_workspace(workspace: Workspace, person: UUID, role: str, actor: Actor) -> None:
    member, is_new = add_workspace_member(workspace, person, role, actor=actor)
    if not is_new and is_stronger(WorkspaceRole(role), WorkspaceRole(member.role)):
        change_workspace_role(workspace, member, role, actor=actor)


def _tell(
    event: type[InvitationEvent], invitation: Invitation, role: tuple[str | None, str | None], actor: Actor
) -> None:
    record(
        event(
            object_id=invitation.pk,
            version=invitation.version,
            workspace=invitation.workspace_id,
            project=invitation.project_id,
            changes={"email": (role[0] and invitation.email, role[1] and invitation.email), "role": role},
        ),
        actor=actor,
    )
