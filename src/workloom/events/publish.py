"""Publication: committed events get a gapless number and a link of the hash chain, one publisher at a time."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime
from json import JSONEncoder
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models import QuerySet, Subquery

from workloom.core.db import after_commit, is_collision, lock, run_write, vendor
from workloom.core.prepared import prepared
from workloom.events.hints import CHANNEL, are_told_by_database, tell, wake
from workloom.events.models import Head, LogRow

BATCH = 500
CHAINED: Final = (
    "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id", "audience",
    "object_type", "object_id", "object_key", "object_version", "changes", "via", "request_id", "commitment",
)  # fmt: skip
"""What of an event the chain of hashes covers."""
_HEAD: Final = Head._meta.db_table  # noqa: SLF001 - Django's documented name for a model's facts
_LOG: Final = LogRow._meta.db_table  # noqa: SLF001 - as above


def publish() -> int:
    """Number every committed event that has no number yet, and return how many that were.

    Unnumbered rows are read plainly and updated by key, never by a locking scan, which on MariaDB would wait for open inserts.
    """
    total = 0
    while True:
        done = _number_batch()
        if done is None:
            done = run_write(_publish_in_turn)
        total += done
        if done < BATCH:
            break
    if total:
        after_commit(wake if are_told_by_database() else tell)
    return total


def _publish_in_turn() -> int:
    _locked_head()
    return _publish_batch()


def _publish_batch() -> int:
    """Number them while the head is locked, so that nobody can be quicker."""
    return _number_batch() or 0


def _number_batch() -> int | None:
    """Number them without waiting for a lock first; None when another publisher was quicker."""
    lines = _unnumbered()
    if not lines:
        return 0
    seq, last = lines[0][-2:]
    if seq is None:
        make_head()
        return None
    numbers, hashes = range(seq + 1, seq + 1 + len(lines)), []
    for number, (_, *facts, _, _) in zip(numbers, lines, strict=True):
        last = link(last, number, facts)
        hashes.append(last)
    is_ours = _store([line[0] for line in lines], numbers, hashes)
    return len(lines) if is_ours else None


@prepared
def _unnumbered() -> QuerySet[LogRow, tuple[Any, ...]]:
    """Find the next ones, each with the end of the chain as it is at the same moment."""
    head = Head.objects.filter(pk=1)
    rows = LogRow.objects.filter(seq__isnull=True).order_by("n")
    ends = {"last_seq": Subquery(head.values("seq")), "last_hash": Subquery(head.values("hash"))}
    return rows.values_list("n", *CHAINED).annotate(**ends)[:BATCH]


def _locked_head() -> Head:
    """Take the publisher's lock; the very first publisher makes the row, whoever that is of several at once."""
    head = lock(Head.objects.filter(pk=1)).first()
    if head is None:
        make_head()
        head = lock(Head.objects.filter(pk=1)).get()
    return head


def make_head() -> None:
    """Begin the log, unless it has begun."""
    Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)


def _store(keys: list[int], numbers: range, hashes: list[str]) -> bool:
    """Write the numbers by primary key and move the chain's end on; False when it is no longer where it was."""
    end = [numbers[-1], hashes[-1], numbers[0] - 1]
    if vendor() == "postgresql":
        return _stored_at_once([*end, keys, list(numbers), hashes])
    return run_write(lambda: _stored_in_turn(end, keys, numbers, hashes))


def _stored_at_once(values: list[Any]) -> bool:
    """Do it, and tell of it, in one statement, which is a transaction of its own."""
    told = f"pg_notify('{CHANNEL}', '')" if are_told_by_database() else "id"
    try:
        with connection.cursor() as cursor:
            cursor.execute(_AT_ONCE.format(told=told), values)
            return bool(cursor.rowcount)
    except DatabaseError as error:
        if connection.in_atomic_block or not is_collision(error):
            raise
        return False


def _stored_in_turn(end: list[Any], keys: list[int], numbers: range, hashes: list[str]) -> bool:
    """Do it in two statements, for databases that cannot say it in one."""
    by_key = [value for pair in zip(keys, numbers, strict=True) for value in pair]
    linked = [value for pair in zip(keys, hashes, strict=True) for value in pair]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, end)
        if not cursor.rowcount:
            return False
        cursor.execute(_number(len(keys)), [*by_key, *linked, *keys])
    return True


@functools.lru_cache(maxsize=BATCH)
def _number(count: int) -> str:
    whens = " ".join(["WHEN %s THEN %s"] * count)
    named = ", ".join(["%s"] * count)
    return f"UPDATE {_LOG} SET seq = CASE n {whens} END, hash = CASE n {whens} END WHERE n IN ({named})"  # noqa: S608 - our own names


_MOVE_HEAD: Final = f"UPDATE {_HEAD} SET seq = %s, hash = %s WHERE id = 1 AND seq = %s"  # noqa: S608 - our own names
_AT_ONCE: Final = (
    f"WITH moved AS ({_MOVE_HEAD} RETURNING {{told}})"  # noqa: S608 - our own names
    f" UPDATE {_LOG} SET seq = given.seq, hash = given.hash"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (n, seq, hash)"
    f" WHERE {_LOG}.n = given.n AND EXISTS (SELECT 1 FROM moved)"
)


def facts_of(row: LogRow) -> list[Any]:
    """Return what of an event the chain covers, in its order."""
    return [getattr(row, name) for name in CHAINED]


def link(previous: str, seq: int, facts: Sequence[Any]) -> str:
    """Return the chain's next hash: SHA-256 over the previous one, the number and the event without what may be erased."""
    return hashlib.sha256(_encoder.encode([previous, seq, *facts]).encode()).hexdigest()


def _spelled(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_encoder: Final = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_spelled)
