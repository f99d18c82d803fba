"""Reading people, sessions and tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.core.actor import Actor, ActorKind
from workloom.core.clock import now
from workloom.core.ids import parse_uuid
from workloom.core.listing import Wanted
from workloom.core.mail.letters import Recipient
from workloom.core.prepared import Question, owe_finding, prepared
from workloom.core.statements import can_owe
from workloom.core.text import fold, is_clean
from workloom.people.accounts.models import PersonalToken, Session, SetupLink, User, UserRole
from workloom.people.accounts.rows import PERSONS, PersonRow
from workloom.people.accounts.rules.sessions import is_seen_anew
from workloom.people.accounts.rules.tokens import digest

_ACTING = ("username", "name", "role", "is_active", "time_zone")


def people() -> QuerySet[User]:
    """Return everybody; callers narrow it to whom their actor may see."""
    return User.objects.all()


def person_rows(named: Iterable[UUID], wanted: Wanted) -> dict[UUID, PersonRow]:
    """Return people by id, as others read them."""
    return {row.id: row for row in PERSONS.by_id(User, list(set(named)), wanted)}


def asking_person_rows(named: Iterable[UUID]) -> Question:
    """Return what `person_rows` asks of some, for `asked_together`."""
    return PERSONS.asking_by_id(User, list(set(named)))


def person_by_login(login: str) -> User | None:
    """Find who signs in with this address or username, in any case; placeholders and the anonymised never do."""
    key = fold(login.strip())
    if not key or not is_clean(key):
        return None
    given = Q(email_key=key) if "@" in key else Q(username_key=key)
    return User.objects.filter(given, is_placeholder=False).first()


def mail_recipient(person: UUID) -> Recipient | None:
    """Return how mail reaches somebody; None without an account in use or an address."""
    user = User.objects.filter(pk=person, is_active=True, is_placeholder=False, email__isnull=False).first()
    if user is None or not user.email:
        return None
    return Recipient(address=user.email, name=user.shown_name, locale=user.locale, zone=user.time_zone)


def has_operator() -> bool:
    """Tell whether somebody operates this installation."""
    return User.objects.filter(role=UserRole.ADMIN, is_active=True).exists()


class LiveSession(NamedTuple):
    """A session that signs its person in right now, with what an actor is made of."""

    id: UUID
    last_seen_at: datetime
    user: UUID
    username: str
    name: str
    role: str
    zone: str

    def as_actor(self) -> Actor:
        """Return its person as one who acts."""
        return Actor(
            id=self.user,
            kind=ActorKind.USER,
            name=self.name or self.username,
            is_operator=self.role == UserRole.ADMIN,
            zone=self.zone,
            session=self.id,
        )


def live_session(session: UUID, user: UUID) -> LiveSession | None:
    """Find a session that signs its person in right now, in one query."""
    line = _live_session.first(session, user, now())
    return LiveSession(*line) if line else None


@dataclass(slots=True)
class Seen:
    """A session as this process saw it last, which does not count before it is asked again; `question` does that, once it was put together."""

    session: LiveSession
    question: Question | None = None

    def asking(self, at: datetime) -> Question:
        """Return the question whether it still lives and its person is still the same."""
        if self.question is None:
            said = self.session
            same = Q(
                user__username=said.username, user__name=said.name, user__role=said.role, user__time_zone=said.zone
            )
            self.question = _same_session.asking(at, said.id, said.user, same)
        form, (_, *rest) = self.question
        return form, [at, *rest]


_seen: dict[UUID, Seen] = {}
MOST_SEEN = 4000


def expected_session(session: UUID, user: UUID) -> LiveSession | None:
    """Return a session as it was seen last, on which nothing may rest before it is proven; the request's first question will ask for that.

    None where it has to be asked for outright: when it was not seen, or so long ago that its use is to be written down.
    """
    seen, at = _seen.get(session), now()
    if seen is None or seen.session.user != user or is_seen_anew(seen.session.last_seen_at, at) or not can_owe():
        return None
    owe_finding(seen.asking(at), refuted=lambda: _seen.pop(session, None))
    return seen.session


def expect_session(session: LiveSession) -> None:
    """Remember a session for `expected_session`."""
    if len(_seen) >= MOST_SEEN:
        _seen.clear()
    _seen[session.id] = Seen(session)


@prepared
def _same_session(at: datetime, session: UUID, user: UUID, same: Q) -> QuerySet[Session, UUID]:
    return _living(session, user, at).filter(same).values_list("pk", flat=True)


def _living(session: UUID, user: UUID, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(pk=session, user_id=user, ended_at=None, expires_at__gt=at, user__is_active=True)


@prepared
def _live_session(session: UUID, user: UUID, at: datetime) -> QuerySet[Session, tuple[Any, ...]]:
    acting = (f"user__{name}" for name in ("username", "name", "role", "time_zone"))
    return _living(session, user, at).values_list("pk", "last_seen_at", "user_id", *acting)


def live_browser_session(session: object) -> Session | None:
    """Find the session that a browser's cookie stands for; the whole person with it, for the admin site."""
    key = parse_uuid(session)
    if key is None:
        return None
    joined = Session.objects.filter(pk=key, kind="browser", ended_at=None, expires_at__gt=now(), user__is_active=True)
    return joined.select_related("user").first()


def live_token(secret_hash: str) -> PersonalToken | None:
    """Find a personal token that may be used right now, with what an actor is made of, in one query."""
    return _live_token.first(secret_hash, now())


@prepared
def _live_token(secret_hash: str, at: datetime) -> QuerySet[PersonalToken]:
    joined = PersonalToken.objects.filter(not_expired(at), secret_hash=secret_hash, ended_at=None, user__is_active=True)
    return joined.select_related("user").only(
        "scopes", "projects", "last_used_at", *(f"user__{name}" for name in _ACTING)
    )


def live_sessions(sessions: Iterable[UUID]) -> set[UUID]:
    """Return those of these sessions that still sign their people in."""
    named = list(sessions)
    return set(_live_sessions(named, now())) if named else set()


@prepared
def _live_sessions(sessions: Sequence[UUID], at: datetime) -> QuerySet[Session, UUID]:
    live = Session.objects.filter(pk__in=sessions, ended_at=None, expires_at__gt=at, user__is_active=True)
    return live.values_list("pk", flat=True)


def live_token_hashes(hashes: Iterable[str]) -> set[str]:
    """Return the hashes of those of these personal tokens that may still be used."""
    named = list(hashes)
    return set(_live_tokens(named, now())) if named else set()


@prepared
def _live_tokens(hashes: Sequence[str], at: datetime) -> QuerySet[PersonalToken, str]:
    live = PersonalToken.objects.filter(not_expired(at), secret_hash__in=hashes, ended_at=None, user__is_active=True)
    return live.values_list("secret_hash", flat=True)


def not_expired(at: datetime) -> Q:
    """Return the condition for tokens without an end, or with one to come."""
    return Q(expires_at=None) | Q(expires_at__gt=at)


def sessions_of(user: UUID) -> QuerySet[Session]:
    """Return the sessions of a person that still sign them in."""
    return Session.objects.filter(user_id=user, ended_at=None, expires_at__gt=now())


def tokens_of(user: UUID) -> QuerySet[PersonalToken]:
    """Return the personal tokens that were not revoked; expired ones too, so that people see why a script stopped."""
    return PersonalToken.objects.filter(user_id=user, ended_at=None)


def open_setup_link(secret: str) -> QuerySet[SetupLink]:
    """Return the set-up link of this secret while it can be used."""
    return SetupLink.objects.filter(token_hash=digest(secret), used_at=None, expires_at__gt=now())
