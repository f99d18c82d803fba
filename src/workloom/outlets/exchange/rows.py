"""What the API shows of imports."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class ProgressRow(msgspec.Struct, frozen=True):
    """How many of the file's tasks have been gone through; `total` is 0 until the file is read."""

    done: int
    total: int


class ImportRow(msgspec.Struct, frozen=True):
    """One file on its way into one project.

    `report` is what reading the file told: counts, what maps, what is lost, which entries have problems, which people
    are to be matched. `receipt` is what came of it. `error` says why nothing, or not all, was written.
    """

    id: UUID
    project: UUID
    kind: str
    status: str
    dry_run: bool
    file_name: str
    file_size: int
    progress: ProgressRow
    report: dict[str, Any] | None
    receipt: dict[str, Any] | None
    error: dict[str, Any] | None
    requested_by: UUID
    version: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class PlaceholderRow(msgspec.Struct, frozen=True):
    """Somebody whom imported data names and who has no account here; `source_id` is who they were there."""

    id: UUID
    name: str
    username: str
    kind: str
    source_id: str
