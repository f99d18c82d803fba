"""The secrets of webhooks, sealed in their rows."""

from datetime import datetime
from typing import Final

from workloom.core.sealing import Unreadable, seal, unseal
from workloom.outlets.webhooks.models import Webhook

_PURPOSE: Final = "webhook secrets"


def sealed(secret: str) -> str:
    """Return what is stored of a secret."""
    return seal(secret.encode(), purpose=_PURPOSE).decode()


def is_readable(stored: str) -> bool:
    """Tell whether a secret can still be read: not once SECRET_KEY is another."""
    try:
        unseal(stored.encode(), purpose=_PURPOSE)
    except Unreadable:
        return False
    return True


def live_secrets(hook: Webhook, at: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first; raises Unreadable."""
    stored = [hook.secret]
    if hook.previous_until is not None and at < hook.previous_until:
        stored.append(hook.previous_secret)
    return [unseal(one.encode(), purpose=_PURPOSE).decode() for one in stored]
