"""Receivers of webhooks that can be made to misbehave, and the order of what came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from standardwebhooks.webhooks import Webhook as Stranger

LATE_S: Final = 15
_LONGEST_HANG_S: Final = 120


@dataclass(frozen=True)
class Arrival:
    """One request, in the order of coming."""

    delivery: str
    event: str
    seq: int
    type: str
    object_id: str
    project_id: str | None


@dataclass
class Receiver:
    """One address; `mood` is fine, broken (500), late (200 after 15 s) or hanging."""

    name: str
    url: str
    secret: str = ""
    mood: str = "fine"
    arrivals: list[Arrival] = field(default_factory=list)
    forged: int = 0
    cut: int = 0
    refused: int = 0
    recovered: threading.Event = field(default_factory=threading.Event)

    def take(self, headers: dict[str, str], body: bytes) -> int | None:
        """Note a request and return the status to answer; None closes without a word."""
        mood = self.mood
        self._note(headers, body)
        if mood == "hanging":
            self.recovered.wait(_LONGEST_HANG_S)
            return None
        if mood == "late":
            self.recovered.wait(LATE_S)
        self.refused += mood == "broken"
        return 500 if mood == "broken" else 200

    def _note(self, headers: dict[str, str], body: bytes) -> None:
        try:
            document: dict[str, Any] = Stranger(self.secret).verify(body, headers)
        except Exception:  # noqa: BLE001 - whatever the library says against it, it is not from us
            self.forged += 1
            return
        event = document["data"]
        self.arrivals.append(
            Arrival(
                delivery=headers["webhook-id"],
                event=event["id"],
                seq=event["seq"],
                type=document["type"],
                object_id=event["object"]["id"],
                project_id=event["project"],
            )
        )

    def recover(self) -> None:
        """Be fine from now on; what hangs is let go."""
        self.mood = "fine"
        self.recovered.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    receivers: dict[str, Receiver]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that has given up meanwhile is what some moods are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        receiver, length = self.server.receivers[self.path], int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender was killed in the middle of it
            receiver.cut += 1
            return
        status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
        if status is not None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Receivers:
    """All addresses of one listening port."""

    server: _Server

    def add(self, name: str) -> Receiver:
        path = f"/{name}"
        receiver = Receiver(name, f"http://127.0.0.1:{self.server.server_address[1]}{path}")
        self.server.receivers[path] = receiver
        return receiver


@contextmanager
def receiving() -> Iterator[Receivers]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.receivers = {}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Receivers(server)
        finally:
            for receiver in server.receivers.values():
                receiver.recover()
            server.shutdown()
            thread.join()
