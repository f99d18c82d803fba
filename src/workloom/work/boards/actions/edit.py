"""Making, changing and deleting boards. Their project's row is locked by the caller."""

from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.core.ids import uuid7
from workloom.core.text import fold
from workloom.work.boards.actions.columns import picture_of, set_columns
from workloom.work.boards.actions.furnish import column_per_status, record_board
from workloom.work.boards.events import BoardCreated, BoardDeleted, BoardUpdated
from workloom.work.boards.models import Board
from workloom.work.boards.queries import boards_of
from workloom.work.boards.rules import BoardWish, NewBoard
from workloom.work.projects.models import Project
from workloom.work.workflows.queries import statuses_of


@write
def create_board(project: Project, wanted: NewBoard, *, actor: Actor) -> Board:
    """Make a board; raises Invalid for columns that cannot be."""
    at = now()
    last = boards_of(project.pk).last()
    following = last.position + 1 if last else 0
    board = Board(
        id=uuid7() if wanted.id is UNSET else wanted.id,
        project=project,
        name=wanted.name,
        search_key=fold(wanted.name),
        position=following if wanted.position is UNSET else wanted.position,
        created_at=at,
        updated_at=at,
    )
    _make_room(board, actor)
    board.save(force_insert=True)
    if wanted.columns is UNSET:
        column_per_status(board, statuses_of(project.pk))
    else:
        set_columns(board, wanted.columns)
    record_board(BoardCreated, board, {"name": (None, board.name)}, actor=actor)
    return board


@write
def change_board(board: Board, wish: BoardWish, *, actor: Actor) -> Board:
    """Change what is wished; raises Invalid for columns that cannot be."""
    changes: dict[str, tuple[object, object]] = {}
    if wish.name is not UNSET and wish.name != board.name:
        changes["name"] = (board.name, wish.name)
        board.name, board.search_key = wish.name, fold(wish.name)
    if wish.position is not UNSET and wish.position != board.position:
        changes["position"] = (board.position, wish.position)
        board.position = wish.position
        _make_room(board, actor)
    if wish.columns is not UNSET:
        before = picture_of(board)
        set_columns(board, wish.columns)
        after = picture_of(board)
        if after != before:
            changes["columns"] = (before, after)
    touch(board, changes, actor=actor)
    return board


@write
def delete_board(board: Board, *, actor: Actor) -> None:
    """Delete a board whose tasks move to the first other one; raises Conflict for the last."""
    successor = boards_of(board.project_id).exclude(pk=board.pk).first()
    if successor is None:
        raise Conflict("last_board", "A project keeps at least one board. Make another one first.")
    seams.call("board_removed", board, successor, actor=actor)
    board.version += 1
    record_board(BoardDeleted, board, {"name": (board.name, None)}, actor=actor)
    board.delete()


def touch(board: Board, changes: dict[str, tuple[object, object]], *, actor: Actor) -> None:
    """Save and record what changed, if anything did."""
    if not changes:
        return
    board.version += 1
    board.updated_at = now()
    board.save(update_fields=["name", "search_key", "position", "version", "updated_at"])
    record_board(BoardUpdated, board, changes, actor=actor)


def _make_room(board: Board, actor: Actor) -> None:
    """Move the boards from a position on up by one when it is taken."""
    others = list(boards_of(board.project_id).exclude(pk=board.pk).filter(position__gte=board.position))
    if not others or others[0].position != board.position:
        return
    for other in others:
        other.position += 1
        touch(other, {"position": (other.position - 1, other.position)}, actor=actor)
