"""A client of the live board as a browser has it: one socket, a copy of the tasks, back again after each cut."""

import base64
import json
import os
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import Any

from tests.faults.http import Cut, Door
from tests.faults.people import Person, Project

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SILENCE_S = 60


class Line:
    """One WebSocket connection, frame by frame (RFC 6455)."""

    def __init__(self, port: int, token: str, *, receive_buffer: int = 0) -> None:
        self._socket = socket.socket()
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(10)
        try:
            self._socket.connect(("127.0.0.1", port))
            self._shake_hands(port, token)
        except OSError:
            self._socket.close()
            raise
        self._socket.settimeout(_SILENCE_S)

    def _shake_hands(self, port: int, token: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /ws/tasks/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: bearer, {token}\r\n\r\n".encode()
        )
        self._reader = self._socket.makefile("rb")
        status = self._reader.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"no socket: {status!r}")
        while self._reader.readline().strip():
            pass

    def tell(self, message: dict[str, Any]) -> None:
        self._write(_TEXT, json.dumps(message).encode())

    def _write(self, kind: int, content: bytes) -> None:
        mask = os.urandom(4)
        length = len(content)
        size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + struct.pack(">H", length)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(content))
        self._socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def next(self) -> dict[str, Any]:
        """Return the next message; raises ConnectionError at the end, with the close code."""
        content = b""
        while True:
            is_last, kind, part = self._frame()
            if kind == _PING:
                self._write(_PONG, part)
            elif kind == _CLOSE:
                raise ConnectionError(f"closed with {struct.unpack('>H', part[:2])[0] if part else 'no code'}")
            elif kind != _PONG:
                content += part
                if is_last:
                    message: dict[str, Any] = json.loads(content)
                    return message

    def _frame(self) -> tuple[bool, int, bytes]:
        first, second = self._exactly(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._exactly(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._exactly(8))[0]
        return bool(first & 0x80), first & 0x0F, self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        found = self._reader.read(count)
        if len(found) < count:
            raise ConnectionError("cut")
        return found

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._reader.close()
        self._socket.close()


class Watcher(threading.Thread):
    """Keeps a copy of the tasks of some projects by what the socket tells."""

    def __init__(self, port: int, person: Person, projects: list[Project], *, receive_buffer: int = 0) -> None:
        super().__init__(name=f"watcher-{person.name}", daemon=True)
        self.port, self.person, self.projects = port, person, projects
        self.tasks: dict[str, Any] = {}
        self.seq: int | None = None
        self.updates = self.connections = self.resyncs = 0
        self.endings: list[str] = []
        self.over = threading.Event()
        self.ready = threading.Event()
        self.reading = threading.Event()
        self.reading.set()
        self._receive_buffer = receive_buffer
        self._line: Line | None = None

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self._follow()
            except (OSError, Cut) as error:
                if not self.over.is_set():
                    self.endings.append(str(error))
                    self.over.wait(0.1)

    def _follow(self) -> None:
        self._line = line = Line(self.port, self.person.token, receive_buffer=self._receive_buffer)
        try:
            self.connections += 1
            wanted = {"type": "subscribe", "projects": [project.id for project in self.projects]}
            line.tell(wanted if self.seq is None else {**wanted, "after": self.seq})
            while not self.over.is_set():
                self.reading.wait()
                self._take(line.next())
        finally:
            line.close()

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "error":
            raise ConnectionError(str(message))
        if kind == "task_update":
            self.updates += 1
            if message["action"] == "task_deleted":
                self.tasks.pop(message["task"]["id"], None)
            else:
                self.tasks[message["task"]["id"]] = message["task"]
        if kind == "resync" or (kind == "subscribed" and self.seq is None):
            self.resyncs += kind == "resync"
            self.tasks = self.fresh()
            self.ready.set()
        if "seq" in message and kind != "authenticated":
            self.seq = message["seq"]

    def fresh(self) -> dict[str, Any]:
        """Return what a reader gets who asks now."""
        chosen = ",".join(project.id for project in self.projects)
        with Door(self.port, self.person.token) as door:
            return {row["id"]: row for row in door.every(f"tasks/?project={chosen}&page_size=200&is_archived=any")}

    def stop(self) -> None:
        self.over.set()
        self.reading.set()
        if self._line is not None:
            self._line.close()
        self.join(60)

    def differs(self) -> list[str]:
        """Name the tasks that the copy has otherwise than a fresh reader."""
        fresh, copy = self.fresh(), dict(self.tasks)
        return sorted(key for key in fresh.keys() | copy.keys() if fresh.get(key) != copy.get(key))

    def converged(self, seconds: float = 60) -> list[str]:
        """Wait until the copy is what a fresh reader gets; return what differs in the end."""
        deadline = time.monotonic() + seconds
        while (different := self.differs()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return different
