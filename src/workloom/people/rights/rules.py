"""The one table of roles: list filters, object checks, sockets, search, exports, webhooks and mail derive from it."""

from enum import StrEnum
from typing import TypeVar

from workloom.core.actor import Actor
from workloom.core.errors import Forbidden, Missing


class Right(StrEnum):
    """Everything that can be allowed."""

    PROJECT_READ = "project.read"
    PROJECT_EDIT = "project.edit"
    PROJECT_DELETE = "project.delete"
    PROJECT_CREATE = "project.create"
    PROJECT_LEAVE = "project.leave"
    MEMBER_MANAGE = "member.manage"
    WORKFLOW_EDIT = "workflow.edit"
    BOARD_EDIT = "board.edit"
    LABEL_EDIT = "label.edit"
    TASK_READ_OWN = "task.read_own"
    TASK_READ = "task.read"
    TASK_CREATE = "task.create"
    TASK_EDIT = "task.edit"
    TASK_MOVE = "task.move"
    TASK_DELETE_OWN = "task.delete_own"
    TASK_DELETE = "task.delete"
    TASK_ARCHIVE = "task.archive"
    TASK_BULK = "task.bulk"
    COMMENT_ADD = "comment.add"
    COMMENT_DELETE = "comment.delete"
    AUDIT_READ = "audit.read"
    WEBHOOK_MANAGE = "webhook.manage"
    WORKSPACE_READ = "workspace.read"
    WORKSPACE_EDIT = "workspace.edit"
    WORKSPACE_DELETE = "workspace.delete"
    WORKSPACE_LEAVE = "workspace.leave"
    WORKSPACE_MEMBER_READ = "workspace.member_read"
    WORKSPACE_MEMBER_MANAGE = "workspace.member_manage"
    WORKSPACE_OWNER_MANAGE = "workspace.owner_manage"
    WORKSPACE_CREATE = "workspace.create"
    ACCOUNT_READ = "account.read"
    ACCOUNT_EDIT = "account.edit"
    NOTIFICATION_EDIT = "notification.edit"
    OPERATE = "installation.operate"


class Role(StrEnum):
    """Roles in a project, weakest first."""

    GUEST = "guest"
    VIEWER = "viewer"
    MEMBER = "member"
    MANAGER = "manager"
    ADMIN = "admin"


class WorkspaceRole(StrEnum):
    """Roles in a workspace, weakest first."""

    GUEST = "guest"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


AnyRole = TypeVar("AnyRole", Role, WorkspaceRole)


def is_stronger(role: AnyRole, other: AnyRole) -> bool:
    """Tell whether a role allows more than another one of its kind."""
    ranked = list(type(role))
    return ranked.index(role) > ranked.index(other)


class Scope(StrEnum):
    """What a personal token may be used for; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


Rights = frozenset[Right]

_GUEST = frozenset({Right.PROJECT_READ, Right.PROJECT_LEAVE, Right.TASK_READ_OWN, Right.COMMENT_ADD, Right.TASK_MOVE})
_VIEWER = frozenset({Right.PROJECT_READ, Right.PROJECT_LEAVE, Right.TASK_READ_OWN, Right.TASK_READ})
_MEMBER = _GUEST | _VIEWER | {Right.TASK_CREATE, Right.TASK_EDIT, Right.TASK_DELETE_OWN}
_MANAGER = _MEMBER | {
    Right.TASK_DELETE,
    Right.TASK_BULK,
    Right.TASK_ARCHIVE,
    Right.BOARD_EDIT,
    Right.LABEL_EDIT,
    Right.COMMENT_DELETE,
}
_ADMIN = _MANAGER | {
    Right.PROJECT_EDIT,
    Right.PROJECT_DELETE,
    Right.MEMBER_MANAGE,
    Right.WORKFLOW_EDIT,
    Right.AUDIT_READ,
    Right.WEBHOOK_MANAGE,
}

PROJECT_RIGHTS: dict[Role, Rights] = {
    Role.GUEST: _GUEST,
    Role.VIEWER: _VIEWER,
    Role.MEMBER: _MEMBER,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
}

_SEATED = frozenset({Right.WORKSPACE_READ, Right.WORKSPACE_LEAVE})
_INHABITANT = _SEATED | {Right.WORKSPACE_MEMBER_READ, Right.PROJECT_CREATE}
_KEEPER = _INHABITANT | {
    Right.LABEL_EDIT,
    Right.WORKSPACE_EDIT,
    Right.WORKSPACE_MEMBER_MANAGE,
    Right.AUDIT_READ,
    Right.WEBHOOK_MANAGE,
}

WORKSPACE_RIGHTS: dict[WorkspaceRole, Rights] = {
    WorkspaceRole.GUEST: _SEATED,
    WorkspaceRole.MEMBER: _INHABITANT,
    WorkspaceRole.ADMIN: _KEEPER,
    WorkspaceRole.OWNER: _KEEPER | {Right.WORKSPACE_OWNER_MANAGE, Right.WORKSPACE_DELETE},
}
PERSONAL_RIGHTS: Rights = frozenset(
    {Right.WORKSPACE_CREATE, Right.ACCOUNT_READ, Right.ACCOUNT_EDIT, Right.NOTIFICATION_EDIT}
)
"""What anybody signed in may do with what is their own."""

ADMINISTERING = frozenset({WorkspaceRole.OWNER, WorkspaceRole.ADMIN})
"""Workspace roles that hold `admin` in each of the workspace's projects."""

