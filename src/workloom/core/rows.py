"""Writing instances by SQL that is made once: what `bulk_create` and `save` do, without building a query for each."""

import functools
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FloatField,
    ForeignKey,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
    UUIDField,
)

from workloom.core.compiled import adapted
from workloom.core.fields import RankField
from workloom.core.statements import copy_in, count, hold, own_connection, run, vendor

FEW = 16
"""Up to so many rows one statement is kept for each number of rows; more go as a stream, or Django's way."""
BATCH = 500
_PLAIN = {
    BooleanField, CharField, DateField, DateTimeField, FloatField, PositiveIntegerField, PositiveSmallIntegerField,
    RankField, TextField, UUIDField,
}  # fmt: skip
"""Kinds of fields whose values PostgreSQL's driver takes as they are, and SQLite's as `adapted` spells them; dates must be dates, never their spelling."""


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert instances of one model in one statement; keys that the database gives are not read back."""
    if len(rows) > FEW:
        _insert_many(rows)
    elif rows:
        run(_insert(type(rows[0]), len(rows), vendor()), _values(rows), count)
        _note_stored(rows)


def insert_held(*groups: Sequence[Model]) -> None:
    """Insert instances of several models, each group of one, in this order; few with the transaction's next statement: see `hold`."""
    for rows in groups:
        if len(rows) > FEW:
            _insert_many(rows)
        elif rows:
            table = rows[0]._meta.db_table  # noqa: SLF001 - Django's documented name for a model's facts
            hold(table, _insert(type(rows[0]), len(rows), vendor()), _values(rows))
            _note_stored(rows)


def _insert_many(rows: Sequence[Model]) -> None:
    model = type(rows[0])
    read = _plain_values(model, vendor())
    if read is None or vendor() != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 - Django's documented name for a model's rows
    else:
        copy_in(model._meta.db_table, [field.column for field in _inserted(model)], map(read, rows))  # noqa: SLF001 - as above
        _note_stored(rows)


def _note_stored(rows: Iterable[Model]) -> None:
    """Leave instances as `bulk_create` does."""
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as above


def _values(rows: Sequence[Model]) -> list[Any]:
    if (read := _plain_values(type(rows[0]), vendor())) is not None:
        return _as_taken([value for row in rows for value in read(row)])
    fields, database = _inserted(type(rows[0])), own_connection()
    return [field.get_db_prep_save(field.pre_save(row, add=True), database) for row in rows for field in fields]


def _as_taken(values: list[Any]) -> list[Any]:
    return values if vendor() == "postgresql" else [adapted(value) for value in values]


@functools.cache
def _plain_values(model: type[Model], kind: str) -> Callable[[Model], tuple[Any, ...]] | None:
    """Return what reads a row's values, where the driver takes all of them as the instance holds them."""
    return _reader_of(_inserted(model), kind)


@functools.lru_cache(maxsize=1000)
def _plain_fields(model: type[Model], names: tuple[str, ...], kind: str) -> Callable[[Model], tuple[Any, ...]] | None:
    """Do the same for some fields, the key behind them."""
    facts = model._meta  # noqa: SLF001 - Django's documented name for a model's facts
    return _reader_of([*[facts.get_field(name) for name in names], facts.pk], kind)


def _reader_of(fields: list[Any], kind: str) -> Callable[[Model], tuple[Any, ...]] | None:
    kinds = {type(field.target_field) if isinstance(field, ForeignKey) else type(field) for field in fields}
    if kind not in {"postgresql", "sqlite"} or not kinds <= _PLAIN or len(fields) == 1:
        return None
    return attrgetter(*[field.attname for field in fields])


def update_row(row: Model, names: Sequence[str]) -> None:
    """Store these fields of one row."""
    sql, values = _row_update(row, names, is_guarded=False)
    run(sql, values, count)


def update_held(row: Model, names: Sequence[str], *, if_version: int | None = None) -> None:
    """Do the same with the transaction's next statement: see `hold`.

    With a version, the row must still have that, and nobody may have it locked; raises Stale.
    """
    sql, values = _row_update(row, names, is_guarded=if_version is not None)
    guard = [] if if_version is None else [if_version]
    table = row._meta.db_table  # noqa: SLF001 - Django's documented name for a model's facts
    hold(table, sql, [*values, *guard], is_sure=if_version is not None)


def _row_update(row: Model, names: Sequence[str], *, is_guarded: bool) -> tuple[str, list[Any]]:
    read = _plain_fields(type(row), tuple(names), vendor())
    if read is not None:
        values = _as_taken(list(read(row)))
    else:
        facts = row._meta  # noqa: SLF001 - Django's documented name for a model's facts
        fields: list[Any] = [*[facts.get_field(name) for name in names], facts.pk]
        database = own_connection()
        values = [field.get_db_prep_save(getattr(row, field.attname), database) for field in fields]
    return _update(type(row), tuple(names), vendor(), is_guarded=is_guarded), values


@functools.cache
def _inserted(model: type[Model]) -> list[Any]:
    """Return the fields that an insert names: all but a key that the database counts."""
    return [field for field in model._meta.local_concrete_fields if not _is_counted(field)]  # noqa: SLF001 - as above


def _is_counted(field: Any) -> bool:
    return bool(field.primary_key and field.db_returning)


@functools.lru_cache(maxsize=1000)
def _insert(model: type[Model], count: int, kind: str) -> str:
    quote = connection.ops.quote_name
    fields = _inserted(model)
    columns = ", ".join(quote(field.column) for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([line] * count)}"  # noqa: S608, SLF001 - our own names


@functools.lru_cache(maxsize=1000)
def _update(model: type[Model], names: tuple[str, ...], kind: str, *, is_guarded: bool) -> str:
    """Find the row by its key, and a guarded one by its version too; where somebody has that locked, it is not found."""
    quote, facts = connection.ops.quote_name, model._meta  # noqa: SLF001 - as above
    fields: list[Any] = [facts.get_field(name) for name in names]
    key, table = quote(str(facts.pk.column)), quote(facts.db_table)
    parts = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    found = f"{key} = %s AND version = %s" if is_guarded else f"{key} = %s"
    if is_guarded and kind == "postgresql":
        found = f"{key} = (SELECT {key} FROM {table} WHERE {found} FOR NO KEY UPDATE SKIP LOCKED)"  # noqa: S608 - our own names
    return f"UPDATE {table} SET {parts} WHERE {found}"  # noqa: S608 - our own names
