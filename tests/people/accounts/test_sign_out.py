from collections.abc import Callable
from typing import Any

import pytest

from tests.api import Api
from tests.factories import PASSWORD, access_token, make_session, make_user, personal_token
from workloom.people.accounts.models import User

LOGOUT = "/api/v1/auth/logout/"
VERIFY = "/api/v1/auth/verify/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", password=PASSWORD)


@pytest.fixture
def signed_in(api: Api, ada: User) -> dict[str, Any]:
    reply: dict[str, Any] = api.post("/api/v1/auth/login/", {"username": "ada", "password": PASSWORD}).json()
    return reply


@pytest.mark.parametrize("way", ["header", "refresh", "both", "refresh and a bad header"])
def test_signing_out_ends_the_session_at_once(
    api: Api, signed_in: dict[str, Any], way: str, recorded: Callable[[], list[str]]
) -> None:
    caller = {"refresh": api, "refresh and a bad header": api.as_("nonsense")}.get(way, api.as_(signed_in["access"]))
    body = None if way == "header" else {"refresh": signed_in["refresh"]}
    assert caller.post(LOGOUT, body).status_code == 204
    assert api.as_(signed_in["access"]).get(VERIFY).status_code == 401
    assert api.post("/api/v1/auth/refresh/", {"refresh": signed_in["refresh"]}).status_code == 401
    assert recorded() == ["session.started", "session.ended"]


def test_other_sessions_go_on(api: Api, ada: User, signed_in: dict[str, Any]) -> None:
    other = access_token(ada)
    api.as_(signed_in["access"]).post(LOGOUT)
    assert api.as_(other).get(VERIFY).status_code == 200


def test_without_any_credential_nobody_signs_out(api: Api, db: None) -> None:
    assert api.post(LOGOUT).status_code == 401
    assert api.post(LOGOUT, {"refresh": "nonsense"}).status_code == 401


def test_a_spoilt_refresh_token_does_not_keep_the_header_from_signing_out(api: Api, signed_in: dict[str, Any]) -> None:
    assert api.as_(signed_in["access"]).post(LOGOUT, {"refresh": "nonsense"}).status_code == 204
    assert api.as_(signed_in["access"]).get(VERIFY).status_code == 401


def test_everywhere_means_every_session_of_this_person(api: Api, ada: User, recorded: Callable[[], list[str]]) -> None:
    tokens = [access_token(ada) for _ in range(3)]
    bob = access_token(make_user("bob"))
    script = personal_token(ada)
    assert api.as_(tokens[0]).post("/api/v1/auth/logout-all/").status_code == 204
    assert [api.as_(token).get(VERIFY).status_code for token in (*tokens, bob, script)] == [401, 401, 401, 200, 200]
    assert recorded() == ["session.ended"] * 3


@pytest.mark.parametrize("path", [LOGOUT, "/api/v1/auth/logout-all/"])
def test_a_personal_token_signs_nobody_out(api: Api, ada: User, path: str, recorded: Callable[[], list[str]]) -> None:
    session = make_session(ada)
    assert api.as_(personal_token(ada, "admin")).post(path).status_code == 403
    session.refresh_from_db()
    assert session.ended_at is None
    assert recorded() == []
