"""What goes out: the audit log as a file, line by line."""

import csv
import io
from collections.abc import Iterable, Iterator

from workloom.core.errors import Invalid
from workloom.core.http.rendering import encode
from workloom.outlets.history.rows import AuditRow
from workloom.outlets.history.rules import cell

JSON = "json"
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_HEADER = (
    "seq", "id", "timestamp", "type", "action", "model_name", "object_id", "object_key", "object_version",
    "user_id", "user", "workspace", "project", "subject", "changes", "via", "request_id", "ip_address", "user_agent",
)  # fmt: skip


def form_of(named: str | None, accepted: str) -> str:
    """Return the form that a parameter names, or else the header Accept; raises Invalid for one that there is not."""
    if named is None:
        kinds = [kind.partition(";")[0].strip().lower() for kind in accepted.split(",")]
        return next((form for form, kind in TYPES.items() if kind.partition(";")[0] in kinds), JSON)
    if named not in (JSON, *TYPES):
        raise Invalid("format", "invalid_value", f"format takes one of {', '.join((JSON, *TYPES))}.")
    return named


def as_csv(batches: Iterable[list[AuditRow]]) -> Iterator[bytes]:
    """Yield a table with a header, a batch at a time."""
    yield _table([list(_HEADER)])
    for rows in batches:
        yield _table([_cells(row) for row in rows])


def as_jsonl(batches: Iterable[list[AuditRow]]) -> Iterator[bytes]:
    """Yield one JSON object a line, a batch at a time."""
    for rows in batches:
        yield b"".join(encode(row) + b"\n" for row in rows)


def _table(lines: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode()


def _cells(row: AuditRow) -> list[str]:
    values = (
        row.seq, row.id, row.timestamp, row.type, row.action, row.model_name, row.object.id, row.object.key, row.object.version,
        row.user_id, row.actor.name, row.workspace, row.project, row.subject, row.changes, row.context.via,
        row.context.request_id, row.ip_address, row.user_agent,
    )  # fmt: skip
    return [cell(value) for value in values]
