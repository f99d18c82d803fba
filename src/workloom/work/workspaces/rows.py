"""What the API shows of workspaces."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow


class WorkspaceBrief(msgspec.Struct, frozen=True):
    """A workspace where another object names it."""

    id: UUID
    name: str
    slug: str


class WorkspaceRow(msgspec.Struct, frozen=True):
    """A workspace; `role` is the caller's own in it."""

    id: UUID
    name: str
    slug: str
    is_personal: bool
    role: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class MemberRow(msgspec.Struct, frozen=True):
    """A person's role, in a workspace or in a project."""

    user: UUID | PersonRow
    role: str
    version: int
    created_at: datetime


class InvitationRow(msgspec.Struct, frozen=True):
    """A place kept for an address; `token` is there only in the answer that made it."""

    id: UUID
    workspace: UUID
    project: UUID | None
    email: str
    role: str
    status: str
    invited_by: UUID | PersonRow
    version: int
    created_at: datetime
    expires_at: datetime
    token: str | msgspec.UnsetType = msgspec.UNSET