_READ = frozenset(
    {
        Right.PROJECT_READ,
        Right.TASK_READ_OWN,
        Right.TASK_READ,
        Right.WORKSPACE_READ,
        Right.WORKSPACE_MEMBER_READ,
        Right.ACCOUNT_READ,
        Right.AUDIT_READ,
    }
)
_WRITE = (_READ | _MANAGER | {Right.PROJECT_CREATE, Right.NOTIFICATION_EDIT}) - {Right.PROJECT_LEAVE}
SCOPE_RIGHTS: dict[Scope, Rights] = {
    Scope.READ: _READ,
    Scope.WRITE: _WRITE,
    Scope.ADMIN: frozenset(Right) - {Right.ACCOUNT_EDIT},
}
"""A token never changes the account that it belongs to: passwords, sessions and tokens need a signed-in person."""


def roles_with(right: Right) -> list[Role]:
    """Return the project roles that hold a right, for list filters."""
    return [role for role, rights in PROJECT_RIGHTS.items() if right in rights]


def workspace_roles_with(right: Right) -> list[WorkspaceRole]:
    """Return the workspace roles that hold a right, for list filters."""
    return [role for role, rights in WORKSPACE_RIGHTS.items() if right in rights]


def scope_allows(actor: Actor, right: Right) -> bool:
    """Tell whether the token, if the actor came with one, covers a right."""
    return actor.scopes is None or any(right in SCOPE_RIGHTS[Scope(scope)] for scope in actor.scopes)


def project_role(actor: Actor, role: str | None, workspace_role: str | None) -> Role | None:
    """Return the role that counts in a project: operators and workspace admins are admins of all."""
    if actor.is_operator or (workspace_role and WorkspaceRole(workspace_role) in ADMINISTERING):
        return Role.ADMIN
    return Role(role) if role else None


def rights_in_project(actor: Actor, role: Role | None) -> Rights:
    """Return what an actor may do with a role in a project."""
    held = PROJECT_RIGHTS[role] if role else frozenset()
    if actor.scopes is None:
        return held
    return frozenset(right for right in held if scope_allows(actor, right))


def rights_in_workspace(actor: Actor, role: str | None) -> Rights:
    """Return what an actor may do with a role in a workspace."""
    held = (
        WORKSPACE_RIGHTS[WorkspaceRole.OWNER]
        if actor.is_operator
        else WORKSPACE_RIGHTS[WorkspaceRole(role)]
        if role
        else frozenset()
    )
    return frozenset(right for right in held if scope_allows(actor, right))


def demand(rights: Rights, right: Right, *, seen: Right) -> None:
    """Raise Missing for what is not even seen, Forbidden for what is seen but not allowed."""
    if seen not in rights:
        raise Missing
    if right not in rights:
        raise Forbidden(
            detail=f"This needs the right {right}, which your role or token does not have here.", needs=str(right)
        )


def demand_personal(actor: Actor, right: Right) -> None:
    """Check a right that hangs on no object; raises Forbidden."""
    held = right in PERSONAL_RIGHTS or (right is Right.OPERATE and actor.is_operator)
    if not held or not scope_allows(actor, right):
        raise Forbidden(detail=f"This needs the right {right}, which you or your token do not have.", needs=str(right))
