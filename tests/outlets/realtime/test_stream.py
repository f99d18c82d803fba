"""The same over server-sent events: held open by a server that can, in pieces by one that cannot."""

from typing import Any

import pytest
from django.db import Error as DatabaseFault

from tests.api import Api
from tests.cast import Cast
from tests.factories import access_token, make_session, personal_token
from tests.outlets.realtime.listening import Client, Listening
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.core.db import run_write
from workloom.core.ids import uuid7
from workloom.events.queries import last_seq
from workloom.outlets.realtime import rules
from workloom.outlets.realtime.doors import stream
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.rows import TaskUpdate
from workloom.people.accounts.actions import end_session

PATH = "/api/v1/events/stream/"
real = pytest.mark.django_db(transaction=True)


def events(text: str) -> list[dict[str, str]]:
    """Read a stream as a browser does: blocks of fields, comments left out."""
    found = []
    for block in text.split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            found.append({name: value for name, _, value in lines})
    return found


def beginning(client: Client) -> dict[str, str]:
    """The first parts of a stream without a past: when to come back, and where it begins."""
    assert client.part() == f"retry: {rules.RETRY_MS}\n\n"
    return events(client.part())[0]


@real
def test_a_stream_stays_open_and_tells(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    client = house.stream(cast.member)
    begin = beginning(client)
    headers = dict(client.head["headers"])
    assert client.head["status"] == 200
    assert headers[b"content-type"] == b"text/event-stream"
    assert headers[b"x-accel-buffering"] == b"no"
    assert b"content-length" not in headers
    assert b"x-request-id" in headers
    task = make_task(cast.project, cast.admin, "News")
    [event] = events(client.part())
    assert (event["event"], int(event["id"])) == ("task_update", int(begin["id"]) + 1)
    assert str(task.pk) in event["data"]
    assert "\n" not in event["data"]


@real
@pytest.mark.parametrize("by", ["header", "parameter"])
def test_a_stream_goes_on_where_it_was_left(house: Listening, transactional_cast: Cast, by: str) -> None:
    cast = transactional_cast
    begin = last_seq()
    make_tasks(cast.project, cast.admin, ["One", "Two", "Three"])
    after = str(begin + 1)
    client = (
        house.stream(cast.member, last_event_id=after)
        if by == "header"
        else house.stream(cast.member, f"after={after}")
    )
    client.part()
    told = [events(client.part())[0] for _ in range(2)]
    assert [int(event["id"]) for event in told] == [begin + 2, begin + 3]
    make_task(cast.project, cast.admin, "Live")
    assert events(client.part())[0]["id"] == str(begin + 4)


@real
def test_a_stream_narrows_to_projects(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    client = house.stream(cast.operator, f"projects={cast.far_project.pk}")
    beginning(client)
    make_task(cast.project, cast.admin, "Near")
    make_task(cast.far_project, cast.outsider, "Far")
    assert "Far" in events(client.part())[0]["data"]


@real
def test_a_stream_ends_with_the_session_that_opened_it(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    session = make_session(cast.member)
    client = house.stream(access_token(cast.member, session))
    beginning(client)
    run_write(lambda: end_session(session, actor=acting(cast.member)))
    make_task(cast.project, cast.admin, "Secret")
    [event] = events(client.part())
    assert (event["event"], "not_signed_in" in event["data"]) == ("error", True)
    assert client.event() == {"type": "http.response.body", "body": b"", "more_body": False}
    assert client.ended.wait(20)


@real
def test_a_client_that_leaves_is_forgotten(house: Listening, transactional_cast: Cast) -> None:
    client = house.stream(transactional_cast.member)
    beginning(client)
    assert house.live.hub.count_of(transactional_cast.member.pk) == 1
    client.leave()
    assert house.live.hub.count_of(transactional_cast.member.pk) == 0


@real
def test_a_stream_that_cannot_begin_is_ended(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Hub) -> int:
        raise DatabaseFault("gone")

    monkeypatch.setattr(stream, "present_floor", fail)
    client = house.stream(transactional_cast.member)
    client.part()
    [event] = events(client.part())
    assert (event["event"], "try_again" in event["data"]) == ("error", True)
    assert client.ended.wait(20)
    assert house.live.hub.count_of(transactional_cast.member.pk) == 0


@real
def test_streams_count_like_sockets(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.joined(transactional_cast.member)
    monkeypatch.setattr("workloom.outlets.realtime.doors.stream.MOST_CONNECTIONS", 1)
    client = house.stream(transactional_cast.member)
    assert b"throttled" in client.event()["body"]
    assert client.head["status"] == 429


@real
def test_a_request_that_is_refused_is_answered_as_ever(house: Listening, transactional_cast: Cast) -> None:
    client = house.stream(None)
    assert b"not_authenticated" in client.event()["body"]
    assert client.head["status"] == 401


def lines(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/event-stream"
    return events(answer.content.decode())


def test_without_a_place_it_says_where_the_log_ends(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "Before")
    assert lines(api.as_(cast.member).get(PATH)) == [{"retry": "3000"}, {"id": str(last_seq())}]


def test_with_a_place_it_says_what_was_missed(api: Api, cast: Cast) -> None:
    begin = last_seq()
    with api.commit(execute=True):
        make_tasks(cast.project, cast.admin, ["One", "Two"])
    told = lines(api.as_(cast.member).get(PATH, headers={"Last-Event-ID": str(begin)}))
    assert [event.get("event") for event in told] == [None, "task_update", "task_update", None]
    assert [event.get("id") for event in told[1:]] == [str(begin + 1), str(begin + 2), str(begin + 2)]


def test_a_guest_misses_only_what_is_theirs(api: Api, cast: Cast) -> None:
    begin = last_seq()
    with api.commit(execute=True):
        make_task(cast.project, cast.admin, "Not theirs")
        make_task(cast.project, cast.admin, "Theirs", assignees=(cast.guest.pk,))
    told = lines(api.as_(cast.guest).get(PATH, {"after": str(begin)}))
    assert [event["event"] for event in told if "event" in event] == ["task_update"]


def test_other_addresses_are_the_same_stream(api: Api, cast: Cast) -> None:
    for path in ("/api/events/stream/", "/api/events/stream", "/api/v1/events/stream"):
        assert lines(api.as_(cast.member).get(path))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"projects": "x"}, 400),
        ({"after": "x"}, 400),
        ({"after": "-1"}, 400),
        ({"projects": ",".join(str(uuid7()) for _ in range(rules.MOST_PROJECTS + 1))}, 400),
        ({"projects": str(uuid7())}, 404),
        ({"token": "x"}, 400),
    ],
)
def test_what_cannot_be_followed_is_refused(api: Api, cast: Cast, query: dict[str, str], status: int) -> None:
    assert api.as_(cast.member).get(PATH, query).status_code == status


def test_a_project_that_is_not_seen_is_not_there(api: Api, cast: Cast) -> None:
    answer = api.as_(cast.member).get(PATH, {"projects": f"{cast.project.pk},{cast.far_project.pk}"})
    assert (answer.status_code, answer.json()["projects"]) == (404, [str(cast.far_project.pk)])


def test_a_limited_token_is_judged_by_its_projects(api: Api, cast: Cast) -> None:
    token = personal_token(cast.operator, "read", projects=[cast.far_project.pk])
    assert api.as_(token).get(PATH, {"projects": str(cast.project.pk)}).status_code == 404
    assert api.as_(token).get(PATH, {"projects": str(cast.far_project.pk)}).status_code == 200


def test_the_document_has_the_message_that_is_sent() -> None:
    assert [*TaskUpdate.__struct_fields__] == ["type", "action", "task", "seq"]
