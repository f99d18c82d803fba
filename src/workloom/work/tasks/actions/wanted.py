"""What callers want of a task, as frozen values: doors, bulk and imports all speak these."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from workloom.work.boards.models import Board
from workloom.work.labels.models import Category
from workloom.work.tasks.models import Priority, Task
from workloom.work.workflows.models import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInput:
    """A body's fields as they were sent: absent ones are UNSET, relations are still names and ids."""

    id: UUID | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    project: UUID | UnsetType = UNSET
    board: UUID | UnsetType = UNSET
    status: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    category: UUID | None | UnsetType = UNSET
    labels: tuple[UUID, ...] | UnsetType = UNSET
    assignees: tuple[UUID, ...] | UnsetType = UNSET
    reporter: UUID | UnsetType = UNSET
    parent: str | None | UnsetType = UNSET
    start_date: date | None | UnsetType = UNSET
    due_date: date | datetime | None | UnsetType = UNSET
    due_at: datetime | None | UnsetType = UNSET
    estimate: float | None | UnsetType = UNSET
    is_completed: bool | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET

    @property
    def sent(self) -> frozenset[str]:
        """Name the fields that were sent."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not UNSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be made, with everything looked up: in `create_tasks` nothing can be refused any more but by the database."""

    title: str
    status: Status
    board: Board
    reporter: UUID
    id: UUID | None = None
    description: str = ""
    priority: int = Priority.MEDIUM
    category: Category | None = None
    labels: tuple[UUID, ...] = ()
    assignees: tuple[UUID, ...] = ()
    parent: Task | None = None
    start_date: date | None = None
    due_date: date | None = None
    due_at: datetime | None = None
    estimate: float | None = None
    is_archived: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None


def given(value: Any, default: Any) -> Any:
    """Return what was sent, or the default for what was not."""
    return default if value is UNSET else value
