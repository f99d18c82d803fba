"""Values that only just fit a type are answered, never crashed on."""

import base64
import json

import pytest

from tests.api import Api
from tests.cast import Cast
from workloom.core.filters import MOST_VALUES

TASKS = "/api/v1/tasks/"
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "query",
    [
        {"created_after": "9999-12-31"},
        {"created_before": "0001-01-01"},
        {"due_before": "9999-12-31T23:59:59Z"},
        {"due_date": "0001-01-01T00:00:00Z"},
    ],
)
def test_the_first_and_the_last_day_are_no_fault(api: Api, cast: Cast, query: dict[str, str], zone: str) -> None:
    cast.member.time_zone = zone
    cast.member.save(update_fields=["time_zone"])
    assert api.as_(cast.member).get(TASKS, query).status_code in {200, 400}


@pytest.mark.parametrize(("zone", "moment"), [(ZONES[1], "9999-12-31T23:59:59Z"), (ZONES[2], "0001-01-01T00:00:00Z")])
@pytest.mark.parametrize("name", ["due_date", "due_at"])
def test_an_instant_beyond_the_calendar_is_refused(api: Api, cast: Cast, zone: str, moment: str, name: str) -> None:
    cast.member.time_zone = zone
    cast.member.save(update_fields=["time_zone"])
    answer = api.as_(cast.member).post(TASKS, {"title": "T", "project": str(cast.project.pk), name: moment})
    assert answer.status_code == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_forged_cursor_beyond_the_calendar_is_refused(api: Api, cast: Cast, moment: str) -> None:
    place = json.dumps(["created_at", moment, str(cast.project.pk), False]).encode()
    query = {"ordering": "created_at", "cursor": base64.urlsafe_b64encode(place).decode()}
    answer = api.as_(cast.member).get(TASKS, query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("name", ["assignee", "label", "key", "status", "due_date"])
def test_more_values_than_a_database_takes_are_refused(api: Api, cast: Cast, name: str) -> None:
    value = {"key": "NEAR-1", "status": "todo", "due_date": "2026-11-30"}.get(name, str(cast.member.pk))
    member = api.as_(cast.member)
    assert member.get(TASKS, {name: ",".join([value] * MOST_VALUES)}).status_code == 200
    answer = member.get(TASKS, {name: ",".join([value] * (MOST_VALUES + 1))})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_many")
