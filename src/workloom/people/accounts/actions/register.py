"""New people."""

import secrets

from django.db import IntegrityError, transaction

from workloom.core import seams
from workloom.core.actor import SYSTEM, Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict, FieldError, Invalid
from workloom.core.text import fold, trimmed
from workloom.events.record import record
from workloom.people.accounts.actions.guard import count_attempt, forgive_attempt
from workloom.people.accounts.events import PersonRegistered
from workloom.people.accounts.models import User, UserRole
from workloom.people.accounts.rules.names import email_problem, username_problem, usernames_from
from workloom.people.accounts.rules.passwords import password_problem
from workloom.people.accounts.rules.wanted import Registration


def register_person(wanted: Registration) -> User:
    """Make an account at somebody's own wish; raises Invalid naming every field that cannot be taken."""
    user = _new_person(wanted, UserRole.USER)
    count_attempt("register")  # the refusal of an address tells that it has an account
    registered = _enter(user, wanted.username, None)
    forgive_attempt("register")
    return registered


def create_operator(email: str, password: str, *, username: str = "", name: str = "", actor: Actor = SYSTEM) -> User:
    """Make a verified administrator of the installation; raises Invalid."""
    wanted = Registration(email=trimmed(email), password=password, username=trimmed(username), name=trimmed(name))
    user = _new_person(wanted, UserRole.ADMIN)
    user.is_verified = True
    return _enter(user, wanted.username, actor)


def create_placeholder(name: str, *, username: str = "", actor: Actor) -> User:
    """Make somebody whom imported data names and who has no account here; they never sign in."""
    user = User(name=trimmed(name)[:200], is_placeholder=True, is_active=False)
    user.set_unusable_password()
    wish = f"{trimmed(username) or trimmed(name)}@"
    return _enter(user, "", actor, wish=wish)


def _new_person(wanted: Registration, role: UserRole) -> User:
    """Check everything and hash the password, before any transaction: hashing is slow on purpose."""
    names = (wanted.username, wanted.email, wanted.email.partition("@")[0], wanted.name)
    problems = [email_problem(wanted.email), password_problem(wanted.password, names)]
    if wanted.username:
        problems.append(username_problem(wanted.username))
    if wanted.password_confirm is not None and wanted.password_confirm != wanted.password:
        problems.append(FieldError("password_confirm", "password_mismatch", "The two passwords differ."))
    found = [problem for problem in problems if problem]
    if found:
        raise Invalid.many(found)
    user = User(email=wanted.email, email_key=fold(wanted.email), name=wanted.name, role=role)
    user.set_password(wanted.password)
    return user


@write
def _enter(user: User, username: str, actor: Actor | None, *, wish: str = "") -> User:
    """Store a new person under the username wanted, or under the first free one made from the address."""
    user.created_at = user.updated_at = now()
    tries = [username] if username else usernames_from(wish or user.email or "", secrets.token_hex(8))
    for candidate in tries:
        user.username, user.username_key = candidate, fold(candidate)
        user.note_names()
        if User.objects.filter(username_key=user.username_key).exists():
            continue
        if _is_stored(user):
            changes = {"email": (None, user.email), "username": (None, user.username), "role": (None, str(user.role))}
            event = PersonRegistered(object_id=user.id, version=user.version, changes=changes)
            record(event, actor=actor or user.as_actor())
            seams.call("person_registered", user, actor=actor or user.as_actor())
            return user
    if username:
        raise username_taken()
    raise Conflict("username_taken", "No free username could be made from the address. Choose one.")


def _is_stored(user: User) -> bool:
    """Insert; False when the username was taken in the meantime. Raises Invalid for a taken address."""
    if user.email_key and User.objects.filter(email_key=user.email_key).exists():
        raise _email_taken()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if user.email_key and User.objects.filter(email_key=user.email_key).exists():
            raise _email_taken() from error
        if User.objects.filter(username_key=user.username_key).exists():
            return False
        raise
    return True


def username_taken() -> Invalid:
    """Return the refusal of a username that somebody has."""
    return Invalid("username", "username_taken", "This username is taken. Choose another one.")


def _email_taken() -> Invalid:
    return Invalid(
        "email", "email_taken", "There is an account with this e-mail address. Sign in, or take another address."
    )
