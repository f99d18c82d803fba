from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.factories import PASSWORD, access_token, make_user
from workloom.core import clock
from workloom.people.accounts.models import Session, User

LOGIN = "/api/v1/auth/login/"
PROFILE = "/api/v1/auth/profile/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", password=PASSWORD)


@pytest.fixture
def browser(api: Api, ada: User) -> Api:
    reply = api.post(LOGIN, {"username": "ada", "password": PASSWORD, "cookie": True})
    assert reply.status_code == 200
    return api


def csrf(browser: Api) -> dict[str, str]:
    return {"X-CSRFToken": browser.client.cookies["csrftoken"].value}


def test_a_browser_gets_a_cookie_that_scripts_cannot_read_and_no_token(api: Api, ada: User) -> None:
    reply = api.post(LOGIN, {"username": "ada", "password": PASSWORD, "cookie": True})
    told = reply.json()
    assert (told["access"], told["refresh"], told["token"], told["user"]["username"]) == (None, None, None, "ada")
    assert reply.cookies["sessionid"]["httponly"]
    assert reply.cookies["sessionid"]["samesite"] == "Lax"
    assert Session.objects.get().kind == "browser"


def test_the_cookie_signs_in(browser: Api) -> None:
    assert browser.get("/api/v1/auth/verify/").json()["user"]["username"] == "ada"


def test_a_token_beside_the_cookie_is_what_counts(browser: Api) -> None:
    other = make_user("grace")
    tasks = "/api/v1/tasks/"
    assert browser.get(tasks, headers={"Authorization": ""}).status_code == 200
    assert browser.get(tasks, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    made = browser.post(tasks, {"title": "Hers"}, headers={"Authorization": f"Bearer {access_token(other)}"})
    assert (made.status_code, made.json()["reporter"]) == (201, str(other.pk))
    assert "sessionid" not in made.cookies
    assert browser.get(tasks).json()["results"] == []


def test_a_cookie_writes_with_the_csrf_token_only(browser: Api, ada: User) -> None:
    reply = browser.patch(PROFILE, {"name": "Else"})
    assert (reply.status_code, reply.json()["code"]) == (403, "csrf_failed")
    wrong = browser.patch(PROFILE, {"name": "Else"}, headers={"X-CSRFToken": "x" * 32})
    assert wrong.status_code == 403
    assert User.objects.get(pk=ada.pk).name == "Ada"
    assert browser.patch(PROFILE, {"name": "Countess"}, headers=csrf(browser)).status_code == 200


def test_a_token_needs_no_csrf_token(api: Api, ada: User) -> None:
    assert api.as_(access_token(ada)).patch(PROFILE, {"name": "Countess"}).status_code == 200


def test_signing_out_ends_the_browsers_session(browser: Api, recorded: Callable[[], list[str]]) -> None:
    assert browser.post("/api/v1/auth/logout/", headers=csrf(browser)).status_code == 204
    assert browser.get(PROFILE).status_code == 401
    assert Session.objects.get().ended_at is not None
    assert recorded() == ["session.started", "session.ended"]


def test_a_browsers_session_is_ended_from_elsewhere_at_once(browser: Api, ada: User) -> None:
    caller = browser.as_(ada)
    caller.delete(f"/api/v1/auth/sessions/{Session.objects.get(kind='browser').id}/")
    assert browser.get(PROFILE).status_code == 401


def test_everywhere_includes_the_browser(browser: Api) -> None:
    assert browser.post("/api/v1/auth/logout-all/", headers=csrf(browser)).status_code == 204
    assert browser.get(PROFILE).status_code == 401


def test_changing_the_password_keeps_this_browser(browser: Api) -> None:
    body = {"current_password": PASSWORD, "new_password": "another long one 7"}
    assert browser.post("/api/v1/auth/change-password/", body, headers=csrf(browser)).status_code == 204
    assert browser.get(PROFILE).status_code == 200


def test_signing_in_again_ends_the_session_before(browser: Api) -> None:
    before = browser.client.cookies["sessionid"].value
    browser.post(LOGIN, {"username": "ada", "password": PASSWORD, "cookie": True}, headers=csrf(browser))
    assert Session.objects.filter(ended_at=None).count() == 1
    assert browser.client.cookies["sessionid"].value != before


def test_use_prolongs_the_session_and_its_cookie(browser: Api) -> None:
    began = Session.objects.get()
    with clock.frozen(began.created_at + timedelta(days=6)):
        reply = browser.get(PROFILE)
    assert "sessionid" in reply.cookies
    assert Session.objects.get().expires_at == began.created_at + timedelta(days=13)
    with clock.frozen(began.created_at + timedelta(days=12)):
        assert browser.get(PROFILE).status_code == 200


@pytest.mark.parametrize("key", ["", "nonsense", 7, None])
def test_a_cookie_that_leads_nowhere_is_nobody(api: Api, db: None, key: Any) -> None:
    session = api.client.session
    session["session"] = key
    session.save()
    assert api.get(PROFILE).status_code == 401


def test_a_cookie_without_its_csrf_token_keeps_nobody_from_signing_in(browser: Api) -> None:
    assert browser.post(LOGIN, {"username": "ada", "password": PASSWORD}).status_code == 200
    assert browser.post("/api/v1/auth/logout/").status_code == 401
    assert browser.get(PROFILE).status_code == 200
