"""What the API shows of boards."""

from datetime import datetime
from uuid import UUID

import msgspec


class BoardBrief(msgspec.Struct, frozen=True):
    """A board where something else names it."""

    id: UUID
    name: str


class ColumnRow(msgspec.Struct, frozen=True):
    """A column and the slugs of the statuses that it shows."""

    id: UUID
    name: str
    statuses: list[str]
    wip_limit: int | None
    is_archived: bool


class BoardRow(msgspec.Struct, frozen=True):
    """A board with its columns in their order."""

    id: UUID
    project: UUID
    name: str
    position: int
    columns: list[ColumnRow]
    version: int
    created_at: datetime
    updated_at: datetime
