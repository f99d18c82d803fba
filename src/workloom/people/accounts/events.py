"""What this room writes to the log. No secret ever: neither a token nor what somebody typed in place of a name."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class PersonEvent(Event):
    object_type: ClassVar[str] = "person"
    audience: ClassVar[Audience] = Audience.OPERATORS


class PersonRegistered(PersonEvent):
    type: ClassVar[str] = "person.registered"


class PersonUpdated(PersonEvent):
    type: ClassVar[str] = "person.updated"
    audience: ClassVar[Audience] = Audience.PERSON


class PersonRoleChanged(PersonEvent):
    type: ClassVar[str] = "person.role_changed"


class PersonActivated(PersonEvent):
    type: ClassVar[str] = "person.activated"


class PersonDeactivated(PersonEvent):
    type: ClassVar[str] = "person.deactivated"


class PersonAnonymised(PersonEvent):
    type: ClassVar[str] = "person.anonymised"


class PasswordChanged(PersonEvent):
    type: ClassVar[str] = "password.changed"
    audience: ClassVar[Audience] = Audience.PERSON


class SignInFailed(PersonEvent):
    """Names the person only where there is one: people type passwords into the wrong field."""

    type: ClassVar[str] = "sign_in.failed"


class SessionEvent(Event):
    object_type: ClassVar[str] = "session"
    audience: ClassVar[Audience] = Audience.PERSON


class SessionStarted(SessionEvent):
    type: ClassVar[str] = "session.started"


class SessionEnded(SessionEvent):
    type: ClassVar[str] = "session.ended"


class SessionRefused(SessionEvent):
    """An old refresh token was used again: somebody has a copy, so the whole family ends."""

    type: ClassVar[str] = "session.refused"


class TokenEvent(Event):
    object_type: ClassVar[str] = "token"
    audience: ClassVar[Audience] = Audience.PERSON


class TokenCreated(TokenEvent):
    type: ClassVar[str] = "token.created"


class TokenRevoked(TokenEvent):
    type: ClassVar[str] = "token.revoked"


class SetupLinkMinted(Event):
    type: ClassVar[str] = "setup_link.minted"
    object_type: ClassVar[str] = "setup_link"
    audience: ClassVar[Audience] = Audience.OPERATORS
