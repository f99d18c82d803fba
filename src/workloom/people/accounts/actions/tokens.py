"""Personal tokens."""

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict, Invalid
from workloom.events.record import record
from workloom.people.accounts.events import TokenCreated, TokenRevoked
from workloom.people.accounts.models import PersonalToken
from workloom.people.accounts.rules.tokens import PERSONAL_PREFIX, digest, new_secret
from workloom.people.accounts.rules.wanted import TokenWish

MOST = 100
_HINT = 8


@write
def create_token(wanted: TokenWish, *, actor: Actor) -> tuple[PersonalToken, str]:
    """Make a token and return it with its secret, which nothing tells ever again."""
    at = now()
    if wanted.expires_at and wanted.expires_at <= at:
        raise Invalid("expires_at", "in_the_past", "Send an instant to come, or null for a token without an end.")
    if PersonalToken.objects.filter(user_id=actor.person, ended_at=None).count() >= MOST:
        raise Conflict("too_many_tokens", f"You have {MOST} personal tokens. Revoke one that you no longer need.")
    secret = new_secret(PERSONAL_PREFIX)
    token = PersonalToken(
        user_id=actor.person,
        name=wanted.name,
        hint=secret[:_HINT],
        secret_hash=digest(secret),
        scopes=[str(scope) for scope in wanted.scopes],
        projects=None if wanted.projects is None else [str(key) for key in wanted.projects],
        created_at=at,
        expires_at=wanted.expires_at,
    )
    token.save(force_insert=True)
    changes = {"name": (None, token.name), "scopes": (None, token.scopes), "expires_at": (None, token.expires_at)}
    record(TokenCreated(object_id=token.id, changes=changes), actor=actor)
    return token, secret


@write
def revoke_token(token: PersonalToken, *, actor: Actor) -> None:
    """End a token; a second time changes nothing."""
    if PersonalToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now()):
        record(TokenRevoked(object_id=token.id), actor=actor)
