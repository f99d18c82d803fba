"""A session that was seen before is asked for along with the request's first question; nothing is told or done on its word alone."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import access_token, make_session
from tests.work.tasks.making import make_task
from workloom.core import statements
from workloom.core.outgoing.client import Outgoing
from workloom.outlets.realtime.doors.stream import Handover
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.rules import STREAM
from workloom.people.accounts.models import Session, User, UserRole
from workloom.work.tasks.models import Task

PROFILE = "/api/v1/auth/profile/"


@pytest.fixture
def session(cast: Cast) -> Session:
    return make_session(cast.member)


@pytest.fixture
def known(api: Api, cast: Cast, session: Session) -> Api:
    """The member, whom the server has seen."""
    member = api.as_(access_token(cast.member, session))
    assert member.get(PROFILE).status_code == 200
    return member


def end(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(ended_at=session.created_at)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "tasks/", None, {}),
        ("GET", "tasks/{task}/", None, {}),
        ("GET", "tasks/ENG-9999/", None, {}),
        ("GET", "tasks/not-a-key/", None, {}),
        ("GET", "tasks/?no_such=parameter", None, {}),
        ("GET", "audit-logs/", None, {}),
        ("GET", "search/?q=words", None, {}),
        ("GET", "search/", None, {}),
        ("GET", "notifications/", None, {}),
        ("GET", "auth/jwks/", None, {}),
        ("PATCH", "tasks/{task}/", {"title": "Taken"}, {}),
        ("PATCH", "tasks/{task}/status/", {"status": "done"}, {}),
        ("PATCH", "tasks/{task}/", b"{", {}),
        ("DELETE", "tasks/{task}/", None, {}),
        ("POST", "tasks/", {"title": "Made"}, {}),
        ("POST", "tasks/", {"title": ""}, {}),
        ("POST", "tasks/", {"title": "Made"}, {"Idempotency-Key": "once"}),
        ("POST", "tasks/bulk/", {"operations": [{"op": "create", "title": "Made"}]}, {}),
        ("POST", "auth/logout-all/", None, {}),
    ],
)
def test_a_session_that_ended_is_refused_whatever_is_asked(
    cast: Cast, session: Session, known: Api, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    task = make_task(cast.project, cast.member, "Before")
    end(session)
    for _ in range(2):
        reply = known.send(method, f"/api/v1/{path.format(task=task.pk)}", body, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (401, "invalid_token")
    assert [(one.title, one.version) for one in Task.objects.all()] == [("Before", task.version)]


def test_who_has_become_an_operator_is_one_at_once(cast: Cast, known: Api) -> None:
    assert known.get("/api/v1/audit-logs/").status_code == 403
    User.objects.filter(pk=cast.member.pk).update(role=UserRole.ADMIN)
    assert known.get("/api/v1/audit-logs/").status_code == 200
    User.objects.filter(pk=cast.member.pk).update(role=cast.member.role)
    assert known.get("/api/v1/audit-logs/").status_code == 403


def test_a_new_name_and_zone_count_at_once(cast: Cast, session: Session, known: Api) -> None:
    User.objects.filter(pk=cast.member.pk).update(name="Another", time_zone="Asia/Tokyo")
    made = known.post("/api/v1/tasks/", {"title": "Signed", "project": str(cast.project.pk)}).json()
    [event] = known.get(f"/api/v1/tasks/{made['id']}/activity/").json()["results"]
    assert event["actor"]["name"] == "Another"


def test_a_body_that_cannot_be_read_is_not_taken_for_an_empty_one(cast: Cast, known: Api) -> None:
    User.objects.filter(pk=cast.member.pk).update(name="Another")
    reply = known.patch(PROFILE, b"{")
    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_json")


def test_a_form_that_cannot_be_read_is_not_taken_for_an_empty_one(cast: Cast, known: Api) -> None:
    told = []
    for name in ("Another", "A third"):
        User.objects.filter(pk=cast.member.pk).update(name=name)
        reply = known.send("POST", "/api/v1/imports/", b"nonsense", content_type="multipart/form-data")
        told.append((reply.status_code, reply.json()["code"]))
    assert told == [(400, "parse_error")] * 2


def test_a_target_is_not_looked_up_for_a_session_that_ended(
    known: Api, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Outgoing, "look_up", lambda _, url: asked.append(url))
    end(session)
    assert known.post("/api/v1/webhooks/", {"url": "https://example.org/"}).status_code == 401
    assert asked == []


def test_no_stream_is_handed_over_to_a_session_that_ended(known: Api, session: Session) -> None:
    end(session)
    handover = Handover(Hub())
    beside: dict[str, Any] = {STREAM: handover, "headers": {"Authorization": f"Bearer {known.credential}"}}
    reply = known.client.get("/api/v1/events/stream/?after=0", **beside)
    assert (reply.status_code, handover.is_taken) == (401, False)


def test_a_request_counts_once(cast: Cast, known: Api) -> None:
    left = []
    for name in ("Another", "A third"):
        left.append(int(known.get("/api/v1/tasks/").headers["RateLimit"].split("r=")[1].split(";")[0]))
        User.objects.filter(pk=cast.member.pk).update(name=name)
    assert left[0] - left[1] == 1


def test_another_persons_token_does_not_stand_for_a_session_seen(
    api: Api, cast: Cast, session: Session, known: Api
) -> None:
    assert api.as_(access_token(cast.admin, session)).get(PROFILE).status_code == 401
    assert known.get(PROFILE).status_code == 200


@pytest.mark.postgres
def test_one_task_takes_one_statement(
    cast: Cast, known: Api, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(cast.project, cast.member)
    known.get(f"/api/v1/tasks/{task.pk}/")
    asked: list[str] = []
    real = statements._executed

    def counted(database: Any, sql: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(sql)
        return real(database, sql, *args, **kwargs)

    monkeypatch.setattr(statements, "_executed", counted)
    assert known.get(f"/api/v1/tasks/{task.pk}/").json()["id"] == str(task.pk)
    assert len(asked) == 1
