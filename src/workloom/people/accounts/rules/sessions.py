"""When a session lives, is seen, and what a refresh token may still do."""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from django.conf import settings

GRACE = timedelta(seconds=10)
"""How long the previous refresh token is still taken: for tabs that refresh at once, and for lost answers."""
SEEN_EVERY = timedelta(minutes=1)


class RefreshVerdict(StrEnum):
    """What a genuine refresh token of a live session is worth."""

    CURRENT = "current"
    JUST_REPLACED = "just_replaced"
    REUSED = "reused"


def access_lifetime() -> timedelta:
    """Return how long an access token lives."""
    return timedelta(minutes=settings.JWT_ACCESS_TOKEN_LIFETIME)


def session_lifetime() -> timedelta:
    """Return how long a session lives without being used."""
    return timedelta(minutes=settings.JWT_REFRESH_TOKEN_LIFETIME)


def verdict_on(sent: str, current: str, previous: str, replaced_at: datetime, at: datetime) -> RefreshVerdict:
    """Judge a refresh token by the hashes of the last two of its family."""
    if compare_digest(sent, current):
        return RefreshVerdict.CURRENT
    if previous and compare_digest(sent, previous) and at - replaced_at <= GRACE:
        return RefreshVerdict.JUST_REPLACED
    return RefreshVerdict.REUSED


def is_seen_anew(last: datetime | None, at: datetime) -> bool:
    """Tell whether a use is worth writing down: coarse, so that reads rarely write."""
    return last is None or at - last >= SEEN_EVERY
