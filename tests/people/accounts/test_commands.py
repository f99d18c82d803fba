from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import PASSWORD, make_session, make_user
from workloom.people.accounts.models import User


def test_createsuperuser_makes_a_verified_administrator(
    db: None, monkeypatch: pytest.MonkeyPatch, recorded: Callable[[], list[str]]
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    out = StringIO()
    call_command("createsuperuser", "--email", "boss@example.org", "--username", "root", "--noinput", stdout=out)
    user = User.objects.get()
    assert (user.username, user.role, user.is_verified, user.check_password(PASSWORD)) == ("root", "admin", True, True)
    assert PASSWORD not in out.getvalue()
    assert recorded() == ["person.registered"]


@pytest.mark.parametrize("password", ["", "short", "boss@example.org"])
def test_createsuperuser_passes_no_rule_by(db: None, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--email", "boss@example.org", "--noinput")
    assert User.objects.count() == 0


def test_changepassword_ends_all_sessions(
    db: None, monkeypatch: pytest.MonkeyPatch, recorded: Callable[[], list[str]]
) -> None:
    ada = make_user("ada", password=PASSWORD)
    make_session(ada)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "another long one 7")
    call_command("changepassword", "ADA@example.org", stdout=StringIO())
    assert User.objects.get(pk=ada.pk).check_password("another long one 7")
    assert recorded() == ["password.changed", "session.ended"]


def test_changepassword_knows_no_strangers(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("changepassword", "nobody")
