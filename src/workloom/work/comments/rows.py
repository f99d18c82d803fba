"""What the API shows of a comment."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow


class CommentRow(msgspec.Struct, frozen=True):
    """A comment; a deleted one that still has answers is shown without its text."""

    id: UUID
    task: UUID
    author: UUID | PersonRow
    parent: UUID | None
    body: str
    mentions: list[UUID | PersonRow]
    answers_count: int
    is_edited: bool
    edited_at: datetime | None
    is_deleted: bool
    version: int
    created_at: datetime
    updated_at: datetime
