"""Signatures by which a receiver knows that a message is ours and new, as standardwebhooks.com describes them.

What is signed is `id.timestamp.body` with HMAC-SHA256. While a secret is being replaced both are live, and the message
carries a signature by each; the receiver is content with the one that it can check.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

_PREFIX: Final = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64
# A dot in the id would let one message be read as another with a different beginning of the body.
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def new_secret() -> str:
    """Return a fresh secret of 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def key_of(secret: str) -> bytes:
    """Return the bytes that a secret stands for; ValueError says what is wrong with one that was typed."""
    if not secret.startswith(_PREFIX):
        raise ValueError(f"A secret begins with {_PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"What follows {_PREFIX} has to be base64") from None
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(f"A secret holds {_LEAST_BYTES} to {_MOST_BYTES} bytes")
    return key


def signed_headers(message_id: str, *, at: datetime, body: bytes, live_secrets: Sequence[str]) -> dict[str, str]:
    """Return the three headers that go with a body, the newest secret's signature first."""
    if not _ID.fullmatch(message_id):
        raise ValueError("The id of a message has letters, digits, _ and - only")
    if not live_secrets:
        raise ValueError("Nothing to sign with")
    timestamp = str(int(at.timestamp()))
    signed = b".".join((message_id.encode("ascii"), timestamp.encode("ascii"), body))
    signatures = [hmac.new(key_of(secret), signed, hashlib.sha256).digest() for secret in live_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode('ascii')}" for each in signatures),
    }
