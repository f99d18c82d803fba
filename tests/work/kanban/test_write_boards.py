from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from workloom.core.ids import uuid7
from workloom.events.queries import log_rows
from workloom.work.boards.models import Board
from workloom.work.boards.queries import first_board
from workloom.work.projects.models import Project

DEFAULT = ["backlog", "todo", "in_progress", "review", "done", "cancelled"]


def _errors(reply: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in reply.json()["errors"]]


def _make(api: Api, cast: Cast, **body: Any) -> Any:
    return api.as_(cast.manager).post("/api/v1/boards/", {"project": str(cast.project.pk), "name": "Plan", **body})


def _first(api: Api, cast: Cast) -> tuple[str, dict[str, Any]]:
    path = f"/api/v1/boards/{first_board(cast.project.pk).pk}/"
    return path, api.as_(cast.manager).get(path).json()


def _recorded() -> list[str]:
    return list(log_rows().order_by("n").values_list("type", flat=True))


def test_a_board_without_columns_gets_one_per_status(api: Api, cast: Cast) -> None:
    reply = _make(api, cast)
    assert reply.status_code == 201
    shown = reply.json()
    assert [column["statuses"] for column in shown["columns"]] == [[slug] for slug in DEFAULT]
    assert [column["name"] for column in shown["columns"]][:2] == ["Backlog", "To do"]
    assert (shown["position"], shown["version"], shown["project"]) == (1, 1, str(cast.project.pk))
    assert reply["Location"] == f"/api/v1/boards/{shown['id']}/"
    assert _recorded() == ["board.created"]


def test_columns_take_the_statuses_named_and_those_that_their_names_name(api: Api, cast: Cast) -> None:
    columns = [
        {"name": "To Do"},
        {"name": "Doing", "statuses": ["in progress", "REVIEW"], "wip_limit": 3},
        {"name": "Parked", "is_archived": True},
        {"name": "Backlog", "statuses": []},
        {"name": "Done"},
    ]
    shown = _make(api, cast, columns=columns).json()["columns"]
    assert [(one["name"], one["statuses"], one["wip_limit"], one["is_archived"]) for one in shown] == [
        ("To Do", ["todo"], None, False),
        ("Doing", ["in_progress", "review"], 3, False),
        ("Parked", [], None, True),
        ("Backlog", [], None, False),
        ("Done", ["done"], None, False),
    ]


