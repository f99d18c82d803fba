"""What this room writes to the log. No secret ever: neither a token nor what somebody typed in place of a name."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class PersonEvent(Event):
    object_type: ClassVar[str] = "person"
    audience: ClassVar[Audience] = Audience.OPERATORS


class PersonRegistered(PersonEvent):
    """Somebody has an account: `email`, `username`, `role`."""

    type: ClassVar[str] = "person.registered"


class PersonUpdated(PersonEvent):
    """Somebody changed their profile: `name`, `username`, `bio`, `time_zone`, `locale`, `notification_settings`."""

    type: ClassVar[str] = "person.updated"
    audience: ClassVar[Audience] = Audience.PERSON


class PersonRoleChanged(PersonEvent):
    """Somebody became an operator of the installation, or is one no longer: `role`."""

    type: ClassVar[str] = "person.role_changed"


class PersonActivated(PersonEvent):
    """An account may sign in again: `is_active`."""

    type: ClassVar[str] = "person.activated"


class PersonDeactivated(PersonEvent):
    """An account may not sign in any more: `is_active`."""

    type: ClassVar[str] = "person.deactivated"


class PersonAnonymised(PersonEvent):
    """A person's names and addresses were erased for good."""

    type: ClassVar[str] = "person.anonymised"


class PasswordChanged(PersonEvent):
    """A password was changed; the log keeps nothing of it."""

    type: ClassVar[str] = "password.changed"
    audience: ClassVar[Audience] = Audience.PERSON


class SignInFailed(PersonEvent):
    """Names the person only where there is one: people type passwords into the wrong field."""

    type: ClassVar[str] = "sign_in.failed"


class SessionEvent(Event):
    object_type: ClassVar[str] = "session"
    audience: ClassVar[Audience] = Audience.PERSON


class SessionStarted(SessionEvent):
    """Somebody signed in: `kind`."""

    type: ClassVar[str] = "session.started"


class SessionEnded(SessionEvent):
    """Somebody signed out, or a session was ended for them."""

    type: ClassVar[str] = "session.ended"


class SessionRefused(SessionEvent):
    """An old refresh token was used again: somebody has a copy, so the whole family ends."""

    type: ClassVar[str] = "session.refused"


class TokenEvent(Event):
    object_type: ClassVar[str] = "token"
    audience: ClassVar[Audience] = Audience.PERSON


class TokenCreated(TokenEvent):
    """A personal token was made: `name`, `scopes`, `expires_at`; never the token itself."""

    type: ClassVar[str] = "token.created"


class TokenRevoked(TokenEvent):
    """A personal token counts no more."""

    type: ClassVar[str] = "token.revoked"


class SetupLinkMinted(Event):
    """The one-time link to the first administrator was printed; the link is not in the log."""

    type: ClassVar[str] = "setup_link.minted"
    object_type: ClassVar[str] = "setup_link"
    audience: ClassVar[Audience] = Audience.OPERATORS
