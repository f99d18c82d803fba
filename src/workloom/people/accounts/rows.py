"""How people, sessions and tokens look from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Value

from workloom.core.listing import Projection, Wanted
from workloom.people.accounts.models import PersonalToken, Session, User
from workloom.people.accounts.rules.notices import (
    DIGEST_HOUR,
    REMINDER_HOUR,
    MailMode,
    NoticeKind,
    Said,
    channels_of,
    digest_hour,
    kinds_said,
    quiet_hours,
    reminder_hour,
)


class PersonRow(msgspec.Struct, frozen=True):
    """A person as others read them beside a task."""

    id: UUID
    username: str
    name: str
    avatar: str | None = None


class UserRow(msgspec.Struct, frozen=True):
    """A person; the address is null for those who may not see it."""

    id: UUID
    username: str
    email: str | None
    name: str
    avatar: str | None
    role: str
    is_active: bool
    is_verified: bool
    created_at: datetime
    last_login: datetime | None
    version: int


class ChannelsRow(msgspec.Struct, frozen=True):
    """Where a kind is told; `mail` is now, digest or off."""

    in_app: bool
    mail: MailMode


class QuietHoursRow(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """From when until when, on the person's clock, mail waits."""

    start: Annotated[str, msgspec.Meta(examples=["22:00"])]
    end: Annotated[str, msgspec.Meta(examples=["07:00"])]


class NoticeSettingsRow(msgspec.Struct, frozen=True):
    """What one wants to be told, by kind; the hours are those of the person's clock."""

    kinds: Annotated[dict[str, ChannelsRow], msgspec.Meta(examples=[{"commented": {"in_app": True, "mail": "digest"}}])]
    digest_hour: Annotated[int, msgspec.Meta(examples=[DIGEST_HOUR])]
    reminder_hour: Annotated[int, msgspec.Meta(examples=[REMINDER_HOUR])]
    quiet_hours: QuietHoursRow | None


class ProfileRow(UserRow, frozen=True):
    """One's own account."""

    bio: str
    time_zone: str
    locale: str
    notification_settings: NoticeSettingsRow
    updated_at: datetime


class SignedInRow(msgspec.Struct, frozen=True):
    """What a sign-in gives; `expires_in` is in seconds. In a browser the tokens are null: the cookie counts."""

    access: str | None
    refresh: str | None
    token: str | None
    expires_in: int
    user: UserRow


class VerifiedRow(msgspec.Struct, frozen=True):
    """Whom a good token belongs to."""

    user: UserRow


class SessionRow(msgspec.Struct, frozen=True):
    """One device; `kind` is rotating, compat or browser."""

    id: UUID
    kind: str
    address: str
    agent: str
    is_current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class TokenRow(msgspec.Struct, frozen=True):
    """A personal token without its secret; `hint` is how it begins."""

    id: UUID
    name: str
    hint: str
    scopes: list[str]
    projects: list[UUID] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenRow(TokenRow, frozen=True):
    """The only time that the secret is shown."""

    token: str


class JwkRow(msgspec.Struct, frozen=True):
    """A public key (RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    alg: str
    use: str


class JwksRow(msgspec.Struct, frozen=True):
    """The public keys that access tokens are signed with; empty while a shared secret signs them."""

    keys: list[JwkRow]


def user_row(user: User) -> UserRow:
    """Show a person to themselves."""
    return UserRow(
        id=user.id,
        username=user.username,
        email=user.email,
        name=user.name,
        avatar=None,
        role=user.role,
        is_active=user.is_active,
        is_verified=user.is_verified,
        created_at=user.created_at,
        last_login=user.last_login,
        version=user.version,
    )


def profile_row(user: User) -> ProfileRow:
    """Show somebody their own account."""
    own = {name: getattr(user, name) for name in ("bio", "time_zone", "locale", "updated_at")}
    told = notice_settings_row(user.notification_settings)
    return ProfileRow(**msgspec.structs.asdict(user_row(user)), **own, notification_settings=told)


def channels_rows(*said: Said) -> dict[str, ChannelsRow]:
    """Show where each kind is told; what was said last counts."""
    found = {kind: channels_of(kind, *said) for kind in NoticeKind}
    return {kind.value: ChannelsRow(channels.in_app, channels.mail) for kind, channels in found.items()}


def notice_settings_row(said: Said) -> NoticeSettingsRow:
    """Show the whole settings: what was said, and what holds where nothing was."""
    quiet = quiet_hours(said)
    return NoticeSettingsRow(
        kinds=channels_rows(kinds_said(said)),
        digest_hour=digest_hour(said),
        reminder_hour=reminder_hour(said),
        quiet_hours=QuietHoursRow(quiet.start, quiet.end) if quiet else None,
    )


def token_row(token: PersonalToken) -> TokenRow:
    """Show a token to its owner."""
    projects = None if token.projects is None else [UUID(key) for key in token.projects]
    return TokenRow(
        token.id,
        token.name,
        token.hint,
        list(token.scopes),
        projects,
        token.created_at,
        token.expires_at,
        token.last_used_at,
    )


def new_token_row(token: PersonalToken, secret: str) -> NewTokenRow:
    """Show a token with its secret, once."""
    return NewTokenRow(**msgspec.structs.asdict(token_row(token)), token=secret)


def session_row(session: Session, current: UUID | None) -> SessionRow:
    """Show a session to its owner."""
    return SessionRow(
        id=session.id,
        kind=session.kind,
        address=session.address,
        agent=session.agent,
        is_current=session.id == current,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
    )


_USER_COLUMNS = (
    "id",
    "username",
    "email",
    "name",
    "role",
    "is_active",
    "is_verified",
    "created_at",
    "last_login",
    "version",
    "shows_email",
)


def _users(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[UserRow]:
    asks, all_seen = wanted.actor.id, wanted.actor.is_operator
    return [
        UserRow(key, username, email if shows or all_seen or key == asks else None, name, None, *rest)
        for key, username, email, name, *rest, shows in lines
    ]


def _people(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[PersonRow]:
    return [PersonRow(*line) for line in lines]


def _sessions(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[SessionRow]:
    return [
        SessionRow(key, kind, address, agent, key == wanted.actor.session, *times)
        for key, kind, address, agent, *times in lines
    ]


def _tokens(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[TokenRow]:
    return [
        TokenRow(key, name, hint, scopes, None if projects is None else [UUID(one) for one in projects], *times)
        for key, name, hint, scopes, projects, *times in lines
    ]


USERS = Projection(
    UserRow, _USER_COLUMNS, _users, annotations={"shows_email": Value(value=False, output_field=BooleanField())}
)
"""Replace the annotation `shows_email` where others' addresses may be seen; operators and oneself always see them."""
PERSONS = Projection(PersonRow, ("id", "username", "name"), _people)
SESSIONS = Projection(
    SessionRow, ("id", "kind", "address", "agent", "created_at", "last_seen_at", "expires_at"), _sessions
)
TOKENS = Projection(
    TokenRow, ("id", "name", "hint", "scopes", "projects", "created_at", "expires_at", "last_used_at"), _tokens
)
