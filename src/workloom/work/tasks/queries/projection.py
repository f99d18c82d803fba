"""Tasks as rows: one query for the page, one more for each relation that is expanded."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from workloom.core.clock import now, today_in
from workloom.core.gathered import IdsOf
from workloom.core.listing import Projection, Wanted
from workloom.core.markdown import to_html
from workloom.core.prepared import asked_together
from workloom.people.accounts.queries import asking_person_rows, person_rows
from workloom.work.tasks.models import Assignment, TaskLabel
from workloom.work.tasks.queries import nested
from workloom.work.tasks.rows import TaskRow
from workloom.work.tasks.rules import PRIORITY_NAMES, Due, is_overdue

COLUMNS = (
    "pk", "project__key", "number", "project_id", "board_id", "title", "description", "status__slug", "status_category",
    "priority", "category_id", "reporter_id", "parent_id", "start_date", "due_date", "due_at", "estimate", "rank",
    "completed_at", "is_archived", "trashed_at", "project__time_zone", "comments_count", "attachments_count",
    "subtasks_count", "version", "created_at", "updated_at", "label_ids", "assignee_ids",
)  # fmt: skip
ANNOTATIONS = {"label_ids": IdsOf(TaskLabel, "task", "label"), "assignee_ids": IdsOf(Assignment, "task", "user")}
Objects = dict[int, Any]
PROJECT, BOARD, CATEGORY, REPORTER, PARENT, LABELS, ASSIGNEES = 3, 4, 10, 11, 12, 28, 29


class Relations:
    """The page's relations: ids as they are, or objects for those that are expanded, by the ids' numbers, which are found much quicker than ids."""

    def __init__(self, lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> None:
        self.lines, self.expand = lines, wanted.expand
        people, labels = self._people_and_labels(wanted) if self.expand else ({}, {})
        briefs, self.label = _by_number(people), _by_number(labels)
        self.person = briefs if "reporter" in self.expand else {}
        self.worker = briefs if "assignees" in self.expand else {}
        self.project = self._expanded("project", nested.project_briefs, self._column, PROJECT)
        self.board = self._expanded("board", nested.board_briefs, self._column, BOARD)
        self.category = self._expanded("category", nested.category_briefs, self._column, CATEGORY)
        above = self._column(PARENT)
        if above:
            above -= {line[0] for line in lines}
        self.unseen = nested.unseen_tasks(wanted.actor, above) if above else set()
        self.parent = self._expanded("parent", partial(nested.task_briefs, wanted.actor), self._column, PARENT)

    def _people_and_labels(self, wanted: Wanted) -> tuple[dict[UUID, Any], dict[UUID, Any]]:
        """Read both, whose rows are an id and two texts each, together where both are asked for."""
        people, labels = self._expanded_people(), self._listed(LABELS) if "labels" in self.expand else []
        both = [asking_person_rows(people), nested.asking_label_briefs(labels)] if people and labels else []
        with asked_together(both, alike=True):
            return person_rows(people, wanted), nested.label_briefs(labels)

    def _column(self, at: int) -> set[UUID]:
        return {line[at] for line in self.lines if line[at]}

    def _listed(self, at: int) -> list[UUID]:
        return list({one.int: one for line in self.lines for one in line[at]}.values())

    def _expanded(
        self,
        name: str,
        read: Callable[[Iterable[UUID]], dict[UUID, Any]],
        ids_at: Callable[[int], Collection[UUID]],
        column: int,
    ) -> Objects:
        ids = ids_at(column) if name in self.expand else ()
        return _by_number(read(ids)) if ids else {}

    def of_parent(self, parent: UUID) -> Any:
        """Return it, its object, or None for one that is not seen."""
        return None if parent in self.unseen else self.parent.get(parent.int, parent)

    def _expanded_people(self) -> list[UUID]:
        named = list(self._column(REPORTER)) if "reporter" in self.expand else []
        return [*named, *self._listed(ASSIGNEES)] if "assignees" in self.expand else named


def build_tasks(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[TaskRow]:
    """Make rows of what `COLUMNS` read."""
    related, moment = Relations(lines, wanted), now()
    today: dict[str, date] = {zone: today_in(zone, moment) for zone in {line[21] for line in lines}}
    return [_row(line, related, today[line[21]], moment) for line in lines]


def _by_number(objects: Mapping[UUID, Any]) -> Objects:
    return {key.int: found for key, found in objects.items()}


def _row(line: tuple[Any, ...], related: Relations, today: date, moment: datetime) -> TaskRow:
    (
        task, project_key, number, project, board, title, description, status, status_category,
        priority, category, reporter, parent, start_date, due_date, due_at, estimate, rank,
        completed_at, is_archived, trashed_at, _, comments, attachments, subtasks, version, created_at, updated_at,
        labels, assignees,
    ) = line  # fmt: skip
    return TaskRow(
        id=task,
        key=f"{project_key}-{number}",
        project=related.project.get(project.int, project) if related.project else project,
        board=related.board.get(board.int, board) if related.board else board,
        title=title,
        description=description,
        status=status,
        status_category=status_category,
        priority=PRIORITY_NAMES[priority],
        category=related.category.get(category.int, category) if related.category and category else category,
        labels=[related.label.get(label.int, label) for label in labels] if related.label else labels,
        assignees=[related.worker.get(user.int, user) for user in assignees] if related.worker else assignees,
        reporter=related.person.get(reporter.int, reporter) if related.person else reporter,
        parent=related.of_parent(parent) if parent else None,
        start_date=start_date,
        due_date=due_date,
        due_at=due_at,
        estimate=estimate,
        rank=rank,
        is_completed=status_category == "done",
        completed_at=completed_at,
        is_archived=is_archived,
        trashed_at=trashed_at,
        sla=None,
        sla_breached=is_overdue(Due(due_date, due_at), status_category, today=today, now=moment),
        comments_count=comments,
        attachments_count=attachments,
        subtasks_count=subtasks,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


TASKS = Projection(
    TaskRow,
    COLUMNS,
    build_tasks,
    ANNOTATIONS,
    expandable=("assignees", "board", "category", "labels", "parent", "project", "reporter"),
    on_request={"description_html": lambda row: to_html(row.description)},
)
