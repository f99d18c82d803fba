"""Cards of a board: what the caller may see, read at a cost that does not grow with the project."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now, today_in
from workloom.core.conditions import later
from workloom.core.ids import NOBODY
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.paging import Cursor
from workloom.core.prepared import prepared
from workloom.core.spelled import SpelledIdsOf
from workloom.people.rights.rules import Right
from workloom.work.boards.models import Board
from workloom.work.boards.queries import PlacedColumn, placed_columns
from workloom.work.kanban.rows import BoardView, ColumnView
from workloom.work.projects.access import rights_on
from workloom.work.tasks.models import Assignment, Task, TaskLabel
from workloom.work.tasks.rows import CardRow
from workloom.work.tasks.rules import PRIORITY_NAMES, Due, is_overdue


def visible_cards(board: Board, actor: Actor) -> Q:
    """Return, as data, the condition on tasks that a board, which `access_board` returned, shows them to an actor."""
    rights = rights_on(actor, board.project_id, board)
    if not rights & {Right.TASK_READ, Right.TASK_READ_OWN}:
        return Q(pk__in=[])
    cards = Q(board=board.pk, is_archived=False, trashed_at__isnull=True)
    return cards if Right.TASK_READ in rights else cards & later(_own, board.pk, actor.id or NOBODY)


def _own(board: UUID, person: UUID) -> Q:
    """Return the condition for who sees only tasks that they report or work on."""
    reported = Task.objects.filter(board=board, reporter=person).values("pk")
    assigned = Task.objects.filter(board=board, assignments__user=person).values("pk")
    return Q(pk__in=reported) | Q(pk__in=assigned)


_COLUMNS = (
    "pk", "number", "title", "status_category", "priority", "due_date", "due_at", "rank", "comments_count",
    "attachments_count", "subtasks_count", "version", "label_ids", "assignee_ids",
)  # fmt: skip
_STATUS, _TASK = 0, 1
_RANK = _TASK + _COLUMNS.index("rank")
_ANNOTATIONS = {
    "label_ids": SpelledIdsOf(TaskLabel, "task", "label"),
    "assignee_ids": SpelledIdsOf(Assignment, "task", "user"),
}


def _card(line: Sequence[Any], project_key: str, status: str, today: date, moment: datetime) -> CardRow:
    (
        _, task, number, title, category, priority, due_date, due_at, rank, comments,
        attachments, subtasks, version, labels, assignees,
    ) = line  # fmt: skip
    return CardRow(
        id=task,
        key=f"{project_key}-{number}",
        title=title,
        status=status,
        priority=PRIORITY_NAMES[priority],
        assignees=assignees,
        labels=labels,
        due_date=due_date,
        due_at=due_at,
        rank=rank,
        is_completed=category == "done",
        sla_breached=due_date is not None and is_overdue(Due(due_date, due_at), category, today=today, now=moment),
        comments_count=comments,
        attachments_count=attachments,
        subtasks_count=subtasks,
        version=version,
    )


def _build_cards(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[CardRow]:
    moment = now()
    today = {zone: today_in(zone, moment) for zone in {line[-1] for line in lines}}
    return [_card(line, key, status, today[zone], moment) for *line, key, status, zone in lines]


CARDS = Projection(
    CardRow,
    ("status_id", *_COLUMNS, "project__key", "status__slug", "project__time_zone"),
    _build_cards,
    _ANNOTATIONS,
)
CARD_LIST = Listing(CARDS, {"rank": Order("rank", str)}, default="rank")


@prepared
def _counts(cards: Q) -> QuerySet[Task, tuple[UUID, int]]:
    """Count by status, out of the index `task_on_board` alone, which holds all that is asked for."""
    found = Task.objects.filter(cards).order_by()
    return found.values("status_id").annotate(cards=Count("*")).values_list("status_id", "cards")


@prepared
def _first(cards: Q, status: UUID, *, most: int) -> QuerySet[Task, tuple[Any, ...]]:
    found = CARDS.prepared(Task.objects.filter(cards, status=status)).order_by("rank")[:most]
    return found.values_list("status_id", *_COLUMNS)


@dataclass(frozen=True, slots=True)
class _Cards:
    """What of a board's cards was read: their numbers by status, and the first of each."""

    counts: Mapping[UUID, int]
    first: Mapping[UUID, list[Sequence[Any]]]

    def of(self, column: PlacedColumn) -> list[Sequence[Any]]:
        """Return those that were read of a column, in its order."""
        return sorted(
            (line for status in column.statuses for line in self.first.get(status, ())), key=itemgetter(_RANK)
        )

    def count(self, column: PlacedColumn) -> int:
        return sum(self.counts.get(status, 0) for status in column.statuses)


def _read_cards(board: Board, columns: Sequence[PlacedColumn], actor: Actor, most: int) -> _Cards:
    """Read no more than `most` cards of each status, however many there are; archived columns show none."""
    visible = visible_cards(board, actor)
    shown = [(visible, status) for column in columns if not column.row.is_archived for status in column.statuses]
    first: dict[UUID, list[Sequence[Any]]] = defaultdict(list)
    for line in _first.each(shown, most=most):
        first[line[_STATUS]].append(line)
    return _Cards(dict(_counts(visible)), first)


def board_view(board: Board, actor: Actor, size: int) -> BoardView:
    """Return a board, which `access_board` returned, with the first `size` cards of each column that is not archived."""
    columns = placed_columns([board.pk])[board.pk]
    cards = _read_cards(board, columns, actor, size + 1)
    moment, project = now(), board.project
    today, key = today_in(project.time_zone, moment), project.key
    views = []
    for placed in columns:
        column, count, lines = placed.row, cards.count(placed), cards.of(placed)
        slugs = dict(zip(placed.statuses, column.statuses, strict=True))
        has_more = count > 0 if column.is_archived else len(lines) > size
        address = f"/api/v1/boards/{board.pk}/columns/{column.id}/cards/"
        views.append(
            ColumnView(
                id=column.id,
                name=column.name,
                statuses=column.statuses,
                wip_limit=column.wip_limit,
                is_archived=column.is_archived,
                count=count,
                over_limit=column.wip_limit is not None and count > column.wip_limit,
                cards=[_card(line, key, slugs[line[_STATUS]], today, moment) for line in lines[:size]],
                next=f"{address}{_behind(lines[:size])}" if has_more else None,
            )
        )
    return BoardView(
        board.pk, board.project_id, board.name, board.position, views, board.version, board.created_at, board.updated_at
    )


def _behind(lines: Sequence[Sequence[Any]]) -> str:
    return f"?cursor={Cursor('rank', lines[-1][_RANK], lines[-1][_TASK]).encode()}" if lines else ""
