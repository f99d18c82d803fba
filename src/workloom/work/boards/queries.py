"""Reading boards."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.filters import reference, words
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.prepared import prepared
from workloom.people.rights.rules import Right
from workloom.work.boards.models import Board, Column, ColumnStatus
from workloom.work.boards.rows import BoardRow, ColumnRow
from workloom.work.projects.queries import in_projects


def visible_boards(actor: Actor) -> QuerySet[Board]:
    """Return the boards of the projects that the actor sees."""
    return Board.objects.filter(in_projects(actor, Right.PROJECT_READ))


def boards_of(project_id: UUID) -> QuerySet[Board]:
    """Return a project's boards, the first of which takes tasks that name none."""
    return Board.objects.filter(project=project_id).order_by("position", "id")


def first_board(project_id: UUID) -> Board:
    """Return the board that takes tasks that name none."""
    [board] = _first_board(project_id)
    return board


@prepared
def _first_board(project: UUID) -> QuerySet[Board]:
    return boards_of(project)[:1]


def placed_on(boards: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return ids and slugs of the statuses that each column of some boards shows."""
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    placed = ColumnStatus.objects.filter(board__in=list(boards)).order_by("position", "id")
    for column, status, slug in placed.values_list("column_id", "status_id", "status__slug"):
        found.setdefault(column, []).append((status, slug))
    return found


def columns_of(boards: Iterable[UUID]) -> dict[UUID, list[ColumnRow]]:
    """Return the columns of each board in their order, in two queries however many boards there are."""
    keys = list(boards)
    placed = placed_on(keys)
    found: dict[UUID, list[ColumnRow]] = {board: [] for board in keys}
    columns = Column.objects.filter(board__in=keys).order_by("position", "id")
    for board, key, name, wip_limit, is_archived in columns.values_list(
        "board_id", "pk", "name", "wip_limit", "is_archived"
    ):
        slugs = [slug for _, slug in placed.get(key, [])]
        found[board].append(ColumnRow(key, name, slugs, wip_limit, is_archived))
    return found


def _board_rows(raw: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[BoardRow]:
    columns = columns_of(line[0] for line in raw)
    return [
        BoardRow(board, project, name, position, columns[board], *rest) for board, project, name, position, *rest in raw
    ]


BOARDS = Projection(
    row=BoardRow,
    columns=("pk", "project_id", "name", "position", "version", "created_at", "updated_at"),
    build=_board_rows,
)
BOARD_LIST = Listing(
    projection=BOARDS,
    orders={
        "position": Order("position", int),
        "name": Order("search_key", str),
        "created_at": Order("created_at"),
        "updated_at": Order("updated_at"),
    },
    filters={
        "project": reference("project", "The project's id."),
        "search": words("search_key", "Words of the name, in any case."),
    },
    aliases={"title": "name", "project_id": "project"},
)
