"""Calls to the server inside one transaction: each can be undone, and each can be shown to have written nothing."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, TestCase

from tests.api import Api
from tests.rights.routes import PREFIX

Tables = dict[str, list[tuple[Any, ...]]]
# What a refused request may leave behind: counters of limits, and when a credential was last used.
UNWATCHED_TABLES = {"core_limitcount", "http_keptanswer"}
UNWATCHED_COLUMNS = {("accounts_session", "last_seen_at"), ("accounts_personaltoken", "last_used_at")}


@dataclass(frozen=True)
class Call:
    """One request; `body` is JSON, or a form where it is sent as one."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    is_form: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        query = "?" + "&".join(f"{name}={value}" for name, value in self.query.items()) if self.query else ""
        return f"{self.method} {self.path}{query}" + ("" if self.body is None else f" {self.body}")


class Server:
    """The server, seen with one credential after the other."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True)

    def send(self, credential: str, call: Call) -> Any:
        """Send a request for good."""
        self.client.cookies.clear()
        seen = Api(TestCase.captureOnCommitCallbacks, credential, self.client)
        path = call.path if call.path.startswith("/") else f"/{PREFIX}{call.path}"
        if call.is_form:
            path += f"?{urlencode(call.query)}" if call.query else ""
            return seen.upload(path, {name: _part(value) for name, value in call.body.items()})
        return seen.send(call.method, path, call.body, query=dict(call.query), headers=dict(call.headers))

    def made(self, credential: str, path: str, body: Any = None, *, method: str = "POST") -> Any:
        """Write something that tests need, and answer it."""
        answer = self.send(credential, Call(method, path, body))
        assert answer.status_code < 300, f"{method} {path} {body}: {answer.content.decode()}"
        return json.loads(answer.content) if answer.content else None


def _part(value: Any) -> Any:
    return SimpleUploadedFile("board.csv", value) if isinstance(value, bytes) else value


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything written inside, files too."""
    files = set(_files())
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for path in set(_files()) - files:
        path.unlink()


def _files() -> list[Path]:
    return sorted(Path(settings.DATA_DIR, "imports").glob("*"))


@cache
def _queries() -> dict[str, str]:
    """How to read every table that a request could write to."""
    quote, found = connection.ops.quote_name, {}
    for model in apps.get_models():
        meta = model._meta
        table = meta.db_table
        if table in UNWATCHED_TABLES or meta.app_label in {"auth", "contenttypes"}:
            continue
        columns = [one.column for one in meta.concrete_fields if (table, one.column) not in UNWATCHED_COLUMNS]
        names = ", ".join(quote(str(column)) for column in columns)
        found[table] = f"SELECT {names} FROM {quote(table)} ORDER BY {quote(str(meta.pk.column))}"  # noqa: S608 - our own tables' names
    return found


def snapshot() -> Tables:
    """Every row of every table, and the files that imports left."""
    found: Tables = {"files": [(path.name,) for path in _files()]}
    with connection.cursor() as cursor:
        for table, query in _queries().items():
            cursor.execute(query)
            found[table] = cursor.fetchall()
    return found


def changes(before: Tables, after: Tables) -> list[str]:
    """Name the tables that differ."""
    return [table for table in before if before[table] != after[table]]


_READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW", "SET", "EXPLAIN", "PRAGMA")


@contextmanager
def written() -> Iterator[list[str]]:
    """Collect the statements inside that could change a row."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        if not sql.lstrip(" (\n").upper().startswith(_READING):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found
