"""Publication: committed events get a gapless number and a link of the hash chain, under one lock."""

import hashlib
import json
from typing import Any

from django.db import connection

from workloom.core.db import after_commit, lock, run_write
from workloom.events.hints import tell
from workloom.events.models import Head, LogRow

BATCH = 500
_CHAINED = (
    "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id", "audience",
    "object_type", "object_id", "object_key", "object_version", "changes", "via", "request_id", "commitment",
)  # fmt: skip


def publish() -> int:
    """Number every committed event that has no number yet, and return how many that were.

    Unnumbered rows are read plainly and updated by key, never by a locking scan, which on MariaDB would wait for open inserts.
    """
    total = 0
    while True:
        done = run_write(_publish_batch)
        total += done
        if done < BATCH:
            break
    if total:
        after_commit(tell)
    return total


def _publish_batch() -> int:
    head = _locked_head()
    rows = list(LogRow.objects.filter(seq__isnull=True).order_by("n")[:BATCH])
    if not rows:
        return 0
    for row in rows:
        head.seq += 1
        head.hash = link(head.hash, head.seq, row)
        row.seq, row.hash = head.seq, head.hash
    _store(rows)
    head.save(update_fields=["seq", "hash"])
    return len(rows)


def _locked_head() -> Head:
    """Take the publisher's lock; the very first publisher makes the row, whoever that is of several at once."""
    head = lock(Head.objects.filter(pk=1)).first()
    if head is None:
        Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)
        head = lock(Head.objects.filter(pk=1)).get()
    return head


def _store(rows: list[LogRow]) -> None:
    """Write numbers by primary key in one round trip."""
    if len(rows) > 1:
        LogRow.objects.bulk_update(rows, ["seq", "hash"], batch_size=250)
        return
    table = connection.ops.quote_name(LogRow._meta.db_table)  # noqa: SLF001 - Django's documented name for a model's facts
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET seq = %s, hash = %s WHERE n = %s", [rows[0].seq, rows[0].hash, rows[0].n])  # noqa: S608 - our own table's name


def link(previous: str, seq: int, row: LogRow) -> str:
    """Return the chain's next hash: SHA-256 over the previous one, the number and the event without what may be erased."""
    facts: list[Any] = [previous, seq, *(_spelled(getattr(row, name)) for name in _CHAINED)]
    return hashlib.sha256(
        json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _spelled(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
