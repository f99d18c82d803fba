"""What the API shows of labels and categories."""

from datetime import datetime
from uuid import UUID

import msgspec


class LabelBrief(msgspec.Struct, frozen=True):
    """A label on a task."""

    id: UUID
    name: str
    colour: str


class CategoryBrief(msgspec.Struct, frozen=True):
    """A task's category."""

    id: UUID
    name: str
    colour: str


class LabelRow(msgspec.Struct, frozen=True):
    """A label; `project` is null where it is usable in the whole workspace."""

    id: UUID
    workspace: UUID
    project: UUID | None
    name: str
    colour: str
    version: int
    created_at: datetime
    updated_at: datetime


class CategoryRow(msgspec.Struct, frozen=True):
    """A category; `project` is null where it is usable in the whole workspace."""

    id: UUID
    workspace: UUID
    project: UUID | None
    name: str
    colour: str
    version: int
    created_at: datetime
    updated_at: datetime
