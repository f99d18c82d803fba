"""Boards by the right that you need."""

from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Missing
from workloom.core.ids import NOBODY
from workloom.core.prepared import prepared
from workloom.people.rights.rules import Right, demand
from workloom.work.boards.models import Board
from workloom.work.projects.access import rights_on
from workloom.work.projects.models import Project
from workloom.work.projects.queries import with_roles


def access_board(actor: Actor, board_id: UUID, right: Right, *, lock: bool = False) -> Board:
    """Return a board in whose project the actor holds a right; raises Missing or Forbidden.

    Its lock is the project's and then its own, so that no board changes beside the workflow, and not all go at once.
    """
    board = _found.first(board_id, actor.id or NOBODY)
    if board is None:
        raise Missing
    demand(rights_on(actor, board.project_id, board), right, seen=Right.PROJECT_READ)
    if not lock:
        return board
    locked(Project.objects.filter(pk=board.project_id)).get()
    held = locked(Board.objects.filter(pk=board.pk)).first()
    if held is None:
        raise Missing
    return held


@prepared
def _found(board: UUID, person: UUID) -> QuerySet[Board]:
    rows = Board.objects.filter(pk=board, project__trashed_at__isnull=True).select_related("project")
    return with_roles(rows, person, "project", "project__workspace")
