"""What the API shows of a link."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow
from workloom.work.tasks.rows import TaskBrief


class LinkRow(msgspec.Struct, frozen=True):
    """A link from one task's side: `kind` says what that task is to `task`, the other one."""

    id: UUID
    kind: str
    task: UUID | TaskBrief
    created_by: UUID | PersonRow | None
    created_at: datetime
    version: int = 1
    """Always the first: a link comes and goes, and never changes."""
