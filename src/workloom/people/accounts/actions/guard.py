"""Limits on what can be guessed: counted exactly, in no transaction, by account and by address."""

from workloom.core.context import current_context
from workloom.core.errors import TooMany
from workloom.core.limits import forget, hit_exactly
from workloom.people.accounts.rules.guessing import WINDOW_S, account_bucket, address_bucket, limit_of


def count_attempt(what: str, account: str = "") -> None:
    """Count one attempt before it is judged; raises TooMany when the account's or the address's are used up."""
    for bucket in _buckets(what, account):
        verdict = hit_exactly(bucket, limit=limit_of(bucket), window_s=WINDOW_S)
        if not verdict.allowed:
            raise TooMany(max(verdict.reset_s, 1))


def forgive_attempt(what: str, account: str = "") -> None:
    """Take back the attempt of somebody who succeeded: the account starts afresh, its address has one less."""
    for bucket in _buckets(what, account):
        if bucket == account_bucket(what, account):
            forget(bucket)
        else:
            hit_exactly(bucket, limit=limit_of(bucket), window_s=WINDOW_S, cost=-1)


def _buckets(what: str, account: str) -> list[str]:
    address = current_context().ip
    return [
        *([account_bucket(what, account)] if account else []),
        *([address_bucket(what, address)] if address else []),
    ]
