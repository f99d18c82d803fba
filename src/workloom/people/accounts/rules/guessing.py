"""How often may be guessed."""

from typing import Final

from workloom.core.addresses import network_of
from workloom.core.text import fold
from workloom.people.accounts.rules.tokens import digest

WINDOW_S: Final = 600
BY_ACCOUNT: Final = 10
BY_ADDRESS: Final = 100
"""Generous, since a whole company may share one; those who succeed are not counted."""

_ACCOUNT: Final = "account"
_ADDRESS: Final = "address"


def account_bucket(what: str, account: str) -> str:
    """Name the count of an account, known or not; what was typed is not kept."""
    return f"{what}:{_ACCOUNT}:{digest(fold(account))[:32]}"


def address_bucket(what: str, address: str) -> str:
    """Name the count of an address; with IPv6 a caller owns a whole /64."""
    return f"{what}:{_ADDRESS}:{network_of(address)}"


def limit_of(bucket: str) -> int:
    """Return how many attempts fit into one window."""
    return BY_ACCOUNT if f":{_ACCOUNT}:" in bucket else BY_ADDRESS
