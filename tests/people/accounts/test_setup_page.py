import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_operator
from workloom.core import clock
from workloom.core.errors import Conflict
from workloom.people.accounts.actions import mint_setup_link
from workloom.people.accounts.models import SetupLink, User


@pytest.fixture
def path(db: None) -> str:
    return f"/setup/{mint_setup_link()}/"


def fill(client: Client, path: str, **changes: str) -> str:
    page = client.get(path).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    form = {"email": "boss@example.org", "password": PASSWORD, "again": PASSWORD, "csrfmiddlewaretoken": found[1]}
    return client.post(path, form | changes).content.decode()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_who_holds_the_link_makes_the_first_administrator_once(
    browser: Client, path: str, recorded: Callable[[], list[str]]
) -> None:
    page = fill(browser, path)
    assert "boss@example.org is the administrator now" in page
    user = User.objects.get()
    assert (user.role, user.is_verified) == ("admin", True)
    assert browser.get(path).status_code == 404
    assert recorded() == ["setup_link.minted", "person.registered"]


def test_the_page_loads_nothing_and_is_kept_by_nobody(browser: Client, path: str) -> None:
    reply = browser.get(path.rstrip("/"))
    assert reply.status_code == 200
    assert not re.search(r"<script|<style|<link|style=|http", reply.content.decode())
    assert "no-store" in reply.headers["Cache-Control"]


def test_the_secret_is_not_stored(path: str) -> None:
    assert path.split("/")[2] not in str(SetupLink.objects.get().__dict__)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "password1", "again": "password1"}, "among the first that anybody tries"),
        ({"again": "else"}, "The two passwords differ."),
        ({"email": "boss"}, "valid email"),
        ({"email": ""}, "required"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_link_stays(
    browser: Client, path: str, changes: dict[str, str], words: str
) -> None:
    assert words in fill(browser, path, **changes)
    assert User.objects.count() == 0
    assert browser.get(path).status_code == 200


def test_a_form_without_its_csrf_token_is_refused(browser: Client, path: str) -> None:
    form = {"email": "boss@example.org", "password": PASSWORD, "again": PASSWORD}
    assert browser.post(path, form).status_code == 403
    assert User.objects.count() == 0


@pytest.mark.parametrize("why", ["expired", "replaced", "operator", "guessed"])
def test_a_void_link_opens_nothing(browser: Client, path: str, why: str) -> None:
    at = clock.now() + timedelta(hours=24 if why == "expired" else 0)
    if why == "replaced":
        mint_setup_link()
    elif why == "operator":
        make_operator()
    elif why == "guessed":
        path = "/setup/guessed/"
    with clock.frozen(at):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"email": "b@example.org"}).status_code in {403, 404}


def test_no_link_is_made_once_somebody_operates(db: None) -> None:
    make_operator()
    with pytest.raises(Conflict):
        mint_setup_link()
