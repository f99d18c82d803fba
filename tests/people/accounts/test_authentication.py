from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.factories import access_token, make_session, make_user, personal_token
from workloom.core import clock
from workloom.people.accounts.authentication import actor_of_credential
from workloom.people.accounts.models import PersonalToken, Session, User

VERIFY = "/api/v1/auth/verify/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", time_zone="Europe/Berlin")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Token", "TOKEN"])
def test_both_schemes_take_both_tokens(api: Api, ada: User, scheme: str) -> None:
    for token in (access_token(ada), personal_token(ada)):
        assert api.get(VERIFY, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a b",
        "Bearer wl_unknown",
        "Bearer a.b.c",
        "Bearer é",
        "x",
        "Bearer " + "x" * 9000,
    ],
)
def test_a_spoilt_header_is_refused_with_a_challenge(api: Api, db: None, header: str) -> None:
    for path in (VERIFY, "/api/v1/auth/jwks/"):
        reply = api.get(path, headers={"Authorization": header})
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        assert reply.headers["Content-Type"] == "application/problem+json"


def test_nobody_is_asked_to_sign_in(api: Api, db: None) -> None:
    reply = api.get(VERIFY)
    assert (reply.status_code, reply.json()["code"]) == (401, "not_authenticated")


def test_a_visitor_may_read_the_public_keys(api: Api, db: None) -> None:
    assert api.get("/api/v1/auth/jwks/").json() == {"keys": []}


def test_an_access_token_ends_with_its_time(api: Api, ada: User) -> None:
    token = access_token(ada)
    with clock.frozen(clock.now() + timedelta(minutes=29)):
        assert api.as_(token).get(VERIFY).status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=30)):
        assert api.as_(token).get(VERIFY).status_code == 401


@pytest.mark.parametrize("change", ["session ended", "session expired", "person deactivated", "session of another"])
def test_what_ends_a_session_is_felt_by_the_next_request(api: Api, ada: User, change: str) -> None:
    session = make_session(ada)
    token = access_token(ada, session)
    sessions = Session.objects.filter(pk=session.pk)
    if change == "session ended":
        sessions.update(ended_at=clock.now())
    elif change == "session expired":
        sessions.update(expires_at=clock.now())
    elif change == "person deactivated":
        User.objects.filter(pk=ada.pk).update(is_active=False)
    else:
        sessions.update(user=make_user("bob"))
    assert api.as_(token).get(VERIFY).status_code == 401


@pytest.mark.parametrize("change", ["revoked", "expired", "person deactivated"])
def test_what_ends_a_personal_token_is_felt_by_the_next_request(api: Api, ada: User, change: str) -> None:
    secret = personal_token(ada, expires_at=clock.now() - timedelta(seconds=1) if change == "expired" else None)
    if change == "revoked":
        PersonalToken.objects.update(ended_at=clock.now())
    elif change == "person deactivated":
        User.objects.filter(pk=ada.pk).update(is_active=False)
    assert api.as_(secret).get(VERIFY).status_code == 401


def test_the_actor_is_found_in_one_query(ada: User, django_assert_num_queries: Any) -> None:
    session = make_session(ada)
    token, secret = access_token(ada, session), personal_token(ada, "read", projects=[ada.id])
    PersonalToken.objects.update(last_used_at=clock.now())
    with django_assert_num_queries(1):
        actor = actor_of_credential(token)
    assert (actor.id, actor.kind, actor.zone, actor.session) == (ada.id, "user", "Europe/Berlin", session.id)
    assert (actor.scopes, actor.projects, actor.is_operator) == (None, None, False)
    with django_assert_num_queries(1):
        actor = actor_of_credential(secret)
    assert (actor.id, actor.kind, actor.session) == (ada.id, "token", None)
    assert (actor.scopes, actor.projects) == (frozenset({"read"}), frozenset({ada.id}))


def test_a_use_is_noted_at_most_once_a_minute(api: Api, ada: User) -> None:
    secret = personal_token(ada)
    at = clock.now() + timedelta(hours=1)
    for seconds in (0, 30, 59):
        with clock.frozen(at + timedelta(seconds=seconds)):
            api.as_(secret).get(VERIFY)
    assert PersonalToken.objects.get().last_used_at == at
    with clock.frozen(at + timedelta(seconds=60)):
        api.as_(secret).get(VERIFY)
    assert PersonalToken.objects.get().last_used_at == at + timedelta(seconds=60)


def test_a_session_is_seen_at_most_once_a_minute(api: Api, ada: User) -> None:
    session = make_session(ada)
    token = access_token(ada, session)
    with clock.frozen(session.created_at + timedelta(minutes=5)):
        api.as_(token).get(VERIFY)
    session.refresh_from_db()
    assert session.last_seen_at == session.created_at + timedelta(minutes=5)


def test_queries_of_a_request_do_not_grow_with_sessions(api: Api, ada: User) -> None:
    counts = []
    for _ in range(2):
        token = access_token(ada)
        with CaptureQueriesContext(connection) as seen:
            api.as_(token).get("/api/v1/auth/sessions/")
        counts.append(len(seen))
        for _ in range(20):
            make_session(ada)
    assert counts[0] == counts[1]
