"""Several bounded queries read as one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

MOST_PARTS = 400
"""SQLite takes 500 parts of one statement."""


def read_all(queries: Sequence[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """Return what all the queries find as raw tuples, each in its own order and up to its own limit.

    Django's union() refuses parts with a limit on SQLite, and MariaDB takes no limit in a subquery of IN;
    a UNION ALL over derived tables is read the same way by all three databases.
    """
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(queries), MOST_PARTS):
        parts: list[str] = []
        params: list[Any] = []
        for at, query in enumerate(queries[start : start + MOST_PARTS]):
            sql, values = query.query.sql_with_params()
            parts.append(f"SELECT * FROM ({sql}) AS part_{at}")  # noqa: S608 - Django wrote it, with placeholders
            params.extend(values)
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            rows.extend(cursor.fetchall())
    return rows
