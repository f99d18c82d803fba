"""Running SQL that is made once: on PostgreSQL past what Django does anew for each cursor, and in few round trips.

A round trip costs more than what most statements do. So on PostgreSQL writes may be held (`hold`) until the next
statement of their transaction, and all that is held then goes as one; and a transaction begins with the first statement
that locks or writes: at READ COMMITTED each plain read before it sees the same with or without one. A transaction all
of whose writes go as one statement needs neither beginning nor end. A proof that a request owes (`owe`), that whoever
asks may still do so, is asked for with its first question.
"""

import functools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.db import DEFAULT_DB_ALIAS, DataError, OperationalError, connection, connections

Read = TypeVar("Read")
AFTER_HELD = "/* after what is held */"
_DIVISION_BY_ZERO = "22012"


class Stale(OperationalError):
    """A row is no longer as it was when it was read, without a lock; what rested on it has to be done again."""


@dataclass(frozen=True, slots=True)
class Held:
    """A write that waits; `is_sure` demands that it finds its row."""

    table: str
    sql: str
    params: Sequence[Any]
    is_sure: bool


class Unproven(Exception):
    """What was owed turned out not to hold: nothing of what was found may be told, and nothing written."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A question that has to find something; `refuted` is told when it does not."""

    sql: str
    params: Sequence[Any]
    refuted: Callable[[], object]


class _Own(threading.local):
    connection: Any = None


_own = _Own()


def own_connection() -> Any:
    """Return this thread's connection; Django would find it through several layers at each use, some dozens in a request."""
    if _own.connection is None:
        _own.connection = connections[DEFAULT_DB_ALIAS]
    return _own.connection


@functools.cache
def vendor() -> str:
    """Return sqlite, postgresql or mysql (MariaDB too)."""
    return connection.vendor


def run(sql: str, params: Sequence[Any], read: Callable[[Any], Read], *, alone: bool = False) -> Read:
    """Execute one statement and return what `read` makes of its cursor, which it may not keep and has to read to the end; raises Django's errors.

    `alone` says that it needs no transaction: a plain read, or the one statement that writes. A proof that is owed is
    asked for before.
    """
    database = own_connection()
    if getattr(database, "owed", None) is not None:
        prove()
    if getattr(database, "held", None):
        settle()
    return _executed(database, sql, params, read, alone=alone)


def run_rows(sql: str, params: Sequence[Any], read: Callable[[Any], Read], *, alone: bool = False) -> Read:
    """Do the same with a question, whose rows `read` fetches all at once: a proof that is owed is asked for with it."""
    database = own_connection()
    owed: Proof | None = getattr(database, "owed", None)
    if owed is None or database.held:
        return run(sql, params, read, alone=alone)
    with _Paying(database, owed):
        rows = _executed(database, _with_proof(sql, owed.sql), [*owed.params, *params], all_rows, alone=alone)
        holds = rows[0][-1] if rows else _holds(database, owed)
    return read(Fetched([row[:-1] for row in rows])) if holds else _refute(database, owed)


def _executed(database: Any, sql: str, params: Sequence[Any], read: Callable[[Any], Read], *, alone: bool) -> Read:
    find = getattr(database, "kept_cursor", None)
    kept = find() if find is not None else None
    if kept is None:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return read(cursor)
    with database.wrap_database_errors:
        if alone and database.is_before_transaction():
            database.execute_outside(kept, sql, params)
        else:
            kept.execute(sql, params)
        return read(kept)


class Fetched:
    """Rows that were read already, as a cursor gives them."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def fetchall(self) -> list[Any]:
        """Return them."""
        return self._rows


def can_owe() -> bool:
    """Tell whether a proof can be asked for with a question: on PostgreSQL, where nobody counts the statements."""
    database = own_connection()
    return hasattr(database, "owed") and database.kept_cursor() is not None


def owe(proof: Proof) -> None:
    """Have this connection prove something with the next question or, when something else comes first, before that.

    Whoever owes calls `prove` at the end, and `waive` whatever happens. Until it is proven each statement raises Unproven.
    """
    database = own_connection()
    database.owed = proof


def prove() -> None:
    """Ask for the proof that is still owed, if one is; raises Unproven."""
    database = own_connection()
    owed: Proof | None = getattr(database, "owed", None)
    if owed is None:
        return
    with _Paying(database, owed):
        holds = _holds(database, owed)
    if not holds:
        _refute(database, owed)


def is_proven() -> bool:
    """Tell whether nothing is owed, or what is holds."""
    try:
        prove()
    except Unproven:
        return False
    return True


def waive() -> None:
    """Owe nothing any more."""
    database = own_connection()
    if hasattr(database, "owed"):
        database.owed = None


@dataclass(frozen=True, slots=True)
class _Paying:
    """Owes nothing while the proof is asked for; should that fail, it is still owed."""

    database: Any
    owed: Proof

    def __enter__(self) -> None:
        self.database.owed = None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.database.owed = self.owed


def _holds(database: Any, owed: Proof) -> bool:
    [[holds]] = _executed(database, f"SELECT EXISTS({owed.sql})", owed.params, all_rows, alone=True)
    return bool(holds)


def _refute(database: Any, owed: Proof) -> NoReturn:
    database.owed = owed
    owed.refuted()
    raise Unproven


@functools.lru_cache(maxsize=4000)
def _with_proof(sql: str, proof: str) -> str:
    return f"SELECT asked.*, EXISTS({proof}) FROM ({sql}) AS asked"  # noqa: S608 - Django wrote both, with placeholders


def all_rows(cursor: Any) -> list[Any]:
    """Read what a statement found."""
    rows: list[Any] = cursor.fetchall()
    return rows


def is_before_transaction() -> bool:
    """Tell, on PostgreSQL, whether nothing has been locked or written yet in the transaction that Django has begun."""
    database = own_connection()
    return bool(database.is_before_transaction())


def sees_only_committed() -> bool:
    """Tell whether what a plain read finds now cannot be undone: on PostgreSQL, before the transaction's first lock or write."""
    return vendor() == "postgresql" and is_before_transaction()


