"""Access and refresh tokens (JWT), and the opaque secrets of personal tokens and set-up links."""

import base64
import functools
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from workloom.core.ids import parse_uuid

ISSUER: Final = "workloom"
ACCESS: Final = "access"
REFRESH: Final = "refresh"
PERSONAL_PREFIX: Final = "wl_"
LONGEST: Final = 4096
_CLAIMS: Final = ("iss", "aud", "typ", "sub", "sid", "jti", "iat", "exp")


class BadToken(Exception):
    """A token that is not ours, not of this kind, or too old."""


@dataclass(frozen=True, slots=True, eq=False)
class Signer:
    """One algorithm with its keys: a token never chooses its own. Each stands for itself, since not every kind of key can be hashed."""

    algorithm: str
    private: Any
    public: Any
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token of ours says."""

    kind: str
    user: UUID
    session: UUID
    jti: str
    issued_at: int
    expires_at: int


@functools.cache
def signer() -> Signer:
    """Return the installation's signer: EdDSA where a private key is set, else HS256."""
    return signer_of(settings.JWT_PRIVATE_KEY, settings.JWT_SECRET_KEY)


def signer_of(private_pem: str, secret: str) -> Signer:
    """Make a signer out of the settings; raises ImproperlyConfigured for a key of another kind."""
    if not private_pem:
        key = secret.encode() if secret else salted_hmac("workloom.access-tokens", "", algorithm="sha256").digest()
        return Signer("HS256", key, key)
    try:
        private = load_pem_private_key(private_pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(
            "JWT_PRIVATE_KEY is no private key in PEM form. Make one: openssl genpkey -algorithm ed25519."
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured("JWT_PRIVATE_KEY is no Ed25519 key. Make one: openssl genpkey -algorithm ed25519.")
    public = private.public_key()
    return Signer("EdDSA", private, public, _thumbprint(_public_members(public)))


def jwks(of: Signer) -> list[dict[str, str]]:
    """Return the public keys that tokens can be checked with: none while they are signed with a shared secret."""
    if not isinstance(of.public, Ed25519PublicKey):
        return []
    return [{**_public_members(of.public), "kid": of.key_id or "", "alg": "EdDSA", "use": "sig"}]


def _public_members(key: Ed25519PublicKey) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": _b64(key.public_bytes(Encoding.Raw, PublicFormat.Raw))}


def _thumbprint(members: dict[str, str]) -> str:
    """RFC 7638."""
    return _b64(hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def write_token(claims: Claims, by: Signer) -> str:
    """Sign a token; the same claims give the same token."""
    body = {
        "iss": ISSUER,
        "aud": ISSUER,
        "typ": claims.kind,
        "sub": str(claims.user),
        "sid": str(claims.session),
        "jti": claims.jti,
        "iat": claims.issued_at,
        "exp": claims.expires_at,
    }
    return jwt.encode(body, by.private, algorithm=by.algorithm, headers={"kid": by.key_id} if by.key_id else None)


def read_token(text: str, kind: str, by: Signer, at: datetime) -> Claims:
    """Check a token's signature, kind and age; raises BadToken."""
    if len(text) > LONGEST:
        raise BadToken
    claims = _genuine(text, by)
    if claims.kind != kind or claims.expires_at <= at.timestamp():
        raise BadToken
    return claims


@functools.lru_cache(maxsize=2000)
def _genuine(text: str, by: Signer) -> Claims:
    """Check all of a token that never changes; raises BadToken. A token comes with many requests, and this takes longer than a query."""
    try:
        body = jwt.decode(
            text,
            by.public,
            algorithms=[by.algorithm],
            audience=ISSUER,
            issuer=ISSUER,
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except (jwt.InvalidTokenError, ValueError) as error:
        raise BadToken from error
    user, session = parse_uuid(body["sub"]), parse_uuid(body["sid"])
    times = (body["iat"], body["exp"])
    if user is None or session is None or not all(isinstance(one, int) for one in times):
        raise BadToken
    return Claims(str(body["typ"]), user, session, str(body["jti"]), *times)


def next_jti(jti: str) -> str:
    """Return the successor's id of a refresh token: only we can tell it, and always tell the same one.

    Two tabs that refresh with the same token thus get the same new token, and a lost answer can be asked for again.
    """
    return hmac.new(salted_hmac("workloom.refresh-chain", "").digest(), jti.encode(), hashlib.sha256).hexdigest()[:32]


def new_jti() -> str:
    """Return an id for the first token of a family."""
    return secrets.token_hex(16)


def new_secret(prefix: str = "") -> str:
    """Return 256 random bits, as text that can stand in an address."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a secret of 256 bits: nothing slower is needed for those."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
