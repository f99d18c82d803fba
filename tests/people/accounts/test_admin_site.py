from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client

from tests.factories import PASSWORD, make_operator, make_session, make_user, personal_token
from workloom.events.queries import log_rows
from workloom.people.accounts.models import PersonalToken, Session, User

Recorded = Callable[[], list[str]]


@pytest.fixture
def boss(db: None) -> User:
    return make_operator("boss", password=PASSWORD)


@pytest.fixture
def browser(boss: User) -> Client:
    client = Client()
    reply = client.post("/admin/login/", {"username": "BOSS@example.org", "password": PASSWORD})
    assert reply.status_code == 302
    return client


def press(browser: Client, what: str, action: str, *rows: Any, **more: str) -> Any:
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}
    return browser.post(f"/admin/accounts/{what}/", form)


def test_an_operator_signs_in_by_address_or_username(browser: Client, recorded: Recorded) -> None:
    assert browser.get("/admin/").status_code == 200
    assert Session.objects.get().kind == "browser"
    assert recorded() == ["session.started"]
    assert log_rows().get().via == "admin"
    other = Client()
    assert other.post("/admin/login/", {"username": "boss", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("boss", "wrong one here"), ("ada", PASSWORD), ("nobody", PASSWORD)]
)
def test_others_do_not(boss: User, username: str, password: str) -> None:
    make_user("ada", password=PASSWORD)
    client = Client()
    assert client.post("/admin/login/", {"username": username, "password": password}).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert Session.objects.count() == 0


def test_what_ends_the_session_is_felt_by_the_next_page(browser: Client, boss: User) -> None:
    User.objects.filter(pk=boss.pk).update(role="user")
    assert browser.get("/admin/").status_code == 302
    User.objects.filter(pk=boss.pk).update(role="admin")
    Session.objects.update(ended_at=boss.created_at)
    assert browser.get("/admin/").status_code == 302


def test_signing_out_of_the_site_ends_the_session(browser: Client, recorded: Recorded) -> None:
    assert browser.post("/admin/logout/").status_code == 200
    assert Session.objects.get().ended_at is not None
    assert recorded() == ["session.started", "session.ended"]


def test_signing_in_again_ends_the_session_before(browser: Client) -> None:
    browser.post("/admin/login/", {"username": "boss", "password": PASSWORD})
    assert Session.objects.filter(ended_at=None).count() == 1
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize("what", ["user", "session", "personaltoken"])
def test_rows_are_shown_and_never_changed(browser: Client, what: str) -> None:
    ada = make_user("ada", password=PASSWORD)
    personal_token(ada)
    model = {"user": User, "session": Session, "personaltoken": PersonalToken}[what]
    row = model._default_manager.first()
    assert row
    page = browser.get(f"/admin/accounts/{what}/{row.pk}/change/")
    assert page.status_code == 200
    assert browser.get(f"/admin/accounts/{what}/").status_code == 200
    assert browser.get(f"/admin/accounts/{what}/", {"q": "ada"}).status_code == 200
    text = page.content.decode()
    for secret in ("md5$", "_hash", 'name="_save"'):
        assert secret not in text
    assert browser.post(f"/admin/accounts/{what}/{row.pk}/change/", {"name": "x"}).status_code == 403
    assert browser.post(f"/admin/accounts/{what}/add/", {"name": "x"}).status_code == 403
    assert browser.post(f"/admin/accounts/{what}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert (
        browser.post(
            f"/admin/accounts/{what}/", {"action": "delete_selected", "_selected_action": [row.pk]}
        ).status_code
        == 302
    )
    assert model._default_manager.filter(pk=row.pk).exists()


def test_no_page_of_the_site_writes_rows_by_itself() -> None:
    request: Any = None
    for model, page in site._registry.items():
        allowed = (
            page.has_add_permission(request),
            page.has_change_permission(request),
            page.has_delete_permission(request),
        )
        assert allowed == (False, False, False), model


@pytest.mark.parametrize(
    ("action", "event"),
    [("make_operator", "person.role_changed"), ("deactivate", "person.deactivated"), ("sign_out", "session.ended")],
)
def test_a_button_calls_the_action(browser: Client, boss: User, action: str, event: str) -> None:
    ada = make_user("ada")
    make_session(ada)
    assert press(browser, "user", action, ada).status_code == 302
    row = log_rows().get(type=event)
    assert (row.actor_id, row.via) == (boss.id, "admin")


def test_a_refused_button_says_why(browser: Client, boss: User) -> None:
    press(browser, "user", "make_user", boss)
    assert "Nobody would be left" in browser.get("/admin/accounts/user/").content.decode()
    assert User.objects.get(pk=boss.pk).is_operator


def test_anonymising_asks_first(browser: Client) -> None:
    ada = make_user("ada", is_active=False)
    page = press(browser, "user", "anonymise", ada)
    assert "for good" in page.content.decode()
    assert User.objects.get(pk=ada.pk).anonymised_at is None
    press(browser, "user", "anonymise", ada, confirmed="yes")
    assert User.objects.get(pk=ada.pk).anonymised_at is not None
    press(browser, "user", "activate", ada)
    assert not User.objects.get(pk=ada.pk).is_active


def test_sessions_end_and_tokens_are_revoked_by_button(browser: Client) -> None:
    ada = make_user("ada")
    session = make_session(ada)
    personal_token(ada)
    press(browser, "session", "end", session)
    press(browser, "personaltoken", "revoke", PersonalToken.objects.get())
    session.refresh_from_db()
    assert session.ended_at is not None
    assert PersonalToken.objects.get().ended_at is not None


def test_the_own_password_is_changed_by_the_action(browser: Client, boss: User, recorded: Recorded) -> None:
    new = "another long one 7"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    poor = form | {"new_password1": "boss@example.org", "new_password2": "boss@example.org"}
    assert browser.post("/admin/password_change/", poor).status_code == 200
    assert browser.post("/admin/password_change/", form).status_code == 302
    assert User.objects.get(pk=boss.pk).check_password(new)
    assert browser.get("/admin/").status_code == 200
    assert recorded() == ["session.started", "password.changed"]
