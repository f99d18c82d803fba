"""New events as lines of the log: values in one order, written by SQL that is made once."""

import functools
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from workloom.core.compiled import adapted
from workloom.core.db import vendor
from workloom.core.statements import copy_in, count, run
from workloom.events.models import LogRow

Line = tuple[Any, ...]
COLUMNS: Final = (
    "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id", "audience",
    "object_type", "object_id", "object_key", "object_version", "changes", "via", "request_id", "private", "salt",
    "commitment",
)  # fmt: skip
"""All but `n` and what publication fills; the two that hold JSON come as its text."""
Place = tuple[int | None, str]
"""The number that an event has in the log, and the link of the hash chain; None and nothing before its publication."""
NOWHERE: Final[Place] = (None, "")
AT_ONCE: Final = 100
"""How many one statement writes."""
ADDING: Final[set[str]] = set()
"""Types of events whose change only adds: see `Event.only_adds`."""
_WRITTEN: Final = (*COLUMNS, "seq", "hash")
_INTO: Final = f"INSERT INTO {LogRow._meta.db_table} ({', '.join(_WRITTEN)})"  # noqa: SLF001 - our own names
_MARKS: Final = f"({', '.join(['%s'] * len(_WRITTEN))})"


def write_lines(lines: Sequence[Line], places: Sequence[Place] | None = None) -> None:
    """Write events in their order, many in one statement; without places they wait for the publisher."""
    rows = [(*line, *place) for line, place in zip(lines, places or [NOWHERE] * len(lines), strict=True)]
    for at in range(0, len(rows), AT_ONCE):
        _write_some(rows[at : at + AT_ONCE])


def _write_some(rows: Sequence[Line]) -> None:
    if len(rows) > 1 and vendor() == "postgresql":
        copy_in(LogRow._meta.db_table, _WRITTEN, rows)  # noqa: SLF001 - Django's documented name for a model's facts
    else:
        run(_from_values(len(rows)), [adapted(value) for row in rows for value in row], count)


@functools.lru_cache(maxsize=AT_ONCE)
def _from_values(count: int) -> str:
    return f"{_INTO} VALUES {', '.join([_MARKS] * count)}"


@functools.cache
def typed_marks() -> str:
    """Return the places of one line's values for PostgreSQL's lists of values: texts without their columns' lengths, to which it would cut them."""
    fields: list[Any] = [LogRow._meta.get_field(name) for name in COLUMNS]  # noqa: SLF001 - Django's documented name for a model's facts
    kinds = [str(field.db_type(connection)) for field in fields]
    return ", ".join("%s::text" if kind.startswith("varchar") else f"%s::{kind}" for kind in kinds)
