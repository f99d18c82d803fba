"""Running SQL that is made once: on PostgreSQL past what Django does anew for each cursor."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections

Read = TypeVar("Read")


def run(sql: str, params: Sequence[Any], read: Callable[[Any], Read]) -> Read:
    """Execute one statement and return what `read` makes of its cursor, which it may not keep; raises Django's errors."""
    database = connections[DEFAULT_DB_ALIAS]
    find = getattr(database, "kept_cursor", None)
    kept = find() if find is not None else None
    if kept is None:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return read(cursor)
    with database.wrap_database_errors:
        kept.execute(sql, params)
        return read(kept)


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
