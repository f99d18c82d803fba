"""Making values of rows a column at a time, where the driver only knows texts and numbers: calls are most of what that costs."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from workloom.core.statements import own_connection

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]
"""By the column's place, as Django's compiler tells them: converters and the expression that each is told."""
_instant = datetime.fromisoformat
_MOST_IDS = 16_384
"""How many ids are kept as they were read: those of people, projects, statuses and labels come again with nearly every row."""


@functools.lru_cache(maxsize=_MOST_IDS)
def read_id(text: str | None) -> UUID | None:
    """Read an id of 32 digits, with hyphens or without, as databases without a type for ids tell it."""
    return None if text is None else UUID(int=int(text.replace("-", ""), 16))


class Reader:
    """A converter that needs nothing but the values of a column; Django calls it with one value, like others."""

    def __init__(self, read: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
        self.read = read

    def __call__(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """Convert one value, as Django asks for it."""
        [converted_value] = self.read((value,))
        return converted_value


def each(read: Callable[[Any], Any]) -> Reader:
    """Return a reader of a column that reads value after value."""
    return Reader(functools.partial(map, read))


def read_instants(column: Iterable[Any]) -> Iterable[Any]:
    """Read instants that PostgreSQL spelled, in UTC; what the driver has read already stays."""
    return [_instant(told) if told.__class__ is str else told for told in column]


def read_naive_instants(column: Iterable[str | None]) -> Iterable[datetime | None]:
    """Read instants that are stored in UTC and do not say so."""
    return [None if told is None else _instant(f"{told}+00:00") for told in column]


def converted(rows: Sequence[Any], converters: Converters) -> list[Any]:
    """Return rows whose columns went through their converters; some drivers give them as a tuple."""
    if not rows or not converters:
        return rows if isinstance(rows, list) else list(rows)
    if len(rows) == 1:
        return [_converted_row(rows[0], converters)]
    columns: list[Any] = list(zip(*rows, strict=True))
    for place, (steps, expression) in converters.items():
        for step in steps:
            columns[place] = _converted_column(columns[place], step, expression)
    return list(zip(*columns, strict=True))


def _converted_row(row: Sequence[Any], converters: Converters) -> tuple[Any, ...]:
    """Do it with one row, whose other columns need not be touched."""
    values = list(row)
    for place, (steps, expression) in converters.items():
        column: Any = values[place : place + 1]
        for step in steps:
            column = _converted_column(column, step, expression)
        [values[place]] = column
    return tuple(values)


def _converted_column(column: Any, convert: Callable[..., Any], expression: Any) -> Any:
    if isinstance(convert, Reader):
        return convert.read(column)
    connection = own_connection()
    return [convert(value, expression, connection) for value in column]
