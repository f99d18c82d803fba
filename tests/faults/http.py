"""One person's way to the server: a kept connection, JSON in and out."""

import contextlib
import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

PREFIX = "/api/v1/"


class Cut(OSError):
    """The connection ended before there was an answer: nobody knows whether the request was carried out."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def is_promise(self) -> bool:
        return 200 <= self.status < 300


class Door:
    """Belongs to one thread."""

    def __init__(self, port: int, token: str = "", *, timeout_s: float = 20) -> None:
        self.port, self.token, self.timeout_s = port, token, timeout_s
        self._connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request and read the answer; raises Cut, also when nobody listens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content = None
        if body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            return self._ask(method, PREFIX + path, content, sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Cut(f"{method} {path}: {error!r}") from error

    def _ask(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_s)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.request(method, path, content, dict(headers))
        reply = self._connection.getresponse()
        text = reply.read()
        parsed = json.loads(text) if text and "json" in (reply.getheader("Content-Type") or "") else None
        return Answer(reply.status, parsed, {name.lower(): value for name, value in reply.getheaders()})

    def must(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the body of an answer that has to be a yes."""
        answer = self.ask(method, path, body, **headers)
        if not answer.is_promise:
            raise AssertionError(f"{method} {path} {body}: {answer.status} {answer.body}")
        return answer.body

    def every(self, path: str) -> list[Any]:
        """Return the rows of all pages of a list."""
        rows: list[Any] = []
        following: str | None = path
        while following:
            page = self.must("GET", following)
            rows += page["results"]
            following = page["next"] and page["next"].partition(PREFIX)[2]
        return rows

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()
