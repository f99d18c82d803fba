"""The smallest valid people, written straight to their tables: a test's log begins empty."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from workloom.core.clock import now
from workloom.core.text import fold
from workloom.people.accounts.models import PersonalToken, Session, SessionKind, User, UserRole
from workloom.people.accounts.rules.sessions import access_lifetime, session_lifetime
from workloom.people.accounts.rules.tokens import (
    ACCESS,
    PERSONAL_PREFIX,
    Claims,
    digest,
    new_jti,
    new_secret,
    signer,
    write_token,
)

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(username: str = "", *, password: str = "", **fields: Any) -> User:
    """A person who can sign in with `password`, or with no password at all when none is given (hashing takes time)."""
    username = username or f"person{next(_numbers)}"
    email = fields.pop("email", f"{username}@example.org")
    user = User(
        username=username,
        username_key=fold(username),
        email=email,
        email_key=fold(email) if email else None,
        **{"name": username.title(), "is_verified": True, **fields},
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    return user


def make_operator(username: str = "", **fields: Any) -> User:
    """An administrator of the installation."""
    return make_user(username, role=UserRole.ADMIN, **fields)


def make_session(user: User, kind: SessionKind = SessionKind.ROTATING) -> Session:
    """A live session without a refresh token."""
    at = now()
    times = {"created_at": at, "last_seen_at": at, "rotated_at": at, "expires_at": at + session_lifetime()}
    return Session.objects.create(user=user, kind=kind, **times)


def access_token(user: User, session: Session | None = None) -> str:
    """An access token of a session, of a new one when none is given."""
    session = session or make_session(user)
    issued = now()
    claims = Claims(
        ACCESS, user.id, session.id, new_jti(), int(issued.timestamp()), int((issued + access_lifetime()).timestamp())
    )
    return write_token(claims, signer())


def personal_token(
    user: User, *scopes: str, projects: list[UUID] | None = None, expires_at: datetime | None = None
) -> str:
    """The secret of a new personal token; read and write when no scopes are named."""
    secret = new_secret(PERSONAL_PREFIX)
    PersonalToken.objects.create(
        user=user,
        name="script",
        hint=secret[:8],
        secret_hash=digest(secret),
        scopes=list(scopes or ("read", "write")),
        projects=None if projects is None else [str(project) for project in projects],
        created_at=now(),
        expires_at=expires_at,
    )
    return secret
