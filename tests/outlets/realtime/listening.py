"""Clients of live connections, driven the way an ASGI server drives them, on an event loop of their own."""

import asyncio
import concurrent.futures
import json
import queue
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from django.db import connections

from tests.factories import access_token
from workloom.config.serving.bridge import Bridge
from workloom.config.wsgi import application
from workloom.outlets.realtime.doors.live import Live
from workloom.outlets.realtime.hub.hub import Hub
from workloom.people.accounts.models import User

R = TypeVar("R")
PATIENCE_S = 60
Json = dict[str, Any]


class Listening:
    """A process that holds connections."""

    def __init__(self, **options: Any) -> None:
        self.live = Live(Hub(sweep_s=0.05), **options)
        self.bridge = Bridge(application, live=self.live, threads=1)
        self.loop = asyncio.new_event_loop()
        self.clients: list[Client] = []
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def close(self) -> None:
        for client in self.clients:
            client.leave()
        self.live.hub.close()
        self._give_back()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _give_back(self) -> None:
        """The thread of requests lives on; its database connection would keep the test's database from going."""
        given_back = threading.Event()

        def work() -> None:
            connections.close_all()
            given_back.set()

        self.loop.call_soon_threadsafe(self.bridge._threads.submit, work)
        given_back.wait(PATIENCE_S)

    def socket(self, who: User | str | None = None, *, path: str = "/ws/tasks/", **more: Any) -> "Client":
        """Open a socket, signed in by subprotocol when a person or a token is named."""
        credential = access_token(who) if isinstance(who, User) else who
        offered = ["bearer", credential] if credential else []
        scope = scope_of("websocket", path, **{"subprotocols": offered, **more})
        return self._open(scope, {"type": "websocket.connect"})

    def joined(self, who: User | str, **wanted: Any) -> "Client":
        """A socket of somebody that is told everything from now on, or what `wanted` subscribes to."""
        client = self.socket(who)
        assert client.next()["type"] == "authenticated"
        if wanted:
            client.send({"type": "subscribe", **wanted})
            assert client.next()["type"] == "subscribed"
        return client

    def stream(self, who: User | str | None, query: str = "", **headers: str) -> "Client":
        credential = access_token(who) if isinstance(who, User) else who
        named = {"authorization": f"Bearer {credential}"} if credential else {}
        scope = scope_of("http", "/api/v1/events/stream/", query=query, headers=named | headers)
        return self._open(scope)

    def _open(self, scope: Json, *first: Json) -> "Client":
        client = Client(self, scope, first)
        self.clients.append(client)
        return client


def scope_of(kind: str, path: str, *, query: str = "", headers: dict[str, str] | None = None, **more: Any) -> Json:
    told = {"host": "testserver"} | (headers or {})
    return {
        "type": kind,
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("testserver", 80),
        **more,
    }


class Client:
    """One connection; `stalls` makes it stop reading."""

    def __init__(self, house: Listening, scope: Json, first: tuple[Json, ...]) -> None:
        self.house = house
        self.accepted: Json = {}
        self.head: Json = {}
        self.closed: Json | None = None
        self._said: queue.SimpleQueue[Json] = queue.SimpleQueue()
        self._coming: asyncio.Queue[Json] = asyncio.Queue()
        self._reads = asyncio.Event()
        self._reads.set()
        for event in first:
            self._coming.put_nowait(event)
        self.ended = threading.Event()
        self._running = asyncio.run_coroutine_threadsafe(self._live(scope), house.loop)

    async def _live(self, scope: Json) -> None:
        try:
            await self.house.bridge(scope, self._coming.get, self._send)
        finally:
            self.ended.set()

    async def _send(self, event: Any) -> None:
        await self._reads.wait()
        self._said.put(event)

    def stall(self) -> None:
        self.house.loop.call_soon_threadsafe(self._reads.clear)

    def read_on(self) -> None:
        self.house.loop.call_soon_threadsafe(self._reads.set)

    def send(self, message: Any) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        self._put({"type": "websocket.receive", "text": text})

    def _put(self, event: Json) -> None:
        self.house.loop.call_soon_threadsafe(self._coming.put_nowait, event)

    def leave(self) -> None:
        self.read_on()
        self._put({"type": "websocket.disconnect" if not self.head else "http.disconnect", "code": 1000})
        with suppress(asyncio.CancelledError, concurrent.futures.CancelledError):
            self._running.result(PATIENCE_S)

    def event(self) -> Json:
        """The next thing that the server sends, as ASGI has it."""
        event = self._said.get(timeout=PATIENCE_S)
        if event["type"] == "websocket.accept":
            self.accepted = event
            return self.event()
        if event["type"] == "http.response.start":
            self.head = event
            return self.event()
        return event

    def next(self) -> Json:
        """The next message of a socket; on a slow machine a heartbeat may come before it."""
        while (found := self.message())["type"] == "heartbeat":
            pass
        return found

    def message(self) -> Json:
        """The next message, whatever it is."""
        event = self.event()
        assert event["type"] == "websocket.send", event
        found: Json = json.loads(event["text"])
        return found

    def part(self) -> str:
        """The next part of a stream."""
        event = self.event()
        assert event["type"] == "http.response.body", event
        return bytes(event["body"]).decode()

    def close_code(self) -> int:
        """The code by which the socket is closed, whatever was said before."""
        while (event := self.event())["type"] != "websocket.close":
            pass
        return int(event["code"])

    def until(self, marker: str) -> list[Json]:
        """Everything that is told up to the change of a task that has this title; that one is left out."""
        found: list[Json] = []
        while True:
            message = self.next()
            if message.get("task", {}).get("title") == marker:
                return found
            found.append(message)
