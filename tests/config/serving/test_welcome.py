import re

import pytest
from pytest_django import Settings

from workloom.config.serving.welcome import base_url, way_in, welcome
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import has_operator


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104 - not bound, only written
        ("::", "http://127.0.0.1:8080"),
        ("::1", "http://[::1]:8080"),
        ("tasks.internal", "http://tasks.internal:8080"),
    ],
)
def test_the_address_is_one_that_can_be_typed(settings: Settings, host: str, address: str) -> None:
    settings.HOST, settings.PORT = host, 8080
    assert base_url() == address
    assert f"{address}/api/docs/" in welcome("Sign in as before.")


@pytest.mark.django_db
def test_the_first_administrator_is_made_once(settings: Settings) -> None:
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "boss@example.org", "correct horse battery"
    assert "boss@example.org was made" in way_in()
    assert way_in() == "Sign in as before."
    person = User.objects.get()
    assert (person.email, person.role, person.is_verified) == ("boss@example.org", "admin", True)
    assert person.check_password("correct horse battery")


@pytest.mark.django_db
def test_without_settings_a_link_makes_the_first_administrator(settings: Settings) -> None:
    settings.ADMIN_EMAIL = settings.ADMIN_PASSWORD = ""
    first, second = way_in(), way_in()
    link = re.search(r"http://127\.0\.0\.1:\d+/setup/(\S+)/", first)
    assert link is not None
    assert len(link[1]) >= 32
    assert first != second
    assert not has_operator()
