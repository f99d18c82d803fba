"""What the API shows of a task."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import PersonRow
from workloom.work.boards.rows import BoardBrief
from workloom.work.labels.rows import CategoryBrief, LabelBrief
from workloom.work.projects.rows import ProjectBrief


class TaskBrief(msgspec.Struct, frozen=True):
    """A task where another object names it."""

    id: UUID
    key: str
    title: str
    status: str


class TaskRow(msgspec.Struct, frozen=True):
    """A task: relations are ids, or objects where `expand` names them."""

    id: UUID
    key: str
    project: UUID | ProjectBrief
    board: UUID | BoardBrief
    title: str
    description: str
    status: str
    status_category: str
    priority: str
    category: UUID | CategoryBrief | None
    labels: list[UUID | LabelBrief]
    assignees: list[UUID | PersonRow]
    reporter: UUID | PersonRow
    parent: UUID | TaskBrief | None
    start_date: date | None
    due_date: date | None
    due_at: datetime | None
    estimate: float | None
    rank: str
    is_completed: bool
    completed_at: datetime | None
    is_archived: bool
    trashed_at: datetime | None
    sla: None
    sla_breached: bool
    comments_count: int
    attachments_count: int
    subtasks_count: int
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_aged(self) -> bool:
        """Tell whether it shows what came with time and raised no version."""
        return self.sla_breached


class CardRow(msgspec.Struct, frozen=True):
    """A task as a board shows it."""

    id: UUID
    key: str
    title: str
    status: str
    priority: str
    assignees: list[UUID]
    labels: list[UUID]
    due_date: date | None
    due_at: datetime | None
    rank: str
    is_completed: bool
    sla_breached: bool
    comments_count: int
    attachments_count: int
    subtasks_count: int
    version: int


class CycleTime(msgspec.Struct, frozen=True):
    """Seconds from the first start to completion: half, 85 and 95 of a hundred tasks took no longer."""

    p50: float | None
    p85: float | None
    p95: float | None


class WeekCount(msgspec.Struct, frozen=True):
    """Tasks completed in the week that begins on a Monday."""

    week: date
    completed: int


class Statistics(msgspec.Struct, frozen=True):
    """Counts over the tasks that the filters find."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_assignee: dict[str, int]
    overdue: int
    sla_breached: int
    completed_per_week: list[WeekCount]
    cycle_time: CycleTime


class BulkResult(msgspec.Struct, frozen=True):
    """What became of one operation: its twin's status, and the task or the problem."""

    index: int
    op: str
    status: int
    task: TaskRow | None = None
    error: dict[str, Any] | None = None


class BulkReport(msgspec.Struct, frozen=True):
    """One result for each operation, in their order."""

    results: list[BulkResult]
    succeeded: int
    failed: int
