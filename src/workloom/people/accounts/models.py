"""People, their sessions and their personal tokens."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from workloom.core.actor import Actor, ActorKind
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.core.text import fold
from workloom.people.accounts.rules.names import LONGEST_EMAIL, LONGEST_KEY, LONGEST_USERNAME
from workloom.people.accounts.rules.notices import REMINDER_HOUR


class UserRole(StrEnum):
    """An admin operates the installation."""

    ADMIN = "admin"
    USER = "user"


class SessionKind(StrEnum):
    """How a session is carried on: by a refresh token that changes, by one that stays, or by a cookie."""

    ROTATING = "rotating"
    COMPAT = "compat"
    BROWSER = "browser"


class People(BaseUserManager["User"]):
    """Finds people as they name themselves."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by username in any case."""
        return self.get(username_key=fold(username or ""))


class User(AbstractBaseUser):
    """A person. Placeholders stand for people whom an import named; they have no address and never sign in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=LONGEST_USERNAME)
    username_key = models.CharField("username", max_length=LONGEST_KEY, unique=True)
    email = models.CharField(max_length=LONGEST_EMAIL, null=True)  # noqa: DJ001 - several people without an address must fit a unique key
    email_key = models.CharField(max_length=LONGEST_EMAIL, null=True, unique=True)  # noqa: DJ001 - as above
    name = models.CharField(max_length=200, default="")
    search_key = models.TextField(default="")
    bio = models.TextField(default="")
    time_zone = models.CharField(max_length=64, default="UTC")
    locale = models.CharField(max_length=35, default="en")
    notification_settings = models.JSONField(default=dict)
    # As the settings have it, for the tick that looks for those whose hour it is.
    reminder_hour = models.PositiveSmallIntegerField(default=REMINDER_HOUR)
    role = models.CharField(max_length=8, default=UserRole.USER.value)
    is_active = models.BooleanField(default=True)
    is_verified = models.BooleanField(default=False)
    is_placeholder = models.BooleanField(default=False)
    anonymised_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    # The column whose uniqueness counts; people sign in with either name, see the action `check_credentials`.
    USERNAME_FIELD = "username_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[People] = People()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["role", "is_active"], name="user_by_role")]

    def __str__(self) -> str:
        return self.shown_name

    def clean(self) -> None:
        """Leave names alone: the framework would rewrite the key."""

    def note_names(self) -> None:
        """Renew what searches without case look into, wherever a name or the address changes."""
        self.search_key = fold("\n".join((self.username, self.name, self.email or "")))

    @property
    def shown_name(self) -> str:
        """What others read."""
        return self.name or self.username

    @property
    def is_operator(self) -> bool:
        """Tell who operates the installation."""
        return self.role == UserRole.ADMIN

    @property
    def is_staff(self) -> bool:
        """The admin site's word for an operator."""
        return self.is_operator

    @property
    def is_superuser(self) -> bool:
        """As `is_staff`."""
        return self.is_operator

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Let operators see the admin site."""
        return self.is_active and self.is_operator

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """As `has_perm`."""
        return self.is_active and self.is_operator

    def has_module_perms(self, app_label: str) -> bool:
        """As `has_perm`."""
        return self.is_active and self.is_operator

    def as_actor(self, session: UUID | None = None) -> Actor:
        """Return this person as one who acts."""
        return Actor(
            id=self.id,
            kind=ActorKind.USER,
            name=self.shown_name,
            is_operator=self.is_operator,
            zone=self.time_zone,
            session=session,
        )


class Session(models.Model):
    """One sign-in on one device: a family of refresh tokens of which the last two are known, or a browser's cookie."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=10, default=SessionKind.ROTATING.value)
    refresh_hash = models.CharField(max_length=64, default="")
    previous_hash = models.CharField(max_length=64, default="")
    rotated_at = models.DateTimeField()
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=64, default="")
    agent = models.CharField(max_length=300, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "created_at"], name="session_by_user"),
            models.Index(fields=["expires_at"], name="session_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} session of {self.user_id}"

    def is_live(self, at: datetime) -> bool:
        """Tell whether it still signs its person in."""
        return self.ended_at is None and self.expires_at > at


class PersonalToken(models.Model):
    """A key for scripts: shown once, stored hashed, narrowed by scopes and projects."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=200)
    hint = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    projects = models.JSONField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "created_at"], name="token_by_user")]

    def __str__(self) -> str:
        return self.name


class SetupLink(models.Model):
    """The one-time way to the first administrator: at most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "set-up link"
