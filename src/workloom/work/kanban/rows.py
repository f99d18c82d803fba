"""What the API shows of a board with its cards."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.work.tasks.rows import CardRow


class ColumnView(msgspec.Struct, frozen=True):
    """A column with its first cards; `next` is the address of those that follow, null when these are all.

    An archived column comes without cards; `next` leads to them.
    """

    id: UUID
    name: str
    statuses: list[str]
    wip_limit: int | None
    is_archived: bool
    count: int
    over_limit: bool
    cards: list[CardRow]
    next: str | None


class BoardView(msgspec.Struct, frozen=True):
    """A board with its columns in their order, each with its first cards; `count` is of cards that the caller may see."""

    id: UUID
    project: UUID
    name: str
    position: int
    columns: list[ColumnView]
    version: int
    created_at: datetime
    updated_at: datetime
