"""Looking into the database of the processes under test, past their code."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]


class Database:
    """Reads, and moves times on; PostgreSQL or a SQLite file, by one kept connection. For the tests' own thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")
        self._kept: Any = None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows with ids as texts and JSON read; `?` stands for a value."""
        return [{name: _plain(name, value) for name, value in row.items()} for row in self._rows(sql, values)]

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first row's first value."""
        return next(iter(self.rows(sql, values)[0].values()))

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        self.rows(sql, values)

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        if self.is_sqlite:
            return [dict(row) for row in self._connection().execute(sql, values)]
        words = sql.replace("%", "%%").replace("?", "%s") if values else sql.replace("?", "%s")
        try:
            cursor = self._connection().execute(words, values or None)
        except psycopg.OperationalError:  # its server was killed since
            self.close()
            cursor = self._connection().execute(words, values or None)
        return cursor.fetchall() if cursor.description else []

    def _connection(self) -> Any:
        if self._kept is None:
            if self.is_sqlite:
                self._kept = sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=60, isolation_level=None)
                self._kept.row_factory = sqlite3.Row
            else:
                self._kept = psycopg.connect(self.url, row_factory=dict_row, autocommit=True)
        return self._kept

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Write everything into another file; SQLite only."""
        self._connection().backup(target)

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    @contextmanager
    def holding(self, sql: str) -> Iterator[None]:
        """Keep the locks that a query takes; PostgreSQL only."""
        with psycopg.connect(self.url) as connection:
            connection.execute(sql)
            yield
            connection.rollback()

    @property
    def now(self) -> str:
        """The clock in this database's words."""
        return "strftime('%Y-%m-%d %H:%M:%f', 'now')" if self.is_sqlite else "now()"


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and name.endswith("id") and len(value) == 32:
        return str(UUID(value))
    if isinstance(value, str) and name in {"changes", "private", "args"}:
        return json.loads(value)
    return value


@dataclass(frozen=True)
class Logged:
    """One row of the log."""

    n: int
    id: str
    seq: int | None
    type: str
    object_id: str
    version: int
    subject_id: str | None
    project_id: str | None
    actor_id: str | None
    request_id: str
    changes: dict[str, Any]


def read_log(database: Database) -> list[Logged]:
    found = database.rows(
        "SELECT n, id, seq, type, object_id, object_version, subject_id, project_id, actor_id, request_id, changes,"
        " private FROM events_logrow ORDER BY n"
    )
    return [
        Logged(
            n=row["n"],
            id=row["id"],
            seq=row["seq"],
            type=row["type"],
            object_id=row["object_id"],
            version=row["object_version"],
            subject_id=row["subject_id"],
            project_id=row["project_id"],
            actor_id=row["actor_id"],
            request_id=row["request_id"],
            changes={**row["changes"], **((row["private"] or {}).get("changes") or {})},
        )
        for row in found
    ]