def run_for_types(sql: str, params: Sequence[Any]) -> Sequence[Any] | None:
    """Return the one row of a plain read on PostgreSQL whose columns hold whole rows, with values of their own types.

    A proof that is owed is asked for with it. None where Django has to see the statements.
    """
    database = own_connection()
    settle()
    kept = database.kept_cursor()
    if kept is None:
        prove()
        return None
    owed: Proof | None = database.owed
    if owed is None:
        return _typed_row(database, kept, sql, params)
    with _Paying(database, owed):
        *row, holds = _typed_row(database, kept, f"{sql}, EXISTS({owed.sql})", [*params, *owed.params])
    return row if holds else _refute(database, owed)


def _typed_row(database: Any, cursor: Any, sql: str, params: Sequence[Any]) -> Sequence[Any]:
    with database.wrap_database_errors:
        row: Sequence[Any] = cursor.execute(sql, params, binary=True).fetchone()
    return row


def hold(table: str, sql: str, params: Sequence[Any], *, is_sure: bool = False) -> None:
    """Write with the next statement, on PostgreSQL and inside a transaction; else at once. What it raises may come later.

    What is held goes in one statement, in which no part sees another: it is for writes of different tables.
    Raises Stale, at the latest before the commit, where a sure one finds nothing.
    """
    database = own_connection()
    if not hasattr(database, "held") or not database.in_atomic_block or database.needs_rollback:
        if not run(sql, params, count) and is_sure:
            raise Stale(f"A row of {table} is no longer as it was.")
        return
    if any(one.table == table for one in database.held):
        settle()
    database.held.append(Held(table, sql, params, is_sure))


def settle() -> None:
    """Write what is held."""
    if _has_held():
        run_with_held("", "SELECT 1", (), count)


def run_with_held(
    before: str, sql: str, params: Sequence[Any], read: Callable[[Any], Read], *, alone: bool = False
) -> Read:
    """Execute a statement together with what is held, on PostgreSQL; `before` are its own parts in WITH.

    Where something is held, its first part may say AFTER_HELD for a condition that is true once that is written,
    so that it locks nothing before; and `sql` ends with a list of what it returns.
    """
    database = own_connection()
    held: list[Held] = sorted(getattr(database, "held", ()), key=lambda one: not one.is_sure)
    if not held:
        text = f"WITH {before.replace(AFTER_HELD, 'true')} {sql}" if before else sql
        return run(text, params, read, alone=alone)
    database.held = []
    text = _with_held(tuple([(one.sql, one.is_sure) for one in held]), before, sql)
    values = [value for one in held for value in one.params]
    try:
        return run(text, [*values, *params], read, alone=alone)
    except DataError as error:
        if held[0].is_sure and getattr(error.__cause__, "sqlstate", None) == _DIVISION_BY_ZERO:
            raise Stale("A row is no longer as it was when it was read.") from error
        raise


@functools.lru_cache(maxsize=1000)
def _with_held(held: tuple[tuple[str, bool], ...], before: str, sql: str) -> str:
    """Make one statement of several; those that must find their row, which come first, divide by the number of rows found."""
    parts = [f"held_{at} AS ({one} RETURNING 1)" for at, (one, _) in enumerate(held)]
    written = [f"(SELECT count(*) FROM held_{at})" for at in range(len(held))]  # noqa: S608 - our own names
    proofs = [f"1 / {found}" for found, (_, is_sure) in zip(written, held, strict=True) if is_sure]
    if before:  # what is not there is told before others write what rests on it
        parts.append(before.replace(AFTER_HELD, f"{' + '.join([*proofs, *written])} >= 0"))
    return f"WITH {', '.join(parts)} {sql}{''.join([f', {proof}' for proof in proofs])}"


def _has_held() -> bool:
    return bool(getattr(own_connection(), "held", None))


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows on PostgreSQL as a stream, which costs it and us a part of what statements do; raises Django's errors."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def count(cursor: Any) -> int:
    """Read how many rows a statement changed."""
    return int(cursor.rowcount)
