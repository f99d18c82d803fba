"""What people change about themselves."""

from dataclasses import fields as dataclass_fields
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Invalid
from workloom.core.text import fold
from workloom.events.record import record
from workloom.people.accounts.actions.guard import count_attempt, forgive_attempt
from workloom.people.accounts.actions.register import username_taken
from workloom.people.accounts.actions.sessions import end_all_sessions
from workloom.people.accounts.actions.sign_in import knows_password, record_failure
from workloom.people.accounts.events import PasswordChanged, PersonUpdated
from workloom.people.accounts.models import User
from workloom.people.accounts.rules.names import username_problem
from workloom.people.accounts.rules.notices import (
    ChannelWish,
    MailMode,
    NoticeKind,
    NoticeWish,
    reminder_hour,
    with_wish,
)
from workloom.people.accounts.rules.passwords import check_password_fit
from workloom.people.accounts.rules.wanted import NewPassword, ProfileChange


@write
def update_profile(person: UUID, wanted: ProfileChange, *, actor: Actor) -> User:
    """Write the fields that differ; raises Invalid for a username that is taken or none."""
    user = lock(User.objects.filter(pk=person)).get()
    fields = {name: value for name, value in _wishes(user, wanted).items() if value != getattr(user, name)}
    if not fields:
        return user
    changes = {name: (getattr(user, name), value) for name, value in fields.items()}
    for name, value in fields.items():
        setattr(user, name, value)
    if "username" in fields:
        _check_username(user)
    user.reminder_hour = reminder_hour(user.notification_settings)
    _store(user, *fields)
    record(PersonUpdated(object_id=user.id, version=user.version, changes=changes), actor=actor)
    return user


@write
def stop_mail(person: UUID, kind: NoticeKind, *, actor: Actor) -> User:
    """Send somebody no more mail of a kind."""
    wish = NoticeWish(kinds={kind: ChannelWish(mail=MailMode.OFF)})
    return update_profile(person, ProfileChange(notification_settings=wish), actor=actor)


def _wishes(user: User, wanted: ProfileChange) -> dict[str, Any]:
    sent = {field.name: getattr(wanted, field.name) for field in dataclass_fields(wanted)}
    found = {name: value for name, value in sent.items() if value is not None}
    if wanted.notification_settings is not None:
        said = with_wish(user.notification_settings, wanted.notification_settings)
        found |= {"notification_settings": said}
    return found


def change_password(person: UUID, wanted: NewPassword, *, actor: Actor) -> None:
    """Replace the password of somebody who knows it, and end all their other sessions; raises Invalid."""
    user = User.objects.get(pk=person)
    count_attempt("password", str(person))
    if not knows_password(user, wanted.current_password):
        record_failure(user)
        raise Invalid("current_password", "wrong_password", "This is not your present password.")
    forgive_attempt("password", str(person))
    if wanted.new_password_confirm is not None and wanted.new_password_confirm != wanted.new_password:
        raise Invalid("new_password_confirm", "password_mismatch", "The two passwords differ.")
    old = user.password
    _hash(user, wanted.new_password, "new_password")
    _store_password(user, old, actor)


def set_password(person: UUID, password: str, *, actor: Actor) -> None:
    """Give somebody a new password without the old one, at an operator's wish; ends all their sessions."""
    user = User.objects.get(pk=person)
    old = user.password
    _hash(user, password, "password")
    _store_password(user, old, actor)


def _hash(user: User, password: str, field: str) -> None:
    names = (user.username, user.email or "", (user.email or "").partition("@")[0], user.name)
    check_password_fit(password, names, field)
    user.set_password(password)


@write
def _store_password(user: User, old: str, actor: Actor) -> None:
    changed = User.objects.filter(pk=user.pk, password=old).update(password=user.password)
    if not changed:
        raise Invalid("current_password", "wrong_password", "The password has just been changed elsewhere.")
    record(PasswordChanged(object_id=user.id, version=user.version), actor=actor)
    end_all_sessions(user.id, actor=actor, spare=actor.session)


def _check_username(user: User) -> None:
    problem = username_problem(user.username)
    if problem:
        raise Invalid.many([problem])
    user.username_key = fold(user.username)


def _store(user: User, *fields: str) -> None:
    user.note_names()
    user.version += 1
    user.updated_at = now()
    named = [
        *fields,
        "reminder_hour",
        "search_key",
        "version",
        "updated_at",
        *(["username_key"] if "username" in fields else []),
    ]
    try:
        with transaction.atomic():
            user.save(update_fields=named)
    except IntegrityError as error:
        if User.objects.filter(username_key=user.username_key).exclude(pk=user.pk).exists():
            raise username_taken() from error
        raise
