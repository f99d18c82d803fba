"""Proving who one is."""

from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from workloom.core.actor import ANONYMOUS
from workloom.core.db import write
from workloom.core.errors import Forbidden, Unauthenticated
from workloom.events.record import record
from workloom.people.accounts.actions.guard import count_attempt, forgive_attempt
from workloom.people.accounts.actions.sessions import Opened, open_session
from workloom.people.accounts.events import SignInFailed
from workloom.people.accounts.models import SessionKind, User
from workloom.people.accounts.queries import person_by_login

NOBODY = UUID(int=0)


def sign_in(login: str, password: str, kind: SessionKind) -> Opened:
    """Open a session for who knows the password; raises Unauthenticated in the same words and time whoever is named."""
    return open_session(check_credentials(login, password), kind)


def check_credentials(login: str, password: str) -> User:
    """Find the person that address or username and password belong to; a failure is counted and recorded."""
    user = person_by_login(login)
    account = str(user.id) if user else login
    count_attempt("sign-in", account)
    if not knows_password(user, password) or user is None or not user.is_active:
        record_failure(user)
        raise Unauthenticated("invalid_credentials", "The account or the password is wrong.")
    forgive_attempt("sign-in", account)
    if settings.REQUIRE_VERIFIED_EMAIL and not user.is_verified:
        raise Forbidden("email_not_verified", "Confirm your e-mail address first: follow the link in the mail.")
    return user


def knows_password(user: User | None, password: str) -> bool:
    """Check a password; takes as long for somebody who does not exist, or has none."""
    if user is None or not user.has_usable_password():
        check_password(password, _nobodys_password())
        return False
    return user.check_password(password)


@write
def record_failure(user: User | None) -> None:
    """Write down that somebody could not sign in; what they typed is not kept, it may be a password."""
    record(SignInFailed(object_id=user.id if user else NOBODY), actor=ANONYMOUS)


@cache
def _nobodys_password() -> str:
    return make_password("nobody knows this one")
