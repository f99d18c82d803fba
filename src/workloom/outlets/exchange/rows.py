"""What the API shows of imports."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from workloom.outlets.exchange.plan import BadEntry, Finding, ImportReport


class ProgressRow(msgspec.Struct, frozen=True):
    """How many of the file's tasks have been gone through; `total` is 0 until the file is read."""

    done: int
    total: int


class FileRow(msgspec.Struct, frozen=True):
    """Which file it was."""

    name: str
    size: int
    sha256: str


class WrittenRow(msgspec.Struct, frozen=True):
    """Counted in the tables after the import; `placeholders` are new people without an account."""

    tasks: int
    archived_tasks: int
    due_dates: int
    subtasks: int
    checklists: int
    checklist_items: int
    comments: int
    placeholders: int
    people_matched: int


class UsedRow(msgspec.Struct, frozen=True):
    """What the tasks refer to, new or found."""

    board: UUID
    statuses: int
    columns: int
    archived_columns: int
    labels: Annotated[int, msgspec.Meta(examples=[8])]
    categories: int
    people: int


class ReceiptRow(msgspec.Struct, frozen=True, rename={"held": "in"}):
    """What the file held, what of it was written, what was there already, and each loss by name.

    Of an import that failed on its way there is only what it had written.
    """

    written: WrittenRow
    file: FileRow | msgspec.UnsetType = msgspec.UNSET
    held: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    already_there: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    used: UsedRow | msgspec.UnsetType = msgspec.UNSET
    losses: list[Finding] | msgspec.UnsetType = msgspec.UNSET
    adjustments: list[Finding] | msgspec.UnsetType = msgspec.UNSET
    problems: list[BadEntry] | msgspec.UnsetType = msgspec.UNSET


class FailureFieldRow(msgspec.Struct, frozen=True):
    """One thing that was asked for wrongly."""

    field: str
    code: str
    detail: str


class FailureRow(msgspec.Struct, frozen=True):
    """Why an import failed, and where in the file."""

    code: str
    detail: str
    place: str | None
    errors: list[FailureFieldRow]


class ImportRow(msgspec.Struct, frozen=True):
    """One file on its way into one project.

    `report` is what reading the file told: counts, what maps, what is lost, which entries have problems, which people
    are to be matched. `receipt` is what came of it. `error` says why nothing, or not all, was written.
    """

    id: UUID
    project: UUID
    kind: Annotated[str, msgspec.Meta(description="trello, github or csv", examples=["trello"])]
    status: Annotated[str, msgspec.Meta(description="queued, running, done or failed", examples=["done"])]
    dry_run: bool
    file_name: str
    file_size: int
    progress: ProgressRow
    report: ImportReport | None
    receipt: ReceiptRow | None
    error: FailureRow | None
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
