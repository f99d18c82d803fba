"""The clients of `live.py`, all in one process on raw streams: as cheap as they can be, for they share the machine."""

import asyncio
import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

Json = dict[str, Any]
PORT = int(os.environ["PORT"])
QUIET_S = 2.0


async def request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, token: str) -> Json:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    body: Json = json.loads(await reader.readexactly(length))
    assert "200 ok" in head.split("\r\n")[0], (head, body)
    return body


async def board_of(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, board: Json) -> dict[str, Json]:
    """The whole board as a fresh GET gives it."""
    path, found = f"/api/v1/tasks/?project={board['project']}&page_size=200", {}
    while path:
        page = await request(reader, writer, path, board["token"])
        found |= {row["id"]: row for row in page["results"]}
        path = page["next"] and page["next"].removeprefix("http://127.0.0.1")
    return found


class Board:
    """One open board."""

    def __init__(self, wanted: Json, received: list[tuple[str, int, str, float]]) -> None:
        self.wanted = wanted
        self.tasks: dict[str, Json] = {}
        self.messages = 0
        self.heard_at = time.time()
        self.is_closed = False
        self.joined = asyncio.get_running_loop().create_future()
        self._received = received

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", PORT, limit=2**16)
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            f"GET /ws/tasks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: bearer, {self.wanted['token']}\r\n\r\n".encode()
        )
        await self._reader.readuntil(b"\r\n\r\n")
        self._say({"type": "subscribe", "projects": [self.wanted["project"]]})
        self.reading = asyncio.create_task(self._read())
        await self.joined

    def _say(self, message: Json) -> None:
        body = json.dumps(message).encode()
        length = bytes([0x80 | len(body)]) if len(body) < 126 else bytes([0x80 | 126]) + len(body).to_bytes(2, "big")
        self._writer.write(b"\x81" + length + bytes(4) + body)

    async def _read(self) -> None:
        try:
            while True:
                first, length = await self._reader.readexactly(2)
                if length == 126:
                    length = int.from_bytes(await self._reader.readexactly(2), "big")
                elif length == 127:
                    length = int.from_bytes(await self._reader.readexactly(8), "big")
                body = await self._reader.readexactly(length)
                if first & 15 == 8:
                    break
                if first & 15 == 1:
                    self._take(json.loads(body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self.is_closed = True

    def _take(self, message: Json) -> None:
        at = time.time()
        if message["type"] == "subscribed":
            self.joined.set_result(None)
        elif message["type"] == "task_update":
            self.messages, self.heard_at = self.messages + 1, at
            task = message["task"]
            if message["action"] == "task_deleted":
                self.tasks.pop(task["id"], None)
            else:
                self._received.append((task["id"], task["version"], task["updated_at"], at))
                self.tasks[task["id"]] = task


async def fetch_all(boards: list[Board]) -> list[dict[str, Json]]:
    waiting = iter(enumerate(boards))
    found: list[dict[str, Json]] = [{} for _ in boards]

    async def fetch() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT, limit=2**22)
        for at, board in waiting:
            found[at] = await board_of(reader, writer, board.wanted)
        writer.close()

    await asyncio.gather(*(fetch() for _ in range(4)))
    return found


async def main(folder: Path) -> None:
    received: list[tuple[str, int, str, float]] = []
    boards = [Board(wanted, received) for wanted in json.loads((folder / "boards.json").read_text())]
    began = time.time()
    for at in range(0, len(boards), 20):
        await asyncio.gather(*(board.open() for board in boards[at : at + 20]))
    opened = time.time() - began
    # A socket costs what it holds, not what the lists that follow make the server allocate.
    print(f"{len(boards)} sockets signed in and subscribed in {opened:.1f} s", flush=True)
    for board, tasks in zip(boards, await fetch_all(boards), strict=True):
        board.tasks = tasks
    print("boards read", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while time.time() - max(board.heard_at for board in boards) < QUIET_S:  # noqa: ASYNC110 - silence is no event
        await asyncio.sleep(0.2)
    fresh = await fetch_all(boards)
    equal = [board.tasks == tasks for board, tasks in zip(boards, fresh, strict=True)]
    (folder / "received.json").write_text(json.dumps(received))
    verdict = {
        "clients": len(boards),
        "messages": sum(board.messages for board in boards),
        "closed": sum(board.is_closed for board in boards),
        "equal": sum(equal),
        "tasks": sum(map(len, fresh)),
    }
    print(json.dumps(verdict), flush=True)


asyncio.run(main(Path(sys.argv[1])))
