"""One request to a bridge the way a server sends it, and small applications to answer it."""

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from workloom.config.serving.bridge import Bridge
from workloom.config.serving.protocol import Environ, Message, Scope, StartResponse, WsgiApp


@dataclass
class Client:
    """Sends one request to a bridge the way an ASGI server does, and keeps what comes back."""

    application: WsgiApp
    threads: int = 1
    sent: list[Message] = field(default_factory=list)
    sent_by: set[int] = field(default_factory=set)
    fails_after: int | None = None
    waits: bool = False

    def ask(self, method: str = "GET", path: str = "/x/", *, parts: Iterable[bytes] = (), **headers: str) -> "Client":
        asyncio.run(self.exchange(Bridge(self.application, threads=self.threads), method, path, parts, headers))
        return self

    async def exchange(
        self, bridge: Bridge, method: str, path: str, parts: Iterable[bytes], headers: dict[str, str]
    ) -> None:
        pieces = list(parts)
        messages: list[Message] = [
            {"type": "http.request", "body": piece, "more_body": at < len(pieces) - 1}
            for at, piece in enumerate(pieces)
        ]
        messages.append({"type": "http.disconnect"})
        coming = iter(messages)

        async def receive() -> Message:
            return next(coming)

        await bridge(scope_of(method, path, headers), receive, self.send)

    async def send(self, message: Message) -> None:
        if self.waits:
            await asyncio.sleep(0)
        if self.fails_after is not None and len(self.sent) >= self.fails_after:
            raise RuntimeError("the transport is closed")
        self.sent.append(message)
        self.sent_by.add(threading.get_ident())

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def scope_of(method: str, path: str, headers: dict[str, str]) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"q=%C3%A9",
        "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("127.0.0.1", 8000),
    }


def echo(environ: Environ, start_response: StartResponse) -> list[bytes]:
    start_response("201 Created", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


class Long:
    """A long answer that knows whether it was closed."""

    def __init__(self, parts: int) -> None:
        self.left = parts
        self.is_closed = False

    def __iter__(self) -> "Long":
        return self

    def __next__(self) -> bytes:
        if not self.left:
            raise StopIteration
        self.left -= 1
        return bytes(100_000)

    def close(self) -> None:
        self.is_closed = True
