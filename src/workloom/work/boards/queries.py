"""Reading boards."""

from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.people.rights.rules import Right
from workloom.work.boards.models import Board
from workloom.work.projects.queries import in_projects


def visible_boards(actor: Actor) -> QuerySet[Board]:
    """Return the boards of the projects that the actor sees."""
    return Board.objects.filter(in_projects(actor, Right.PROJECT_READ))


def boards_of(project_id: UUID) -> QuerySet[Board]:
    """Return a project's boards, the first of which takes tasks that name none."""
    return Board.objects.filter(project=project_id).order_by("position", "id")


def first_board(project_id: UUID) -> Board:
    """Return the board that takes tasks that name none."""
    return boards_of(project_id)[0]
