"""New events as lines of the log: values in one order, written by SQL that is made once."""

import functools
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from workloom.core.db import vendor
from workloom.core.prepared import adapted
from workloom.events.models import LogRow

Line = tuple[Any, ...]
COLUMNS: Final = (
    "id", "type", "occurred_at", "actor_id", "actor_kind", "workspace_id", "project_id", "subject_id", "audience",
    "object_type", "object_id", "object_key", "object_version", "changes", "via", "request_id", "private", "salt",
    "commitment",
)  # fmt: skip
"""All but `n` and what publication fills; the two that hold JSON come as its text."""
_AT_ONCE: Final = 100
_INTO: Final = f"INSERT INTO {LogRow._meta.db_table} ({', '.join(COLUMNS)}, hash)"  # noqa: SLF001 - our own names
_MARKS: Final = f"({', '.join(['%s'] * len(COLUMNS))}, '')"


def write_lines(lines: Sequence[Line]) -> None:
    """Write events in their order, many in one statement."""
    for at in range(0, len(lines), _AT_ONCE):
        _write_some(lines[at : at + _AT_ONCE])


def _write_some(lines: Sequence[Line]) -> None:
    with connection.cursor() as cursor:
        if len(lines) > 1 and vendor() == "postgresql":
            cursor.execute(_from_arrays(), [list(column) for column in zip(*lines, strict=True)])
        else:
            cursor.execute(_from_values(len(lines)), [adapted(value) for line in lines for value in line])


@functools.lru_cache(maxsize=_AT_ONCE)
def _from_values(count: int) -> str:
    return f"{_INTO} VALUES {', '.join([_MARKS] * count)}"


@functools.cache
def _from_arrays() -> str:
    """One text for any number of lines: PostgreSQL plans it once, and its driver reads it once."""
    fields: list[Any] = [LogRow._meta.get_field(name) for name in COLUMNS]  # noqa: SLF001 - Django's documented name for a model's facts
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    return f"{_INTO} SELECT given.*, '' FROM unnest({arrays}) AS given"  # noqa: S608 - our own names
