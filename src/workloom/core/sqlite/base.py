"""The engine: what it does cheaper than Django's, each statement and each row."""

import functools
from typing import Any

from django.db.backends.sqlite3 import base, operations

from workloom.core.columns import Reader, each, read_id, read_naive_instants
from workloom.core.kept_cursor import KeepsCursor

_MOST_PREPARED = 500
"""How many statements a connection holds ready; by default it is 128, which are soon all in use."""


_READERS: dict[str, Reader] = {
    "UUIDField": each(read_id),
    "DateTimeField": Reader(read_naive_instants),
    "BooleanField": each(lambda told: None if told is None else bool(told)),
}


class DatabaseOperations(operations.DatabaseOperations):
    """Reads ids, instants and flags by readers that can be mapped over a column."""

    def get_db_converters(self, expression: Any) -> list[Any]:
        """Return ours for the kinds of columns that nearly every row has, and Django's for others."""
        read = _READERS.get(expression.output_field.get_internal_type())
        return super().get_db_converters(expression) if read is None else [read]


class Cursor(base.SQLiteCursorWrapper):
    """Spells each statement with question marks once."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return a statement as the driver takes it."""
        return _spelled(query) if param_names is None else super().convert_query(query, param_names=param_names)


@functools.lru_cache(maxsize=2 * _MOST_PREPARED)
def _spelled(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(KeepsCursor, base.DatabaseWrapper):
    """Connections with many statements ready, and one cursor for those that are made once."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """Let the driver keep more statements ready than it would, and leave values to the readers above."""
        return {"cached_statements": _MOST_PREPARED, **super().get_connection_params(), "detect_types": 0}

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of ours."""
        return self.made_cursor()

    def made_cursor(self) -> Any:
        """Make a cursor that remembers how statements are spelled."""
        return self.connection.cursor(factory=Cursor)
