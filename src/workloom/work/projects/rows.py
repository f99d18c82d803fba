"""What the API shows of projects."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow
from workloom.work.workspaces.rows import WorkspaceBrief


class ProjectBrief(msgspec.Struct, frozen=True):
    """A project where another object names it."""

    id: UUID
    key: str
    name: str


class ProjectRow(msgspec.Struct, frozen=True):
    """A project: relations are ids, or objects where `expand` names them."""

    id: UUID
    workspace: UUID | WorkspaceBrief
    key: str
    name: str
    description: str
    owner: UUID | PersonRow
    members: list[UUID | PersonRow]
    default_assignee: UUID | PersonRow | None
    time_zone: str
    is_archived: bool
    tasks_count: int
    trashed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
