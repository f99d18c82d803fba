"""What an actor may see of workspaces."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.errors import Invalid
from workloom.core.filters import choice, flag, reference, words
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.text import fold
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people, person_rows
from workloom.people.rights.rules import ADMINISTERING, Right, WorkspaceRole, scope_allows, workspace_roles_with
from workloom.work.workspaces.models import Invitation, Workspace, WorkspaceMember
from workloom.work.workspaces.rows import InvitationRow, MemberRow, WorkspaceBrief, WorkspaceRow
from workloom.work.workspaces.rules import NewMember

M = TypeVar("M", bound=Model)
ROLES = {str(role): str(role) for role in WorkspaceRole}


def workspaces_with(actor: Actor, right: Right) -> QuerySet[Workspace]:
    """Return the workspaces in which the actor holds a right: with a token limited to projects, only to read theirs."""
    live = Workspace.objects.filter(deleted_at__isnull=True)
    if not scope_allows(actor, right):
        return live.none()
    if actor.projects is not None:
        if right is not Right.WORKSPACE_READ:
            return live.none()
        live = live.filter(pk__in=Workspace.objects.filter(projects__in=actor.projects).values("pk"))
    if actor.is_operator:
        return live
    held = WorkspaceMember.objects.filter(user=actor.id, role__in=workspace_roles_with(right))
    return live.filter(pk__in=held.values("workspace"))


def workspace_for(actor: Actor, workspace: UUID) -> QuerySet[Workspace]:
    """Return one workspace with the actor's role in it, to be shown to who may see it."""
    return with_workspace_role(Workspace.objects.filter(pk=workspace), actor.id)


def invitations_to(workspace: UUID) -> QuerySet[Invitation]:
    """Return the invitations of a workspace and its projects that can still be accepted."""
    return Invitation.objects.filter(workspace=workspace, expires_at__gt=now())


def administered(actor: Actor) -> QuerySet[WorkspaceMember]:
    """Return the seats that make the actor an admin of every project of a workspace."""
    return WorkspaceMember.objects.filter(user=actor.id, role__in=ADMINISTERING)


def admins_of(workspace: UUID) -> QuerySet[WorkspaceMember]:
    """Return the seats that make people admins of every project of a workspace."""
    return WorkspaceMember.objects.filter(workspace=workspace, role__in=ADMINISTERING)


def with_workspace_role(rows: QuerySet[M], person: UUID | None, workspace: str = "pk") -> QuerySet[M]:
    """Add `workspace_role`, a person's own, to rows that name a workspace."""
    mine = WorkspaceMember.objects.filter(workspace=OuterRef(workspace), user=person)
    return cast("QuerySet[M]", rows.annotate(workspace_role=Subquery(mine.values("role")[:1])))


def in_workspaces(actor: Actor, right: Right, column: str = "workspace") -> Q:
    """Return the condition that a row's workspace is one in which the actor holds a right."""
    return Q(**{f"{column}__in": workspaces_with(actor, right).values("pk")})


def people_to_add(workspace: UUID) -> QuerySet[User]:
    """Return who can be given a role: people with a live account, and whoever is in the workspace already."""
    seated = WorkspaceMember.objects.filter(workspace=workspace).values("user")
    condition = Q(is_active=True, is_placeholder=False)
    if settings.REQUIRE_VERIFIED_EMAIL:
        condition &= Q(is_verified=True)
    return people().filter(condition | Q(pk__in=seated))


def named_person(workspace: UUID, wanted: NewMember) -> UUID | None:
    """Return whom a request for a role names, None for an address that nobody has; raises Invalid for an unknown id."""
    known = people_to_add(workspace)
    if wanted.user is not UNSET:
        if not known.filter(pk=wanted.user).exists():
            raise Invalid("user_id", "unknown_person", "There is nobody with this id.")
        return wanted.user
    return known.filter(email_key=fold(str(wanted.email))).values_list("pk", flat=True).first()


