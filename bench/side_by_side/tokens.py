"""The token check that all three servers make: the product's own reading of the token, then the session's row."""

import functools
import os
from dataclasses import dataclass
from uuid import UUID

from workloom.core.clock import now
from workloom.people.accounts.rules.tokens import ACCESS, BadToken, Signer, read_token

__all__ = ["BadToken", "Bearer", "bearer_of"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a genuine token names; whether the session still lives is a question to the database."""

    user: UUID
    session: UUID


def bearer_of(header: str) -> Bearer:
    """Read an Authorization header; raises BadToken."""
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer":
        raise BadToken
    claims = read_token(credential, ACCESS, _signer(), now())
    return Bearer(claims.user, claims.session)


@functools.cache
def _signer() -> Signer:
    key = os.environ["JWT_SECRET_KEY"].encode()
    return Signer("HS256", key, key)
