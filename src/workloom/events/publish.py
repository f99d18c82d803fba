"""Publication: committed events get a gapless number and a link of the hash chain, one publisher at a time."""

import functools
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from json import JSONEncoder
from typing import Any, Final

import msgspec
from django.db import DatabaseError, connection
from django.db.models import Exists, QuerySet, Subquery

from workloom.core.db import after_commit, is_collision, lock, run_write, vendor, write_kept
from workloom.core.prepared import prepared
from workloom.core.statements import AFTER_HELD, count, is_before_transaction, own_connection, run, run_with_held
from workloom.events.hints import CHANNEL, are_told_by_database, tell, wake
from workloom.events.lines import ADDING, AT_ONCE, COLUMNS, Line, Place, typed_marks, write_lines
from workloom.events.models import Head, LogRow

BATCH = 500
CHAINED: Final = (
    "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id", "audience",
    "object_type", "object_id", "object_key", "object_version", "changes", "via", "request_id", "commitment",
)  # fmt: skip
"""What of an event the chain of hashes covers."""
_CHAINED_IN_LINE: Final = tuple(COLUMNS.index(name) for name in CHAINED)
_TYPE: Final = COLUMNS.index("type")
_CHANGES: Final = CHAINED.index("changes")
_HEAD: Final = Head._meta.db_table  # noqa: SLF001 - Django's documented name for a model's facts
_LOG: Final = LogRow._meta.db_table  # noqa: SLF001 - as above


class _Patience:
    """Whether to wait for the numbers: while that is quick, since a turn of the publisher costs more than the wait.

    It is learned from whole statements, so other waits in them count too, and a busy machine makes single ones slow.
    Where it usually takes long, as with a slow disk, or once for very long, as with a holder that hangs, nobody waits
    for some time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._ends_at, self._usual = clock, 0.0, 0.0

    def lasts(self) -> bool:
        """Tell whether to wait."""
        return self._clock() >= self._ends_at

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Learn from how long it takes inside the block."""
        began = self._clock()
        try:
            yield
        finally:
            self.note(self._clock() - began)

    def note(self, seconds: float) -> None:
        """Learn how long it took."""
        self._usual += _WEIGHT * (seconds - self._usual)
        if self._usual > _LONG_S:
            self._usual = 0.0
            self._ends_at = self._clock() + min(max(_REST_S, _REST_TIMES * seconds), _LONGEST_REST_S)


_LONG_S: Final = 0.03
_WEIGHT: Final = 0.1
"""Of the last statement in what is usual: one alone ends the patience from 0.3 s on."""
_REST_S: Final = 1.0
_REST_TIMES: Final = 10
_LONGEST_REST_S: Final = 60.0
_patience = _Patience()


def enter(lines: list[Line]) -> None:
    """Write new events: few with their numbers where the publisher's lock is to be had, else for the publisher after the commit.

    Whoever gets the lock here holds it for the rest of the transaction, so this is the last thing in it. An event that
    waits for its number keeps the next ones from overtaking it: what it tells may be what they rest on.
    """
    if len(lines) == 1 and vendor() == "postgresql":
        _enter_one(lines[0])
        return
    place = _free_place() if len(lines) <= AT_ONCE else None
    if place is None:
        enter_unnumbered(lines)
        return
    seq, last = place
    places: list[Place] = []
    for line in lines:
        seq += 1
        last = link(last, seq, facts_in(line))
        places.append((seq, last))
    _move_head(seq, last)
    write_lines(lines, places)
    after_commit(_tell)


def _enter_one(line: Line) -> None:
    """Do it for one event in one statement, in which the database makes the link of the chain.

    Who has the head may still wait, at its commit, for rows that its own point at: so nobody waits for the head who may
    have changed a key of such a row before.
    """
    rest = _spelled_facts(line)
    is_patient = _patience.lasts() and (line[_TYPE] in ADDING or is_before_transaction())
    before, entered = _one_entered(notify=are_told_by_database(), is_patient=is_patient)
    with _patience.tried():
        seq, *_ = run_with_held(before, entered, [rest, *line], lambda cursor: cursor.fetchone(), alone=True)
    if seq is None:
        _publish_after_commit()
    else:
        after_commit(_tell)


def _spelled_facts(line: Line) -> str:
    """Spell what `link` hashes behind the number; what changed comes spelled that way."""
    facts = msgspec.to_builtins([line[at] for at in _CHAINED_IN_LINE], builtin_types=(datetime,))
    before, after = _encoder.encode(facts[:_CHANGES]), _encoder.encode(facts[_CHANGES + 1 :])
    return f"{before[1:-1]},{facts[_CHANGES]},{after[1:]}"