def members_of(workspace: Workspace) -> QuerySet[WorkspaceMember]:
    """Return everybody in a workspace."""
    return WorkspaceMember.objects.filter(workspace=workspace)


def members_near(actor: Actor, workspace: Workspace) -> QuerySet[WorkspaceMember]:
    """Return the actor and those of a workspace with whom the actor shares a live project."""
    shared = workspace.projects.filter(trashed_at__isnull=True, memberships__user=actor.id)
    if actor.projects is not None:
        shared = shared.filter(pk__in=actor.projects)
    people = workspace.projects.filter(pk__in=shared.values("pk")).values("memberships__user")
    return members_of(workspace).filter(Q(user=actor.id) | Q(user__in=people))


def workspace_briefs(workspaces: Sequence[UUID]) -> dict[UUID, WorkspaceBrief]:
    """Return workspaces by id."""
    found = Workspace.objects.filter(pk__in=set(workspaces)).values_list("pk", "name", "slug")
    return {row[0]: WorkspaceBrief(*row) for row in found}


def _workspace_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[WorkspaceRow]:
    return [WorkspaceRow(key, name, slug, owner is not None, *rest) for key, name, slug, owner, *rest in found]


def member_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[MemberRow]:
    """Build the rows of members, of workspaces or of projects."""
    briefs = person_rows((line[0] for line in found), wanted) if "user" in wanted.expand else {}
    return [MemberRow(briefs.get(line[0], line[0]), *line[1:]) for line in found]


def _invitation_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[InvitationRow]:
    briefs = person_rows((line[5] for line in found), wanted) if "invited_by" in wanted.expand else {}
    return [
        InvitationRow(key, workspace, project, email, role, "invited", briefs.get(inviter, inviter), *rest)
        for key, workspace, project, email, role, inviter, *rest in found
    ]


def accepted_row(taken: Invitation) -> InvitationRow:
    """Show an invitation that is used up."""
    columns = (taken.pk, taken.workspace_id, taken.project_id, taken.email, taken.role, "accepted", taken.invited_by_id)
    return InvitationRow(*columns, taken.version, taken.created_at, taken.expires_at)


WORKSPACE = Projection(
    WorkspaceRow,
    ("pk", "name", "slug", "personal_of", "workspace_role", "version", "created_at", "updated_at"),
    _workspace_rows,
)
WORKSPACES = Listing(
    WORKSPACE,
    orders={
        "created_at": Order("created_at"),
        "updated_at": Order("updated_at"),
        "name": Order("name", str),
        "slug": Order("slug", str),
    },
    filters={
        "role": choice("workspace_role", ROLES, "The caller's own role."),
        "is_personal": flag(lambda _: Q(personal_of__isnull=False), "Made by itself for a person."),
        "search": words("search_key", "Words in name or slug, in any case."),
    },
)
MEMBER = Projection(MemberRow, ("user", "role", "version", "created_at"), member_rows, expandable=("user",))


def member_list(roles: Mapping[str, str], help_text: str) -> Listing[MemberRow]:
    """Return a list of members, whatever they are members of."""
    filters = {"role": choice("role", roles, help_text), "user": reference("user", "A person's id.")}
    orders = {"created_at": Order("created_at")}
    return Listing(MEMBER, orders, default="created_at", filters=filters, aliases={"user_id": "user"})


MEMBERS = member_list(ROLES, "A role in the workspace.")
INVITATION = Projection(
    InvitationRow,
    ("pk", "workspace", "project_id", "email", "role", "invited_by", "version", "created_at", "expires_at"),
    _invitation_rows,
    expandable=("invited_by",),
)
INVITATIONS = Listing(
    INVITATION,
    orders={"created_at": Order("created_at"), "expires_at": Order("expires_at")},
    filters={"project": reference("project_id", "A project's id, or none.", nullable=True)},
)
