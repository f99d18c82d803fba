"""Opening, carrying on and ending sessions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import current_context
from workloom.core.db import lock, write
from workloom.core.errors import Unauthenticated
from workloom.events.record import record, record_many
from workloom.people.accounts.events import SessionEnded, SessionRefused, SessionStarted
from workloom.people.accounts.models import Session, SessionKind, User
from workloom.people.accounts.rules.sessions import RefreshVerdict, access_lifetime, session_lifetime, verdict_on
from workloom.people.accounts.rules.tokens import (
    ACCESS,
    REFRESH,
    BadToken,
    Claims,
    digest,
    new_jti,
    next_jti,
    read_token,
    signer,
    write_token,
)

REMEMBERED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that goes on, with the refresh token that carries it (none for a browser's)."""

    user: User
    session: Session
    refresh: str | None = field(default=None, repr=False)

    @property
    def access(self) -> str:
        """Return a fresh access token."""
        issued = now()
        expires = min(issued + access_lifetime(), self.session.expires_at)
        claims = Claims(
            ACCESS, self.user.id, self.session.id, new_jti(), int(issued.timestamp()), int(expires.timestamp())
        )
        return write_token(claims, signer())


@write
def open_session(user: User, kind: SessionKind) -> Opened:
    """Start a session for somebody who has just proved who they are; raises Unauthenticated when that has changed."""
    at = now()
    person = lock(User.objects.filter(pk=user.pk, is_active=True, password=user.password)).first()
    if person is None:
        raise Unauthenticated(
            "invalid_credentials", "The account or its password has just been changed. Sign in again."
        )
    context = current_context()
    session = Session(
        user=person, kind=kind, created_at=at, last_seen_at=at, rotated_at=at, expires_at=at + session_lifetime()
    )
    session.address, session.agent = context.ip[:64], context.user_agent[:300]
    refresh = None if kind == SessionKind.BROWSER else _refresh_token(session, new_jti())
    session.refresh_hash = digest(refresh) if refresh else ""
    session.save(force_insert=True)
    person.last_login = at
    person.version += 1
    person.save(update_fields=["last_login", "version"])
    record(SessionStarted(object_id=session.id, changes={"kind": (None, str(kind))}), actor=person.as_actor(session.id))
    return Opened(person, session, refresh)


def refresh_session(text: str) -> Opened:
    """Return a new pair for a refresh token; used again after its grace it ends the family. Raises Unauthenticated."""
    claims = _read_refresh(text)
    opened = _carry_on(claims, digest(text))
    if opened is None:
        raise Unauthenticated(
            "refresh_token_reused", "This refresh token was used before, so its session has been ended. Sign in again."
        )
    return opened


def session_of_refresh(text: str) -> Session:
    """Return the live session that a refresh token belongs to; raises Unauthenticated."""
    claims = _read_refresh(text)
    session = Session.objects.select_related("user").filter(pk=claims.session, user_id=claims.user).first()
    if (
        session is None
        or not session.is_live(now())
        or digest(text) not in {session.refresh_hash, session.previous_hash}
    ):
        raise _ended()
    return session


@write
def end_session(session: Session, *, actor: Actor) -> None:
    """End one session: its tokens are refused from the next request on."""
    end_sessions([session], actor=actor)


@write
def end_all_sessions(user: UUID, *, actor: Actor, spare: UUID | None = None) -> None:
    """End a person's sessions, all or all but one."""
    found = Session.objects.filter(user_id=user, ended_at=None)
    end_sessions(lock(found.exclude(pk=spare) if spare else found), actor=actor)


def end_sessions(sessions: Iterable[Session], *, actor: Actor) -> None:
    """End those that have not ended yet."""
    ending = [
        session for session in sessions if Session.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now())
    ]
    if ending:
        record_many([SessionEnded(object_id=session.id) for session in ending], actor=actor)


def forget_old_sessions() -> int:
    """Delete sessions that ended or expired a month ago, and cookies that have expired; a regular duty."""
    cookies = import_module(settings.SESSION_ENGINE).SessionStore
    cookies.clear_expired()
    long_ago = now() - REMEMBERED_FOR
    return Session.objects.filter(Q(ended_at__lt=long_ago) | Q(expires_at__lt=long_ago)).delete()[0]


def _read_refresh(text: str) -> Claims:
    try:
        return read_token(text, REFRESH, signer(), now())
    except BadToken as error:
        raise Unauthenticated(
            "invalid_refresh_token", "This refresh token is not valid or has expired. Sign in again."
        ) from error


def _ended() -> Unauthenticated:
    return Unauthenticated("session_ended", "This session has ended. Sign in again.")


@write
def _carry_on(claims: Claims, sent: str) -> Opened | None:
    session = lock(Session.objects.filter(pk=claims.session, user_id=claims.user)).first()
    if session is None or not session.is_live(now()):
        raise _ended()
    user = User.objects.get(pk=session.user_id)
    if not user.is_active:
        raise _ended()
    verdict = verdict_on(sent, session.refresh_hash, session.previous_hash, session.rotated_at, now())
    if verdict is RefreshVerdict.REUSED:
        Session.objects.filter(pk=session.pk).update(ended_at=now())
        record(SessionRefused(object_id=session.id), actor=user.as_actor(session.id))
        return None
    if verdict is RefreshVerdict.JUST_REPLACED:
        return Opened(user, session, _refresh_token(session, next_jti(claims.jti)))
    session.last_seen_at = now()
    if session.kind == SessionKind.COMPAT:
        session.save(update_fields=["last_seen_at"])
        return Opened(user, session, _refresh_token(session, claims.jti))
    return Opened(user, session, _rotate(session, claims, sent))


def _rotate(session: Session, claims: Claims, sent: str) -> str:
    session.rotated_at = now()
    session.expires_at = now() + session_lifetime()
    refresh = _refresh_token(session, next_jti(claims.jti))
    session.previous_hash, session.refresh_hash = sent, digest(refresh)
    session.save(update_fields=["rotated_at", "expires_at", "previous_hash", "refresh_hash", "last_seen_at"])
    return refresh


def _refresh_token(session: Session, jti: str) -> str:
    """Spell out a refresh token: a function of the row and the id alone, so that it can be told again."""
    issued, expires = int(session.rotated_at.timestamp()), int(session.expires_at.timestamp())
    return write_token(Claims(REFRESH, session.user_id, session.id, jti, issued, expires), signer())
