"""Servers on loopback that read a request and then behave as they are told, well or badly."""

import socket
import socketserver
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from threading import Event, Thread
from typing import Any

from workloom.core.outgoing import Outgoing

LOOPBACK = (ip_network("127.0.0.0/8"),)
Behave = Callable[["Caller"], None]


@dataclass
class Caller:
    """One connection from the server's side."""

    connection: socket.socket
    stop: Event
    sent: int = 0

    def send(self, data: bytes) -> bool:
        """Say whether the other side still takes something."""
        try:
            self.connection.sendall(data)
        except OSError:
            return False
        self.sent += len(data)
        return True

    def drip(self, data: bytes) -> None:
        while not self.stop.wait(0.02) and self.send(data):
            pass


@dataclass
class Receiver:
    port: int
    requests: list[bytes] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)

    def url(self, path: str = "/hook", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def answer(data: bytes) -> Behave:
    def behave(caller: Caller) -> None:
        caller.send(data)

    return behave


def hang(caller: Caller) -> None:
    caller.stop.wait(5)


@contextmanager
def receiver(behave: Behave, *, tls: ssl.SSLContext | None = None, reads: bool = True) -> Iterator[Receiver]:
    stop = Event()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: Any = self.request
            if tls is not None:
                try:
                    connection = tls.wrap_socket(connection, server_side=True)
                except OSError:
                    return
            with connection:
                caller = Caller(connection, stop)
                found.callers.append(caller)
                if reads:
                    found.requests.append(_request(connection))
                behave(caller)

    class Server(socketserver.ThreadingTCPServer):
        request_queue_size = 16

    with Server(("127.0.0.1", 0), Connection) as server:
        found = Receiver(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield found
        finally:
            stop.set()
            server.shutdown()
            thread.join()


def _request(connection: socket.socket) -> bytes:
    data = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in data and (part := connection.recv(65536)):
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0]) and (part := connection.recv(65536)):
            data, body = data + part, body + part
    return data


def opened(**settings: Any) -> Outgoing:
    """A client for which loopback is open."""
    return Outgoing(**{"allowed": LOOPBACK, **settings})