@functools.cache
def _one_entered(*, notify: bool, is_patient: bool) -> tuple[str, str]:
    """Lock the head, unless somebody has it for whom one does not wait, move it on, and insert the event with what came of that.

    Returned are the two parts that `run_with_held` takes. Nobody may wait for something else who has the head, so it
    is locked when all that is held with the event has been written. The text that is hashed is what `link` hashes: a
    list of the previous hash, the number and the facts.
    """
    told = f", pg_notify('{CHANNEL}', '')" if notify else ""
    names, skip = ", ".join(COLUMNS), "" if is_patient else " SKIP LOCKED"
    before = f"""free AS (
            SELECT seq, hash FROM {_HEAD}
            WHERE {AFTER_HELD} AND id = 1 AND NOT EXISTS (SELECT 1 FROM {_LOG} WHERE seq IS NULL)
            FOR NO KEY UPDATE{skip}),
        moved AS (
            UPDATE {_HEAD} SET seq = free.seq + 1, hash = encode(sha256(convert_to(
                '["' || free.hash || '",' || (free.seq + 1) || ',' || %s, 'UTF8')), 'hex')
            FROM free WHERE {_HEAD}.id = 1 RETURNING {_HEAD}.seq, {_HEAD}.hash{told})"""  # noqa: S608 - our own names
    entered = f"""
        INSERT INTO {_LOG} ({names}, seq, hash)
        SELECT given.*, moved.seq, coalesce(moved.hash, '')
        FROM (VALUES ({typed_marks()})) AS given LEFT JOIN moved ON true
        RETURNING seq"""  # noqa: S608 - our own names
    return before, entered


def enter_unnumbered(lines: list[Line]) -> None:
    """Write new events that get their numbers after the commit; on SQLite, which has one writer at a time, at once."""
    write_lines(lines)
    if vendor() == "sqlite":
        publish()
    else:
        _publish_after_commit()


def _free_place() -> tuple[int, str] | None:
    """Take the publisher's lock and return the end of the log; None where somebody else has it or events wait for their numbers."""
    if vendor() == "mysql":  # InnoDB would keep readers of the head waiting for the commit
        return None
    return _end_of_log.first()


@prepared
def _end_of_log() -> QuerySet[Head, tuple[int, str]]:
    waiting = LogRow.objects.filter(seq__isnull=True)
    head = Head.objects.filter(~Exists(waiting), pk=1)
    if vendor() == "postgresql":
        head = head.select_for_update(no_key=True, skip_locked=True)
    return head.values_list("seq", "hash")


def _publish_after_commit() -> None:
    """Once for all events of a transaction, unless what asked for it may be undone without this."""
    held = set(own_connection().savepoint_ids)
    asked: list[Any] = own_connection().run_on_commit
    if not any(work is publish and sids <= held for sids, work, *_ in asked):
        after_commit(publish)


def publish() -> int:
    """Number every committed event that has no number yet, and return how many that were.

    Unnumbered rows are read plainly and updated by key, never by a locking scan, which on MariaDB would wait for open inserts.
    """
    write_kept()
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


def _tell() -> None:
    """Tell of events that were numbered in their own transaction; the database does it with its commit."""
    if are_told_by_database():
        wake()
    else:
        tell()


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
        return bool(run(_AT_ONCE.format(told=told), values, count))
    except DatabaseError as error:
        if connection.in_atomic_block or not is_collision(error):
            raise
        return False


def _stored_in_turn(end: list[Any], keys: list[int], numbers: range, hashes: list[str]) -> bool:
    """Do it in two statements, for databases that cannot say it in one."""
    by_key = [value for pair in zip(keys, numbers, strict=True) for value in pair]
    linked = [value for pair in zip(keys, hashes, strict=True) for value in pair]
    if not run(_MOVE_HEAD, end, count):
        return False
    run(_number(len(keys)), [*by_key, *linked, *keys], count)
    return True


@functools.lru_cache(maxsize=BATCH)
def _number(count: int) -> str:
    whens = " ".join(["WHEN %s THEN %s"] * count)
    named = ", ".join(["%s"] * count)
    return f"UPDATE {_LOG} SET seq = CASE n {whens} END, hash = CASE n {whens} END WHERE n IN ({named})"  # noqa: S608 - our own names


_HEAD_AT: Final = f"UPDATE {_HEAD} SET seq = %s, hash = %s WHERE id = 1"  # noqa: S608 - our own names
_MOVE_HEAD: Final = f"UPDATE {_HEAD} SET seq = %s, hash = %s WHERE id = 1 AND seq = %s"  # noqa: S608 - our own names
_AT_ONCE: Final = (
    f"WITH moved AS ({_MOVE_HEAD} RETURNING {{told}})"  # noqa: S608 - our own names
    f" UPDATE {_LOG} SET seq = given.seq, hash = given.hash"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (n, seq, hash)"
    f" WHERE {_LOG}.n = given.n AND EXISTS (SELECT 1 FROM moved)"
)


def _move_head(seq: int, link_of_it: str) -> None:
    """Move the end of the log on, while its lock is held."""
    told = f" RETURNING pg_notify('{CHANNEL}', '')" if are_told_by_database() else ""
    run(f"{_HEAD_AT}{told}", [seq, link_of_it], count)


def facts_in(line: Line) -> list[Any]:
    """Return what of an event the chain covers before it is written, as the database will give it back."""
    facts: list[Any] = [line[at] for at in _CHAINED_IN_LINE]
    facts[_CHANGES] = json.loads(facts[_CHANGES])
    return facts


def facts_of(row: LogRow) -> list[Any]:
    """Return what of an event the chain covers, in its order."""
    return [getattr(row, name) for name in CHAINED]


def link(previous: str, seq: int, facts: Sequence[Any]) -> str:
    """Return the chain's next hash: SHA-256 over the previous one, the number and the event without what may be erased."""
    return hashlib.sha256(_encoder.encode([previous, seq, *facts]).encode()).hexdigest()


def _spelled(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_encoder: Final = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_spelled)
