"""What operators change about others."""

from uuid import UUID

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict, Missing
from workloom.core.mail.actions import erase_mails
from workloom.events.erase import erase_person
from workloom.events.record import record
from workloom.people.accounts.actions.sessions import end_all_sessions
from workloom.people.accounts.events import (
    PersonActivated,
    PersonAnonymised,
    PersonDeactivated,
    PersonRoleChanged,
    TokenRevoked,
)
from workloom.people.accounts.models import PersonalToken, User, UserRole
from workloom.people.accounts.rules.names import ANONYMISED
from workloom.people.accounts.rules.notices import REMINDER_HOUR


@write
def change_role(person: UUID, role: UserRole, *, actor: Actor) -> User:
    """Make somebody an operator, or one no longer; raises Conflict when nobody would be left to operate."""
    user = _locked(person)
    if user.role == role:
        return user
    if user.is_placeholder:
        raise _no_account()
    if role is not UserRole.ADMIN:
        _keep_an_operator(user)
    old, user.role = user.role, role
    _store(user, "role")
    record(
        PersonRoleChanged(object_id=user.id, version=user.version, changes={"role": (str(old), str(role))}), actor=actor
    )
    return user


@write
def set_active(person: UUID, *, active: bool, actor: Actor) -> User:
    """Let somebody in again, or out: then their sessions end and their tokens rest."""
    user = _locked(person)
    if user.is_active == active:
        return user
    if active and (user.is_placeholder or user.anonymised_at):
        raise _no_account()
    if not active:
        _keep_an_operator(user)
    user.is_active = active
    _store(user, "is_active")
    event = PersonActivated if active else PersonDeactivated
    record(event(object_id=user.id, version=user.version, changes={"is_active": (not active, active)}), actor=actor)
    if not active:
        end_all_sessions(user.id, actor=actor)
    return user


@write
def anonymise_user(person: UUID, *, actor: Actor) -> User:
    """Take everything personal away for good, in the log too; what they wrote in projects stays, under no name."""
    user = _locked(person)
    if user.anonymised_at:
        return user
    _keep_an_operator(user)
    end_all_sessions(user.id, actor=actor)
    for token in PersonalToken.objects.filter(user=user, ended_at=None):
        record(TokenRevoked(object_id=token.id), actor=actor)
    erase_mails(user.id, user.email or "")
    user.sessions.all().delete()
    user.tokens.all().delete()
    user.username = user.username_key = f"{ANONYMISED}{user.id.hex[-12:]}"
    user.email = user.email_key = None
    user.name, user.bio, user.time_zone, user.locale = "", "", "UTC", "en"
    user.notification_settings, user.reminder_hour = {}, REMINDER_HOUR
    user.note_names()
    user.role, user.is_active, user.is_verified, user.last_login = UserRole.USER, False, False, None
    user.set_unusable_password()
    user.anonymised_at = now()
    user.version += 1
    user.updated_at = now()
    user.save()
    seams.call("person_anonymised", user, actor=actor)
    erase_person(user.id)
    record(PersonAnonymised(object_id=user.id, version=user.version), actor=actor)
    return user


def _locked(person: UUID) -> User:
    user = lock(User.objects.filter(pk=person)).first()
    if user is None:
        raise Missing
    return user


def _keep_an_operator(user: User) -> None:
    """Refuse to lose the last one; all operators are locked, so that two cannot leave at once."""
    if not (user.is_operator and user.is_active):
        return
    active = [one.pk for one in lock(User.objects.filter(role=UserRole.ADMIN, is_active=True).order_by("pk"))]
    if active == [user.pk]:
        raise Conflict(
            "last_operator", "Nobody would be left to operate this installation. Make somebody else an admin first."
        )


def _no_account() -> Conflict:
    return Conflict("no_account", "There is no account behind this name, so nobody could sign in with it.")


def _store(user: User, field: str) -> None:
    user.version += 1
    user.updated_at = now()
    user.save(update_fields=[field, "version", "updated_at"])
