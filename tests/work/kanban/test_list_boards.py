from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from workloom.core.actor import SYSTEM
from workloom.work.boards.actions import create_board
from workloom.work.boards.rules import NewBoard


def _names(api: Api, **query: Any) -> list[str]:
    reply = api.get("/api/v1/boards/", {"ordering": "name", **query})
    assert reply.status_code == 200, reply.json()
    return [row["name"] for row in reply.json()["results"]]


def _make(cast: Cast, *names: str) -> None:
    for name in names:
        create_board(cast.project, NewBoard(name), actor=SYSTEM)


def test_one_sees_the_boards_of_the_projects_that_one_sees(api: Api, cast: Cast) -> None:
    _make(cast, "Roadmap", "alpha")
    assert _names(api.as_(cast.viewer), project=str(cast.project.pk)) == ["alpha", "Board", "Roadmap"]
    assert _names(api.as_(cast.outsider), project=str(cast.project.pk)) == []
    assert _names(api.as_(cast.viewer), search="ROAD") == ["Roadmap"]
    found = api.as_(cast.viewer).get("/api/v1/boards/", {"project": str(cast.project.pk), "ordering": "position"})
    assert [row["name"] for row in found.json()["results"]] == ["Board", "Roadmap", "alpha"]


def test_the_first_list_of_a_person_shows_the_board_of_their_inbox(api: Api) -> None:
    assert _names(api.as_(make_user())) == ["Board"]


@pytest.mark.parametrize("query", [{"workspace": "x"}, {"project": "1"}, {"ordering": "columns"}])
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    reply = api.as_(cast.viewer).get("/api/v1/boards/", query)
    assert reply.status_code == 400
    assert [one["field"] for one in reply.json()["errors"]] == list(query)


def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast) -> None:
    viewer = api.as_(cast.viewer)
    viewer.get("/api/v1/boards/")
    costs = []
    for number in (2, 27):
        _make(cast, *(f"Board {at}" for at in range(number)))
        with CaptureQueriesContext(connection) as queries:
            assert len(viewer.get("/api/v1/boards/", {"page_size": 200}).json()["results"]) > number
        costs.append(len(queries))
    assert costs[0] == costs[1]
