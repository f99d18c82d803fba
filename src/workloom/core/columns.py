"""Making values of rows a column at a time, where the driver only knows texts and numbers: calls are most of what that costs."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]
"""By the column's place, as Django's compiler tells them: converters and the expression that each is told."""
_MOST_IDS = 16_384
"""How many ids are kept as they were read: those of people, projects, statuses and labels come again with nearly every row."""


@functools.lru_cache(maxsize=_MOST_IDS)
def read_id(text: str) -> UUID:
    """Read an id of 32 digits, with hyphens or without, as databases without a type for ids tell it."""
    return UUID(int=int(text.replace("-", ""), 16))


class Reader:
    """A converter that needs nothing but the value: Django calls it like others, `converted` maps it over a column."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self.read = read

    def __call__(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """Convert one value, as Django asks for it."""
        return self.read(value)


def read_instant(told: Any) -> Any:
    """Read an instant that PostgreSQL spelled, in UTC; what the driver or Django has read already stays."""
    return datetime.fromisoformat(told) if told.__class__ is str else told


def converted(rows: list[Any], converters: Converters) -> list[Any]:
    """Return rows whose columns went through their converters."""
    if not rows or not converters:
        return rows
    columns: list[Any] = list(zip(*rows, strict=True))
    for place, (steps, expression) in converters.items():
        for step in steps:
            columns[place] = _converted_column(columns[place], step, expression)
    return list(zip(*columns, strict=True))


def _converted_column(column: Any, convert: Callable[..., Any], expression: Any) -> Any:
    if isinstance(convert, Reader):
        return map(convert.read, column)
    connection = connections[DEFAULT_DB_ALIAS]
    return [convert(value, expression, connection) for value in column]
