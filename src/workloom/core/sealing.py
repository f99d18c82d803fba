"""Secrets that have to be read again are stored sealed: encrypted with a key that comes from SECRET_KEY and a purpose."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """It was sealed with another SECRET_KEY, for another purpose, or changed since."""


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt and sign; what comes out is ASCII."""
    return _fernet(settings.SECRET_KEY, purpose).encrypt(plain)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Return what was sealed; raises Unreadable."""
    try:
        return _fernet(settings.SECRET_KEY, purpose).decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable("Sealed with another SECRET_KEY, or changed since.") from error


@cache
def _fernet(secret_key: str, purpose: str) -> Fernet:
    key = salted_hmac("workloom.core.sealing", purpose, secret=secret_key, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
