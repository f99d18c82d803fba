"""Cards of a board: what the caller may see, read at a cost that does not grow with the project."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now, today_in
from workloom.core.compound import read_all
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.paging import Cursor
from workloom.people.rights.rules import Right
from workloom.work.boards.models import Board
from workloom.work.boards.queries import placed_on
from workloom.work.boards.rows import BoardRow
from workloom.work.kanban.rows import BoardView, ColumnView
from workloom.work.projects.access import rights_on
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.projection import ANNOTATIONS
from workloom.work.tasks.rows import CardRow
from workloom.work.tasks.rules import PRIORITY_NAMES, Due, is_overdue

Spot = tuple[str, UUID]
"""Rank and id of a card."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How many cards each status has, and the spots of its first ones."""

    counts: Counter[UUID]
    spots: dict[UUID, list[Spot]]

    def of(self, statuses: Iterable[UUID], size: int) -> tuple[list[Spot], bool]:
        """Return the first spots of a column that shows these statuses, and whether there are more."""
        spots = sorted(spot for status in statuses for spot in self.spots.get(status, ()))
        return spots[:size], len(spots) > size


def cards_of(board: Board) -> QuerySet[Task]:
    """Return the tasks that a board shows to those who see all."""
    return Task.objects.filter(board=board, is_archived=False, trashed_at__isnull=True)


def own_cards(board: Board, actor: Actor) -> Q:
    """Return the condition for who sees only tasks that they report or work on."""
    reported = Task.objects.filter(board=board, reporter=actor.id).values("pk")
    assigned = Task.objects.filter(board=board, assignments__user=actor.id).values("pk")
    return Q(pk__in=reported) | Q(pk__in=assigned)


def visible_cards(board: Board, actor: Actor) -> QuerySet[Task]:
    """Return the tasks that a board, which `access_board` returned, shows to an actor."""
    rights = rights_on(actor, board.project_id, board)
    if Right.TASK_READ in rights:
        return cards_of(board)
    return cards_of(board).filter(own_cards(board, actor)) if Right.TASK_READ_OWN in rights else Task.objects.none()


def first_windows(board: Board, statuses: Sequence[UUID], actor: Actor, size: int) -> Windows:
    """Read counts and first spots of each status; who sees all reads no more than `size` + 1 cards of each.

    Counts come from the index `task_on_board` alone, which holds all that they ask for.
    """
    found = visible_cards(board, actor)
    if Right.TASK_READ not in rights_on(actor, board.project_id, board):
        return _all_spots(found)
    parts = [
        found.filter(status=status).order_by("rank")[: size + 1].values_list("status_id", "rank", "pk")
        for status in statuses
    ]
    spots: dict[UUID, list[Spot]] = defaultdict(list)
    for status, rank, task in read_all(parts):
        spots[_uuid(status)].append((rank, _uuid(task)))
    counts = found.order_by().values("status_id").annotate(cards=Count("*")).values_list("status_id", "cards")
    return Windows(Counter(dict(counts)), spots)


def _all_spots(found: QuerySet[Task]) -> Windows:
    spots: dict[UUID, list[Spot]] = defaultdict(list)
    for status, rank, task in found.order_by("rank").values_list("status_id", "rank", "pk"):
        spots[status].append((rank, task))
    return Windows(Counter({status: len(some) for status, some in spots.items()}), spots)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _build_cards(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[CardRow]:
    moment = now()
    today = {zone: today_in(zone, moment) for zone in {line[_ZONE] for line in lines}}
    return [
        CardRow(
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
            sla_breached=is_overdue(Due(due_date, due_at), category, today=today[zone], now=moment),
            comments_count=comments,
            attachments_count=attachments,
            subtasks_count=subtasks,
            version=version,
        )
        for (
            task, project_key, number, title, status, category, priority, due_date, due_at, rank,
            comments, attachments, subtasks, version, zone, labels, assignees,
        ) in lines
    ]  # fmt: skip


_ZONE = 14
CARDS = Projection(
    CardRow,
    (
        "pk", "project__key", "number", "title", "status__slug", "status_category", "priority", "due_date", "due_at",
        "rank", "comments_count", "attachments_count", "subtasks_count", "version", "project__time_zone", "label_ids",
        "assignee_ids",
    ),
    _build_cards,
    ANNOTATIONS,
)  # fmt: skip
CARD_LIST = Listing(CARDS, {"rank": Order("rank", str)}, default="rank")


def cards_by_id(tasks: Sequence[UUID], actor: Actor) -> dict[UUID, CardRow]:
    """Return cards that were found visible."""
    return {card.id: card for card in CARDS.by_id(Task, tasks, Wanted(actor))}


def board_view(board: Board, row: BoardRow, actor: Actor, size: int) -> BoardView:
    """Return a board with the first `size` cards of each column that is not archived."""
    placed = {column: [status for status, _ in statuses] for column, statuses in placed_on([board.pk]).items()}
    shown = [status for column in row.columns if not column.is_archived for status in placed.get(column.id, ())]
    windows = first_windows(board, shown, actor, size)
    parts = {column.id: windows.of(placed.get(column.id, ()), size) for column in row.columns if not column.is_archived}
    cards = cards_by_id([task for spots, _ in parts.values() for _, task in spots], actor)
    columns = []
    for column in row.columns:
        count = sum(windows.counts[status] for status in placed.get(column.id, ()))
        spots, has_more = parts.get(column.id, ([], count > 0))
        address = f"/api/v1/boards/{board.pk}/columns/{column.id}/cards/"
        columns.append(
            ColumnView(
                id=column.id,
                name=column.name,
                statuses=column.statuses,
                wip_limit=column.wip_limit,
                is_archived=column.is_archived,
                count=count,
                over_limit=column.wip_limit is not None and count > column.wip_limit,
                cards=[cards[task] for _, task in spots if task in cards],
                next=f"{address}{_after(spots)}" if has_more else None,
            )
        )
    return BoardView(row.id, row.project, row.name, row.position, columns, row.version, row.created_at, row.updated_at)


def _after(spots: Sequence[Spot]) -> str:
    return f"?cursor={Cursor('rank', *spots[-1]).encode()}" if spots else ""
