"""Own sessions and tokens: everybody else's do not exist for the asker."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Missing
from workloom.core.ids import parse_uuid
from workloom.people.accounts.models import PersonalToken, Session, User
from workloom.people.accounts.queries import sessions_of, tokens_of
from workloom.people.rights.rules import Right, demand_personal

NO_ID = UUID(int=0)
"""Belongs to nothing."""


def access_account(actor: Actor, right: Right) -> User:
    """Return the actor's own account."""
    demand_personal(actor, right)
    return User.objects.get(pk=actor.person)


def access_session(actor: Actor, key: str, right: Right) -> Session:
    """Return one of the actor's live sessions."""
    demand_personal(actor, right)
    session = sessions_of(actor.person).filter(pk=parse_uuid(key) or NO_ID).first()
    if session is None:
        raise Missing
    return session


def access_token(actor: Actor, key: str, right: Right) -> PersonalToken:
    """Return one of the actor's personal tokens."""
    demand_personal(actor, right)
    token = tokens_of(actor.person).filter(pk=parse_uuid(key) or NO_ID).first()
    if token is None:
        raise Missing
    return token
