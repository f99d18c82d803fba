"""The doors to boards."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from msgspec import UNSET, UnsetType
from rest_framework.request import Request

from workloom.core.errors import Invalid, Missing
from workloom.core.http.conditional import etag_of
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.http.params import shape_of
from workloom.core.http.rendering import json_answer
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.boards.access import access_board
from workloom.work.boards.actions import change_board, create_board, delete_board
from workloom.work.boards.models import Board
from workloom.work.boards.queries import BOARD_LIST, BOARDS, placed_columns, visible_boards
from workloom.work.boards.rows import BoardRow
from workloom.work.kanban.queries import CARD_LIST, board_view, visible_cards
from workloom.work.kanban.rows import BoardView
from workloom.work.kanban.serializers import EditBoardIn, NewBoardIn
from workloom.work.projects.access import access_project
from workloom.work.projects.actions import ensure_home, welcome
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task
from workloom.work.tasks.rows import CardRow

USUAL_WINDOW = 50
LARGEST_WINDOW = 200


class BoardList(Endpoint):
    """Boards of all projects that one sees."""

    @operation("List boards", listing=BOARD_LIST, reply=BoardRow)
    def get(self, request: Request) -> HttpResponse:
        """Boards of the projects that you see, with their columns, in pages."""
        welcome(self.actor)
        return self.page(BOARD_LIST, visible_boards(self.actor))

    @operation("Create a board", body=NewBoardIn, shows=BOARDS, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Without `columns` it gets one per status; a column without `statuses` takes the status that its name names.

        A status stands in at most one column of a board. The project's first board by `position` takes tasks that
        name no board.
        """
        wanted = self.parse(NewBoardIn)
        board = create_board(self._project(wanted.project), wanted, actor=self.actor)
        found = Board.objects.filter(pk=board.pk)
        return self.show(BOARDS, found, status=201, location=f"/api/v1/boards/{board.pk}/")

    def _project(self, named: UUID | UnsetType) -> Project:
        project = ensure_home(self.actor).pk if named is UNSET else named
        try:
            return access_project(self.actor, project, Right.BOARD_EDIT, lock=True)
        except Missing as error:
            raise Invalid("project", "unknown_project", "There is no such project that you may see.") from error


class BoardItem(Endpoint):
    """One board."""

    asks_along = True

    @operation(
        "Get a board",
        reply=BoardView,
        is_shaped=True,
        parameters={
            "window": f"How many cards of each column to show, from 1 to {LARGEST_WINDOW}; {USUAL_WINDOW} when absent."
        },
        errors=(404,),
    )
    def get(self, request: Request, board_id: UUID) -> HttpResponse:
        """The columns with counts and their first cards by rank; `next` of a column leads to those that follow.

        Cards that you may not see, archived ones and those in the trash are left out. A column over its `wip_limit`
        says so in `over_limit`, and refuses nothing. The ETag is for If-Match: it names the board's own version, which
        the cards do not change, so the answer is never 304.
        """
        board = access_board(self.actor, board_id, Right.PROJECT_READ)
        shape = shape_of(request.query_params, BoardView, ())
        view = board_view(board, self.actor, self._window())
        if shape.fields is not None:
            return json_answer(shape.narrowed(view))
        return json_answer(view, headers={"ETag": etag_of(view.version)})

    @operation("Change a board", body=EditBoardIn, shows=BOARDS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, board_id: UUID) -> HttpResponse:
        """Changes what is sent; `columns` is sent as the whole list, in order, those that stay with their `id`."""
        return self._change(board_id)

    @operation("Replace a board", body=EditBoardIn, shows=BOARDS, errors=(403, 404, 409, 412))
    def put(self, request: Request, board_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent."""
        return self._change(board_id)

    @operation("Delete a board", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, board_id: UUID) -> HttpResponse:
        """Its tasks move to the project's first other board; the last board of a project stays."""
        board = access_board(self.actor, board_id, Right.BOARD_EDIT, lock=True)
        self.guard(board.version, lambda: self._row(board))
        delete_board(board, actor=self.actor)
        return self.done()

    def _change(self, board_id: UUID) -> HttpResponse:
        board = access_board(self.actor, board_id, Right.BOARD_EDIT, lock=True)

        def current() -> BoardRow:
            return self._row(board)

        wish = self.parse(EditBoardIn, current=current)
        sent = sent_fields(wish)
        self.guard(board.version, current, sent=sent, touched=lambda at: fields_touched_since(board.pk, at))
        change_board(board, wish, actor=self.actor)
        return self.show(BOARDS, board)

    def _row(self, board: Board) -> BoardRow:
        return BOARDS.one(Board.objects.filter(pk=board.pk), Wanted(self.actor))

    def _window(self) -> int:
        text = self.request.query_params.get("window", str(USUAL_WINDOW))
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LARGEST_WINDOW):
            raise Invalid("window", "invalid_value", f"window takes a whole number from 1 to {LARGEST_WINDOW}.")
        return int(text)


class ColumnCards(Endpoint):
    """The cards of one column."""

    asks_along = True

    @operation("List a column's cards", listing=CARD_LIST, reply=CardRow, errors=(404,))
    def get(self, request: Request, board_id: UUID, column_id: UUID) -> HttpResponse:
        """By rank, in pages; the first one, or those behind the cursor that the board gave."""
        board = access_board(self.actor, board_id, Right.PROJECT_READ)
        for column in placed_columns([board.pk])[board.pk]:
            if column.row.id == column_id:
                shown = Q(status__in=column.statuses)
                return self.page(CARD_LIST, Task.objects.all(), visible_cards(board, self.actor) & shown)
        raise Missing
