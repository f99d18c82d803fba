from typing import Any

from tests.api import Api
from tests.cast import Cast
from workloom.events.queries import log_rows
from workloom.work.boards.models import Board
from workloom.work.boards.queries import columns_of, first_board

DEFAULT = ["backlog", "todo", "in_progress", "review", "done", "cancelled"]


def _set(api: Api, cast: Cast, statuses: list[dict[str, Any]], **more: Any) -> None:
    reply = api.as_(cast.admin).patch(f"/api/v1/projects/{cast.project.pk}/workflow/", {"statuses": statuses, **more})
    assert reply.status_code == 200, reply.json()


def _columns(board: Board) -> list[tuple[str, list[str]]]:
    return [(column.name, column.statuses) for column in columns_of([board.pk])[board.pk]]


def _slugs(*names: str) -> list[dict[str, Any]]:
    return [{"slug": name} for name in names]


def test_a_new_status_gets_a_column_behind_the_one_before_it(api: Api, cast: Cast) -> None:
    board = first_board(cast.project.pk)
    new = {"label": "Testing", "category": "review"}
    _set(api, cast, [*_slugs(*DEFAULT[:3]), new, *_slugs(*DEFAULT[3:])])
    assert [slugs for _, slugs in _columns(board)][2:5] == [["in_progress"], ["testing"], ["review"]]
    board.refresh_from_db()
    assert board.version == 2
    assert sorted(log_rows().values_list("type", flat=True)) == ["board.updated", "workflow.updated"]


def test_a_new_first_status_gets_the_first_column(api: Api, cast: Cast) -> None:
    _set(api, cast, [{"label": "Ideas", "category": "backlog"}, *_slugs(*DEFAULT)])
    assert _columns(first_board(cast.project.pk))[0] == ("Ideas", ["ideas"])


def test_other_boards_get_no_column(api: Api, cast: Cast) -> None:
    other = Board.objects.create(
        project=cast.project,
        name="Other",
        position=5,
        created_at=cast.project.created_at,
        updated_at=cast.project.created_at,
    )
    _set(api, cast, [*_slugs(*DEFAULT), {"label": "Ideas", "category": "backlog"}])
    assert _columns(other) == []
    other.refresh_from_db()
    assert other.version == 1


def test_a_column_called_like_its_status_follows_the_rename(api: Api, cast: Cast) -> None:
    statuses = _slugs(*DEFAULT)
    statuses[3]["label"] = "Quality check"
    _set(api, cast, statuses)
    assert _columns(first_board(cast.project.pk))[3] == ("Quality check", ["review"])


def test_a_column_goes_with_its_only_status(api: Api, cast: Cast) -> None:
    _set(api, cast, _slugs("backlog", "todo", "in_progress", "done", "cancelled"), successors={"review": "done"})
    assert [slugs for _, slugs in _columns(first_board(cast.project.pk))] == [
        ["backlog"], ["todo"], ["in_progress"], ["done"], ["cancelled"],
    ]  # fmt: skip


def test_a_column_shows_the_successor_where_that_has_no_place_yet(api: Api, cast: Cast) -> None:
    new = {"label": "Testing", "category": "review"}
    _set(api, cast, [*_slugs(*DEFAULT[:3]), new, *_slugs("done", "cancelled")], successors={"review": "testing"})
    assert _columns(first_board(cast.project.pk))[3] == ("Review", ["testing"])


def test_an_order_or_a_colour_changes_no_board(api: Api, cast: Cast) -> None:
    _set(api, cast, _slugs(*reversed(DEFAULT)))
    assert list(log_rows().values_list("type", flat=True)) == ["workflow.updated"]
