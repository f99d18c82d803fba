"""What people ask of this room, read from whatever door they came through."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from workloom.people.accounts.rules.notices import NoticeWish
from workloom.people.rights.rules import Scope


@dataclass(frozen=True, slots=True)
class Registration:
    """Somebody new; an empty username is made from the address."""

    email: str
    password: str = field(repr=False)
    username: str = ""
    name: str = ""
    password_confirm: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An attempt to sign in, by address or by username."""

    password: str = field(repr=False)
    email: str | None = None
    username: str | None = None
    cookie: bool = False

    @property
    def login(self) -> str:
        """Return the name given, whichever it is."""
        return self.email or self.username or ""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token handed in."""

    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Farewell:
    """Sign-out, by refresh token where one is sent."""

    refresh: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """New values; None leaves a field as it is."""

    name: str | None = None
    username: str | None = None
    bio: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    notification_settings: NoticeWish | None = None


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A change of password by somebody who knows the present one."""

    current_password: str = field(repr=False)
    new_password: str = field(repr=False)
    new_password_confirm: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """A personal token to be made."""

    name: str
    scopes: tuple[Scope, ...] = (Scope.READ, Scope.WRITE)
    projects: tuple[UUID, ...] | None = None
    expires_at: datetime | None = None
