from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.factories import PASSWORD, access_token, make_user
from workloom.core import clock
from workloom.people.accounts.models import Session, User

REFRESH = "/api/v1/auth/refresh/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", password=PASSWORD)


@pytest.fixture
def first(api: Api, ada: User) -> dict[str, Any]:
    reply: dict[str, Any] = api.post("/api/v1/auth/login/", {"username": "ada", "password": PASSWORD}).json()
    return reply


def later(seconds: float) -> Any:
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


def test_a_refresh_token_gives_a_new_pair(api: Api, first: dict[str, Any]) -> None:
    reply = api.post(REFRESH, {"refresh": first["refresh"]})
    assert reply.status_code == 200
    second = reply.json()
    assert second["refresh"] != first["refresh"]
    assert api.as_(second["access"]).get("/api/v1/auth/verify/").status_code == 200
    assert api.post(REFRESH, {"refresh": second["refresh"]}).status_code == 200
    assert Session.objects.count() == 1


def test_within_the_grace_the_old_one_gives_the_same_new_one(api: Api, first: dict[str, Any]) -> None:
    second = api.post(REFRESH, {"refresh": first["refresh"]}).json()
    with later(9):
        again = api.post(REFRESH, {"refresh": first["refresh"]})
    assert again.status_code == 200
    assert again.json()["refresh"] == second["refresh"]


def test_used_after_the_grace_it_ends_the_family(
    api: Api, first: dict[str, Any], recorded: Callable[[], list[str]]
) -> None:
    second = api.post(REFRESH, {"refresh": first["refresh"]}).json()
    with later(11):
        reply = api.post(REFRESH, {"refresh": first["refresh"]})
    assert (reply.status_code, reply.json()["code"]) == (401, "refresh_token_reused")
    assert api.post(REFRESH, {"refresh": second["refresh"]}).json()["code"] == "session_ended"
    assert api.as_(second["access"]).get("/api/v1/auth/verify/").status_code == 401
    assert recorded() == ["session.started", "session.refused"]


def test_the_one_before_the_previous_ends_the_family_at_once(api: Api, first: dict[str, Any]) -> None:
    second = api.post(REFRESH, {"refresh": first["refresh"]}).json()
    third = api.post(REFRESH, {"refresh": second["refresh"]}).json()
    assert api.post(REFRESH, {"refresh": first["refresh"]}).json()["code"] == "refresh_token_reused"
    assert api.post(REFRESH, {"refresh": third["refresh"]}).status_code == 401


def test_a_session_lives_on_while_it_is_used_and_no_longer(api: Api, first: dict[str, Any]) -> None:
    with later(6 * 86_400):
        second = api.post(REFRESH, {"refresh": first["refresh"]}).json()
    with later(12 * 86_400):
        third = api.post(REFRESH, {"refresh": second["refresh"]})
        assert third.status_code == 200
    with later(20 * 86_400):
        assert api.post(REFRESH, {"refresh": third.json()["refresh"]}).json()["code"] == "invalid_refresh_token"


def test_a_deactivated_person_gets_no_new_pair(api: Api, ada: User, first: dict[str, Any]) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert api.post(REFRESH, {"refresh": first["refresh"]}).status_code == 401


@pytest.mark.parametrize("sent", ["", "nonsense", "a.b.c", "é", "x" * 5000])
def test_nonsense_is_refused(api: Api, db: None, sent: str) -> None:
    assert api.post(REFRESH, {"refresh": sent}).status_code in {400, 401}


def test_an_access_token_is_no_refresh_token(api: Api, ada: User) -> None:
    assert api.post(REFRESH, {"refresh": access_token(ada)}).json()["code"] == "invalid_refresh_token"