def test_without_a_project_it_belongs_to_the_inbox(api: Api) -> None:
    person = make_user()
    reply = api.as_(person).post("/api/v1/boards/", {"title": "Home"})
    assert reply.status_code == 201
    assert reply.json()["project"] == str(Project.objects.get(inbox_of=person).pk)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": ""}, "name", "blank"),
        ({"columns": []}, "columns", "min_length"),
        ({"columns": [{"wip_limit": 1}]}, "columns.0.name", "required"),
        ({"columns": [{"name": "A", "wip_limit": 0}]}, "columns.0.wip_limit", "min_value"),
        ({"columns": [{"name": "A", "limit": 1}]}, "columns.0.limit", "unknown_field"),
        ({"columns": [{"name": "A", "statuses": ["gone"]}]}, "columns.0.statuses", "unknown_status"),
        ({"columns": [{"name": "A", "id": str(uuid7())}]}, "columns.0.id", "unknown_column"),
        (
            {"columns": [{"name": "A", "statuses": ["todo"]}, {"name": "B", "statuses": ["To do"]}]},
            "columns.1.statuses",
            "status_twice",
        ),
        ({"project": str(uuid7())}, "project", "unknown_project"),
        ({"position": -1}, "position", "min_value"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(api: Api, cast: Cast, body: Any, field: str, code: str) -> None:
    before = Board.objects.count()
    reply = _make(api, cast, **body)
    assert reply.status_code == 400
    assert _errors(reply) == [(field, code)]
    assert Board.objects.count() == before
    assert _recorded() == []


@pytest.mark.parametrize(("part", "status"), [("member", 403), ("viewer", 403), ("guest", 403), ("outsider", 400)])
def test_who_may_not_make_boards(api: Api, cast: Cast, part: str, status: int) -> None:
    body = {"project": str(cast.project.pk), "name": "Plan"}
    assert api.as_(cast.people[part]).post("/api/v1/boards/", body).status_code == status
    assert Board.objects.filter(project=cast.project).count() == 1


def test_a_board_put_in_a_taken_place_moves_the_others_on(api: Api, cast: Cast) -> None:
    first = first_board(cast.project.pk)
    made = _make(api, cast, position=0).json()
    assert first_board(cast.project.pk).pk != first.pk
    first.refresh_from_db()
    assert (first.position, first.version, made["position"]) == (1, 2, 0)
    assert _recorded() == ["board.updated", "board.created"]


def test_sending_back_what_was_read_changes_nothing(api: Api, cast: Cast) -> None:
    path, shown = _first(api, cast)
    reply = api.as_(cast.manager).put(path, shown)
    assert reply.status_code == 200
    assert reply.json()["version"] == 1
    assert _recorded() == []


def test_columns_keep_their_ids_through_changes(api: Api, cast: Cast) -> None:
    path, shown = _first(api, cast)
    ids = [column["id"] for column in shown["columns"]]
    columns = [
        {"id": ids[1], "name": "Next", "wip_limit": 2},
        {"name": "Doing", "statuses": ["in_progress", "review"]},
        {"id": ids[4]},
        {"id": ids[0], "is_archived": True},
    ]
    reply = api.as_(cast.manager).patch(path, {"columns": columns})
    assert reply.status_code == 200
    after = reply.json()["columns"]
    assert [(one["name"], one["statuses"], one["wip_limit"], one["is_archived"]) for one in after] == [
        ("Next", ["todo"], 2, False),
        ("Doing", ["in_progress", "review"], None, False),
        ("Done", ["done"], None, False),
        ("Backlog", ["backlog"], None, True),
    ]
    assert [after[at]["id"] for at in (0, 2, 3)] == [ids[1], ids[4], ids[0]]
    assert reply.json()["version"] == 2
    assert _recorded() == ["board.updated"]


def test_statuses_can_change_places_in_one_go(api: Api, cast: Cast) -> None:
    path, shown = _first(api, cast)
    columns = [{"id": column["id"], "statuses": column["statuses"]} for column in shown["columns"]]
    columns[0]["statuses"], columns[1]["statuses"] = columns[1]["statuses"], columns[0]["statuses"]
    after = api.as_(cast.manager).patch(path, {"columns": columns}).json()["columns"]
    assert [column["statuses"] for column in after][:2] == [["todo"], ["backlog"]]


def test_a_column_named_twice_or_of_another_board_is_refused(api: Api, cast: Cast) -> None:
    path, shown = _first(api, cast)
    key = shown["columns"][0]["id"]
    assert _errors(api.as_(cast.manager).patch(path, {"columns": [{"id": key}, {"id": key}]})) == [
        ("columns.1.id", "duplicate")
    ]
    foreign = str(first_board(cast.far_project.pk).columns.all()[0].pk)
    assert _errors(api.as_(cast.manager).patch(path, {"columns": [{"id": foreign, "name": "X"}]})) == [
        ("columns.0.id", "unknown_column")
    ]


def test_a_board_stays_in_its_project(api: Api, cast: Cast) -> None:
    path, _ = _first(api, cast)
    reply = api.as_(cast.manager).patch(path, {"project": str(cast.far_project.pk)})
    assert _errors(reply) == [("project", "read_only")]


def test_other_fields_are_merged_and_the_same_field_is_refused(api: Api, cast: Cast) -> None:
    path = _make(api, cast)["Location"]
    manager, stale = api.as_(cast.manager), {"If-Match": '"1"'}
    manager.patch(path, {"name": "Roadmap"})
    assert manager.patch(path, {"position": 7}, headers=stale).json()["name"] == "Roadmap"
    refused = manager.patch(path, {"name": "Plans"}, headers=stale)
    assert refused.status_code == 412
    assert refused.json()["current"]["name"] == "Roadmap"


@pytest.mark.parametrize(("part", "status"), [("member", 403), ("guest", 403), ("outsider", 404)])
def test_who_may_not_change_or_delete_boards(api: Api, cast: Cast, part: str, status: int) -> None:
    path, _ = _first(api, cast)
    _make(api, cast)
    recorded = _recorded()
    who = api.as_(cast.people[part])
    assert who.patch(path, {"name": "X"}).status_code == status
    assert who.put(path, {"name": "X"}).status_code == status
    assert who.delete(path).status_code == status
    assert _recorded() == recorded


def test_the_last_board_stays(api: Api, cast: Cast) -> None:
    path, _ = _first(api, cast)
    reply = api.as_(cast.manager).delete(path)
    assert reply.status_code == 409
    assert reply.json()["code"] == "last_board"


def test_tasks_of_a_deleted_board_move_to_the_first_other_one(api: Api, cast: Cast) -> None:
    path, first = _first(api, cast)
    manager = api.as_(cast.manager)
    second = _make(api, cast).json()
    _make(api, cast)
    task = manager.post("/api/v1/tasks/", {"title": "A", "board": first["id"]}).json()
    assert manager.delete(path).status_code == 204
    assert manager.get(f"/api/v1/tasks/{task['id']}/").json()["board"] == second["id"]
    assert manager.get(path).status_code == 404
    assert "board.deleted" in _recorded()
