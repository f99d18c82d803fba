"""Transactions, locks and the differences between the three databases."""

import functools
import random
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, models, transaction
from django.db.utils import DatabaseError

from workloom.core.sqlite.turns import Turns
from workloom.core.statements import Stale, own_connection, settle, vendor

__all__ = [
    "after_commit", "is_collision", "lock", "may_go_unlocked", "run_write", "vendor", "write", "write_at_the_end",
    "write_kept",
]  # fmt: skip
P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

RETRIES = 3
_PAUSE_S = 0.02
_inside: ContextVar[bool] = ContextVar("inside_a_write", default=False)
_is_first_try: ContextVar[bool] = ContextVar("is_first_try", default=False)
_asked_before_lock: ContextVar[bool] = ContextVar("asked_before_lock", default=False)
_turns = Turns()
_POSTGRES_STATES = {"40001", "40P01", "55P03"}
_MARIADB_CODES = {1205, 1213, 1020}


def run_write(work: Callable[[], R]) -> R:
    """Run `work` in one transaction, again up to three times when the database chose it as a deadlock's victim.

    Inside another `run_write` it joins that one: only the outermost can be run again as a whole.
    """
    if _inside.get() and own_connection().in_atomic_block:  # what runs after the commit is inside no longer
        return work()
    token = _inside.set(True)
    try:
        return _run_outermost(work)
    finally:
        _inside.reset(token)


def _run_outermost(work: Callable[[], R]) -> R:
    if vendor() != "sqlite" or own_connection().in_atomic_block:
        return _attempt(work)
    with _turns.taken(str(own_connection().settings_dict["NAME"])):
        return _attempt(work)


def _attempt(work: Callable[[], R]) -> R:
    tries = 1 if own_connection().in_atomic_block else RETRIES + 1
    for attempt in range(tries - 1):
        token, other = _is_first_try.set(attempt == 0), _asked_before_lock.set(False)
        try:
            return _carried_out(work)
        except (OperationalError, IntegrityError) as error:
            is_early = isinstance(error, IntegrityError) and _asked_before_lock.get()
            if not is_early and not is_collision(error):
                raise
            if not is_early and not isinstance(error, Stale):
                time.sleep(_PAUSE_S * 2**attempt * (1 + random.random()))  # noqa: S311 - a pause, not a secret
        finally:
            _is_first_try.reset(token)
            _asked_before_lock.reset(other)
    return _carried_out(work)


def may_go_unlocked() -> bool:
    """Tell whether a row need not be locked that is written by one `hold` that is sure: should it raise Stale, all is done again, with the lock.

    For who lets Stale through to `run_write`, and asks nothing that the lock would keep others from changing. Where
    writes do not go together with others, a lock costs no more than that.
    """
    return vendor() == "postgresql" and _is_first_try.get()


def may_ask_before_lock() -> bool:
    """Tell whether one may rest on what was read just before a lock was had.

    Should that break a rule of the tables, all is done again, and then one may not.
    """
    if vendor() != "postgresql" or not _is_first_try.get():
        return False
    _asked_before_lock.set(True)
    return True


def _carried_out(work: Callable[[], R]) -> R:
    with transaction.atomic():
        done = work()
        _write_last()
        settle()
        return done


def write(action: Callable[P, R]) -> Callable[P, R]:
    """Make a function one transaction; see `run_write`."""

    @functools.wraps(action)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        return run_write(lambda: action(*args, **kwargs))

    return inside


def is_collision(error: DatabaseError) -> bool:
    """Tell a deadlock, a lock time-out or a busy SQLite file from a real fault."""
    if isinstance(error, Stale):
        return True
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _POSTGRES_STATES:
        return True
    if vendor() == "mysql" and error.args and error.args[0] in _MARIADB_CODES:
        return True
    return vendor() == "sqlite" and "locked" in str(error)


def lock(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Lock what the query finds until the transaction ends, without blocking rows that merely point at it.

    SQLite needs nothing: a write transaction there holds the whole file from its first statement on.
    """
    if vendor() == "postgresql":
        return rows.select_for_update(no_key=True, of=("self",))
    if vendor() == "mysql":
        return rows.select_for_update()
    return rows


@dataclass(eq=False, slots=True)
class _Kept:
    """What is to be written at the end; it stands among the connection's commit hooks, which forget it when a savepoint is undone."""

    write: Callable[[list[Any]], Any]
    write_early: Callable[[list[Any]], Any]
    items: list[Any]

    def __call__(self) -> None:
        """Do nothing after the commit: everything was written before."""


def write_at_the_end(
    write: Callable[[list[Any]], Any], items: Sequence[Any], *, early: Callable[[list[Any]], Any]
) -> None:
    """Let `write` have these items, with all others that it is to have, as the last thing in the outermost `run_write`.

    `early` has them at once where there is none, and when `write_kept` asks.
    """
    if not (_inside.get() and own_connection().in_atomic_block):
        early(list(items))
        return
    database = own_connection()
    hooks: list[Any] = database.run_on_commit
    hooks.append((set(database.savepoint_ids), _Kept(write, early, list(items)), False))


def write_kept() -> None:
    """Write what was kept for the end of the transaction: for who reads it before."""
    for (_, early), items in _taken():
        early(items)


def _write_last() -> None:
    for (write, _), items in _taken():
        write(items)


def _taken() -> list[tuple[tuple[Callable[[list[Any]], Any], Callable[[list[Any]], Any]], list[Any]]]:
    """Take what was kept, in its order, all for one function together."""
    hooks: Any = own_connection().run_on_commit
    together: dict[Any, list[Any]] = {}
    for _, work, *_ in hooks:
        if isinstance(work, _Kept) and work.items:
            together.setdefault((work.write, work.write_early), []).extend(work.items)
            work.items = []
    return list(together.items())


def after_commit(work: Callable[[], Any]) -> None:
    """Run `work` once the outermost transaction has committed; never after a rollback.

    What it raises is logged, not passed on: the change stands, and running it again would make it twice.
    """
    own_connection().on_commit(work, robust=True)
