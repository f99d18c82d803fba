"""Reading boards."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.filters import reference, words
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.prepared import Question, prepared
from workloom.people.rights.rules import Right
from workloom.work.boards.models import Board, Column
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


def asking_first_board(project_id: UUID) -> Question:
    """Return what `first_board` asks, for `asked_together`."""
    return _first_board.asking(project_id)


@prepared
def _first_board(project: UUID) -> QuerySet[Board]:
    """With it comes the workflow's initial status, which new tasks mostly want too."""
    shown = ("project__workflow__initial__" + name for name in ("project_id", "slug", "label", "category"))
    placed = boards_of(project).select_related("project__workflow__initial")
    return placed.only("project_id", "name", "project__workflow__project_id", *shown)[:1]


class PlacedColumn(NamedTuple):
    """A column with the ids of the statuses that it shows, in the order of their slugs in its row."""

    row: ColumnRow
    statuses: list[UUID]


def placed_columns(boards: Iterable[UUID]) -> dict[UUID, list[PlacedColumn]]:
    """Return the columns of each board in their order, in one query however many boards there are."""
    keys = list(boards)
    found: dict[UUID, dict[UUID, PlacedColumn]] = {board: {} for board in keys}
    for board, key, name, wip_limit, is_archived, status, slug in _placed(keys) if keys else ():
        columns = found[board]
        if key not in columns:
            columns[key] = PlacedColumn(ColumnRow(key, name, [], wip_limit, is_archived), [])
        if status is not None:
            columns[key].row.statuses.append(slug)
            columns[key].statuses.append(status)
    return {board: list(columns.values()) for board, columns in found.items()}


@prepared
def _placed(boards: list[UUID]) -> QuerySet[Column, tuple[Any, ...]]:
    columns = Column.objects.filter(board__in=boards).order_by("position", "id", "placed__position", "placed__id")
    return columns.values_list(
        "board_id", "pk", "name", "wip_limit", "is_archived", "placed__status_id", "placed__status__slug"
    )


def columns_of(boards: Iterable[UUID]) -> dict[UUID, list[ColumnRow]]:
    """Return the columns of each board as they are shown."""
    return {board: [column.row for column in columns] for board, columns in placed_columns(boards).items()}


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
