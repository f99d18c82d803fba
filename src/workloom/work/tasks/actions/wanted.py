"""What callers want of a task, as frozen values: doors, bulk and imports all speak these."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workloom.work.boards.models import Board
from workloom.work.labels.models import Category
from workloom.work.tasks.models import Priority, Task
from workloom.work.workflows.models import Status


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
