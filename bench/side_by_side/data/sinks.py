# ruff: noqa: SLF001 - rows have to be those of the product, and Django names a model's facts _meta
"""Rows into tables as fast as each database takes them: COPY, or many rows at a time in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction


def store(rows: Sequence[models.Model]) -> None:
    """Write unsaved rows of one model with everything that they hold; numbers that the database gives are left to it."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, models.AutoField)]
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    lines = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", lines)


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Fill tables before their indexes are made, those of constraints aside; PostgreSQL alone gains by it."""
    dropped = _drop_indexes(tables) if connection.vendor == "postgresql" else []
    try:
        yield
    finally:
        _settle_constraints()
        with connection.cursor() as cursor:
            for definition in dropped:
                cursor.execute(definition)


def _settle_constraints() -> None:
    """Inside a transaction, as in tests, indexes change only while no check waits for its end."""
    if connection.in_atomic_block:
        connection.check_constraints()


def _drop_indexes(tables: Sequence[str]) -> list[str]:
    _settle_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(tables)],
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    return [definition for _, definition in found]


def tidy(tables: Sequence[str] = ()) -> None:
    """Let the database count what it holds and forget dead rows; outside of any transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(table) for table in tables)
            cursor.execute(f"VACUUM (ANALYZE) {names}".strip())
        else:
            cursor.execute("ANALYZE")
