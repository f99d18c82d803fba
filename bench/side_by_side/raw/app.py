"""The raw server, D: SQL by psycopg and an encoder in a bare WSGI app. What any framework could hope to come near."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import psycopg

from bench.side_by_side.raw import reads, writes
from bench.side_by_side.tokens import BadToken, Bearer, bearer_of

SESSION = """
    SELECT s.last_seen_at, s.kind, u.id, u.username, u.name, u.role, u.is_active, u.time_zone
    FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id
    WHERE s.id = %(session)s AND s.user_id = %(user)s AND s.ended_at IS NULL AND s.expires_at > now() AND u.is_active"""
Start = Callable[[str, list[tuple[str, str]]], object]
_encoder = msgspec.json.Encoder()
_kept = threading.local()
PREFIX = "/api/v1/"


def connection() -> Any:
    """Return this thread's connection, with statements prepared at their second use."""
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(
            os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=2, options="-c jit=off"
        )
    return _kept.connection


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer one request."""
    database = connection()
    try:
        bearer = bearer_of(environ.get("HTTP_AUTHORIZATION", ""))
    except BadToken:
        return _answer(start, "401 Unauthorized", None)
    with database.cursor() as cursor:
        values = {"session": bearer.session, "user": bearer.user}
        if cursor.execute(SESSION, values).fetchone() is None:
            return _answer(start, "401 Unauthorized", None)
        found = _found(database, cursor, environ, bearer)
    status = "201 Created" if environ["REQUEST_METHOD"] == "POST" else "200 OK"
    return _answer(start, status if found is not None else "404 Not Found", found)


def _found(database: Any, cursor: Any, environ: dict[str, Any], bearer: Bearer) -> dict[str, Any] | None:
    parts = environ["PATH_INFO"].removeprefix(PREFIX).strip("/").split("/")
    match environ["REQUEST_METHOD"], parts:
        case "POST", ["tasks"]:
            return writes.create(database, bearer.user, environ["wsgi.input"].read())
        case "PATCH", ["tasks", task, "status"]:
            return writes.change_status(database, bearer.user, task, environ["wsgi.input"].read())
        case "GET", ["tasks", task]:
            return reads.task(cursor, bearer.user, task)
        case "GET", [name, *rest]:
            sent = dict(parse_qsl(environ.get("QUERY_STRING", "")))
            return _listed(cursor, bearer, name, rest, sent)
    return None


def _listed(cursor: Any, bearer: Bearer, name: str, rest: list[str], sent: dict[str, str]) -> dict[str, Any] | None:
    match name, rest:
        case "tasks", []:
            return reads.tasks(cursor, bearer.user, sent)
        case "search", []:
            return reads.search(cursor, bearer.user, sent)
        case "events", []:
            return reads.events(cursor, bearer.user, sent)
        case "boards", [board]:
            return reads.board(cursor, bearer.user, board, sent)
    return None


def _answer(start: Start, status: str, found: dict[str, Any] | None) -> Iterable[bytes]:
    body = _encoder.encode(found)
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
