"""The first board of a project."""

from collections.abc import Mapping, Sequence
from typing import Any

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.text import fold
from workloom.events.record import Event, record
from workloom.work.boards.events import BoardCreated
from workloom.work.boards.models import Board, Column, ColumnStatus
from workloom.work.boards.rules import FIRST_NAME
from workloom.work.projects.models import Project
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import statuses_of


@write
def furnish_project(project: Project, *, actor: Actor) -> Board:
    """Give a new project its first board: a column for each status."""
    at = now()
    board = Board.objects.create(
        project=project, name=FIRST_NAME, search_key=fold(FIRST_NAME), created_at=at, updated_at=at
    )
    column_per_status(board, statuses_of(project.pk))
    record_board(BoardCreated, board, {"name": (None, board.name)}, actor=actor)
    return board


def column_per_status(board: Board, statuses: Sequence[Status]) -> None:
    """Give an empty board a column for each status."""
    columns = [Column(board=board, name=status.label, position=at) for at, status in enumerate(statuses)]
    Column.objects.bulk_create(columns)
    ColumnStatus.objects.bulk_create(
        ColumnStatus(board=board, column=column, status=status)
        for column, status in zip(columns, statuses, strict=True)
    )


def record_board(kind: type[Event], board: Board, changes: Mapping[str, tuple[Any, Any]], *, actor: Actor) -> None:
    """Record what became of a board at its present version."""
    event = kind(
        object_id=board.pk,
        version=board.version,
        workspace=board.project.workspace_id,
        project=board.project_id,
        changes=changes,
    )
    record(event, actor=actor)
