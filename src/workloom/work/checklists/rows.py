"""What the API shows of checklists."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow


class ItemRow(msgspec.Struct, frozen=True):
    """One thing to tick off."""

    id: UUID
    checklist: UUID
    text: str
    done: bool
    position: int
    assignee: UUID | PersonRow | None
    version: int
    created_at: datetime
    updated_at: datetime


class ChecklistRow(msgspec.Struct, frozen=True):
    """A checklist with its items in their order: ids, or objects where `expand` names them."""

    id: UUID
    task: UUID
    name: str
    position: int
    items: list[UUID | ItemRow]
    items_count: int
    done_count: int
    version: int
    created_at: datetime
    updated_at: datetime
