"""The one-time link by which a fresh installation gets its first administrator."""

from datetime import timedelta
from uuid import UUID

from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict, Missing
from workloom.events.record import record
from workloom.people.accounts.actions.register import create_operator
from workloom.people.accounts.events import SetupLinkMinted
from workloom.people.accounts.models import SetupLink, User
from workloom.people.accounts.queries import has_operator, open_setup_link
from workloom.people.accounts.rules.tokens import digest, new_secret

LIVES = timedelta(hours=24)
_ONLY = 1


@write
def mint_setup_link() -> str:
    """Return the secret of a fresh link /setup/<secret>/, the only one that counts; raises Conflict when too late."""
    if has_operator():
        raise Conflict("already_set_up", "There is an administrator already.")
    secret = new_secret()
    SetupLink.objects.update_or_create(
        pk=_ONLY, defaults={"token_hash": digest(secret), "expires_at": now() + LIVES, "used_at": None}
    )
    record(SetupLinkMinted(object_id=UUID(int=_ONLY)), actor=SYSTEM)
    return secret


@write
def use_setup_link(secret: str, email: str, password: str) -> User:
    """Make the first administrator and void the link; raises Missing for a void link, Invalid for bad values."""
    link = lock(open_setup_link(secret)).first()
    if link is None or has_operator():
        raise Missing("setup_link_void", "This link was used, has expired, or another one was made since.")
    user = create_operator(email, password)
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return user
