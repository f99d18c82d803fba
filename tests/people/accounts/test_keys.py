from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.factories import access_token, make_session, make_user, personal_token
from workloom.core import clock
from workloom.core.ids import uuid7
from workloom.events.queries import log_rows
from workloom.people.accounts.actions import forget_old_sessions
from workloom.people.accounts.models import PersonalToken, Session, User
from workloom.people.accounts.rules.tokens import digest

SESSIONS = "/api/v1/auth/sessions/"
TOKENS = "/api/v1/auth/tokens/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada")


def test_own_live_sessions_are_listed(api: Api, ada: User) -> None:
    ended, other = make_session(ada), make_session(make_user("bob"))
    Session.objects.filter(pk=ended.pk).update(ended_at=clock.now())
    here, there = make_session(ada), make_session(ada)
    reply = api.as_(access_token(ada, here)).get(SESSIONS)
    rows = {row["id"]: row for row in reply.json()["results"]}
    assert set(rows) == {str(here.id), str(there.id)}
    assert rows[str(here.id)]["is_current"] is True
    assert rows[str(there.id)]["is_current"] is False
    assert "refresh_hash" not in rows[str(here.id)]
    assert api.as_(access_token(ada, here)).get(f"{SESSIONS}{there.id}/").json() == rows[str(there.id)]
    assert api.as_(ada).get(f"{SESSIONS}{other.id}/").status_code == 404


def test_a_session_is_ended_from_another_one(api: Api, ada: User, recorded: Callable[[], list[str]]) -> None:
    there = make_session(ada)
    token = access_token(ada, there)
    assert api.as_(ada).delete(f"{SESSIONS}{there.id}/").status_code == 204
    assert api.as_(token).get(SESSIONS).status_code == 401
    assert api.as_(ada).delete(f"{SESSIONS}{there.id}/").status_code == 404
    assert recorded() == ["session.ended"]


@pytest.mark.parametrize("room", [SESSIONS, TOKENS])
@pytest.mark.parametrize("verb", ["get", "delete"])
def test_those_of_others_do_not_exist(
    api: Api, ada: User, room: str, verb: str, recorded: Callable[[], list[str]]
) -> None:
    bob = make_user("bob")
    make_session(bob)
    personal_token(bob)
    keys = [Session.objects.get(user=bob).id, PersonalToken.objects.get().id, uuid7(), "nonsense", "1", "%F0%9F%98%80"]
    for key in keys:
        reply = getattr(api.as_(ada), verb)(f"{room}{key}/")
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert Session.objects.get(user=bob).ended_at is None
    assert PersonalToken.objects.get().ended_at is None
    assert recorded() == []


def test_a_token_is_shown_once_and_works(api: Api, ada: User, recorded: Callable[[], list[str]]) -> None:
    reply = api.as_(ada).post(TOKENS, {"name": "backup"})
    assert reply.status_code == 201, reply.content
    made = reply.json()
    secret = made.pop("token")
    assert secret.startswith("wl_")
    assert made["hint"] == secret[:8]
    assert made["scopes"] == ["read", "write"]
    assert (made["projects"], made["expires_at"], made["last_used_at"]) == (None, None, None)
    assert PersonalToken.objects.get().secret_hash == digest(secret)
    assert reply.headers["Location"] == f"{TOKENS}{made['id']}/"
    assert api.as_(ada).get(f"{TOKENS}{made['id']}/").json() == made
    assert api.as_(ada).get(TOKENS).json()["results"] == [made]
    assert api.as_(secret).get("/api/v1/auth/verify/").status_code == 200
    assert recorded() == ["token.created"]
    assert secret not in str([row.__dict__ for row in log_rows()])


def test_a_token_is_narrowed_and_ends_by_itself(api: Api, ada: User) -> None:
    project, end = uuid7(), clock.now() + timedelta(days=1)
    body = {"name": "n", "scopes": ["write", "read", "read"], "projects": [str(project)], "expires_at": end.isoformat()}
    made = api.as_(ada).post(TOKENS, body).json()
    assert (made["scopes"], made["projects"]) == (["read", "write"], [str(project)])
    with clock.frozen(end):
        assert api.as_(made["token"]).get("/api/v1/auth/verify/").status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes.0"),
        ({"scopes": "read"}, "scopes"),
        ({"projects": []}, "projects"),
        ({"projects": ["x"]}, "projects.0"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"token": "wl_mine"}, "token"),
        ({"hint": "wl_mine"}, "hint"),
    ],
)
def test_a_token_that_cannot_be_made_is_not(
    api: Api, ada: User, change: dict[str, Any], field: str, recorded: Callable[[], list[str]]
) -> None:
    reply = api.as_(ada).post(TOKENS, {"name": "n", **change})
    assert reply.status_code == 400
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert PersonalToken.objects.count() == 0
    assert recorded() == []


def test_an_unknown_scope_is_answered_with_those_there_are(api: Api, ada: User) -> None:
    reply = api.as_(ada).post(TOKENS, {"name": "n", "scopes": ["root"]})
    assert reply.json()["detail"] == "Send some of read, write, admin."


def test_a_revoked_token_is_refused_at_once(api: Api, ada: User, recorded: Callable[[], list[str]]) -> None:
    secret = personal_token(ada)
    path = f"{TOKENS}{PersonalToken.objects.get().id}/"
    assert api.as_(ada).delete(path).status_code == 204
    assert api.as_(secret).get("/api/v1/auth/verify/").status_code == 401
    assert api.as_(ada).get(path).status_code == 404
    assert recorded() == ["token.revoked"]


def test_a_token_makes_and_revokes_no_tokens(api: Api, ada: User) -> None:
    caller = api.as_(personal_token(ada, "admin"))
    assert caller.get(TOKENS).status_code == 200
    assert caller.post(TOKENS, {"name": "n"}).status_code == 403
    assert caller.delete(f"{TOKENS}{PersonalToken.objects.get().id}/").status_code == 403
    assert PersonalToken.objects.filter(ended_at=None).count() == 1


def test_nobody_collects_tokens_without_end(api: Api, ada: User) -> None:
    for _ in range(100):
        personal_token(ada)
    assert api.as_(ada).post(TOKENS, {"name": "n"}).json()["code"] == "too_many_tokens"


@pytest.mark.parametrize("room", [SESSIONS, TOKENS])
def test_lists_cost_the_same_for_three_and_thirty(
    api: Api, ada: User, room: str, django_assert_max_num_queries: Any
) -> None:
    caller = api.as_(ada)
    caller.get(room)
    for _ in range(3):
        make_session(ada)
        personal_token(ada)
    with django_assert_max_num_queries(50) as few:
        caller.get(room)
    for _ in range(30):
        make_session(ada)
        personal_token(ada)
    with django_assert_max_num_queries(50) as many:
        assert len(caller.get(room, {"page_size": 200}).json()["results"]) >= 33
    assert len(few) == len(many)


def test_sessions_are_forgotten_a_month_after_their_end(ada: User) -> None:
    live, ended, old = make_session(ada), make_session(ada), make_session(ada)
    Session.objects.filter(pk=ended.pk).update(ended_at=clock.now() - timedelta(days=29))
    Session.objects.filter(pk=old.pk).update(ended_at=clock.now() - timedelta(days=31))
    assert forget_old_sessions() == 1
    assert set(Session.objects.all()) == {live, ended}
