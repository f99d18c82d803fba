"""A receiver of webhooks on loopback: keeps what came and answers as it is told."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import msgspec
from standardwebhooks.webhooks import Webhook as Stranger


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    @property
    def type(self) -> str:
        return str(self.document["type"])

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True)
class Reply:
    """What to answer: after `stop` when it hangs."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False


@dataclass
class Receiver:
    """`judge` decides about each request, else the scripted replies are used up, else everything is fine."""

    port: int
    got: list[Got] = field(default_factory=list)
    script: deque[Reply] = field(default_factory=deque)
    judge: Callable[[Got], Reply | None] | None = None
    stop: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=in-the-path"

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.got]

    def will(self, *statuses: int) -> None:
        self.script.extend(Reply(status) for status in statuses)

    def reply_to(self, got: Got) -> Reply:
        judged = self.judge(got) if self.judge else None
        if judged is not None:
            return judged
        return self.script.popleft() if self.script else Reply()

    def verified(self, secret: str) -> list[Any]:
        """Everything that came, as a stranger's library reads it; raises for a signature that is not right."""
        return [Stranger(secret).verify(one.body, one.headers) for one in self.got]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    receiver: Receiver


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        found = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        got = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        found.got.append(got)
        reply = found.reply_to(got)
        if reply.hangs:
            found.stop.wait(30)
            return
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.receiver = Receiver(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.receiver
        finally:
            server.receiver.stop.set()
            server.shutdown()
            thread.join()
