import asyncio
import inspect
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from granian import _futures

from tests.config.serving.asking import Client, Long, echo, scope_of
from workloom.config.serving import shortcut
from workloom.config.serving.bridge import Bridge
from workloom.config.serving.shortcut import past_the_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from workloom.config.serving.protocol import Environ, Scope, StartResponse


def taken(bridge: Bridge, scope: "Scope", client: Client) -> bool:
    """Hand a request over on another thread, as the server does; tell whether it was taken, once the bridge's one thread is done."""

    async def ask() -> bool:
        loop = asyncio.get_running_loop()
        is_taken = await asyncio.to_thread(bridge.take, loop, scope, client.send)
        is_over = asyncio.Event()
        bridge._threads.submit(lambda: loop.call_soon_threadsafe(is_over.set))  # type: ignore[arg-type]
        async with asyncio.timeout(10):
            await is_over.wait()
        return is_taken

    return asyncio.run(ask())


def test_a_thread_sends_a_short_answer_itself() -> None:
    ran: list[int] = []

    def note(environ: "Environ", start_response: "StartResponse") -> list[bytes]:
        ran.append(threading.get_ident())
        return echo(environ, start_response)

    client = Client(note)
    assert taken(Bridge(note, threads=1), scope_of("GET", "/tasks/", {}), client)
    assert (client.status, client.body, len(client.sent)) == (201, b"GET ", 2)
    assert client.headers == {b"content-type": b"text/plain", b"x-path": b"/tasks/"}
    assert client.sent_by == set(ran)


@pytest.mark.parametrize("waits", [False, True])
def test_the_event_loop_sends_a_long_answer_for_it_can_wait_for_the_reader(*, waits: bool) -> None:
    def long(_environ: "Environ", start_response: "StartResponse") -> Long:
        start_response("200 OK", [])
        return Long(parts=40)

    client = Client(long, waits=waits)
    assert taken(Bridge(long, threads=1), scope_of("GET", "/", {}), client)
    assert (client.status, len(client.body)) == (200, 4_000_000)
    assert [message["more_body"] for message in client.sent[1:]] == [True] * (len(client.sent) - 2) + [False]
    assert client.sent_by == {threading.get_ident()}


class Held:
    """Stands for what holds streams open."""

    key = "x.handover"
    websocket: Any = None

    def handover(self) -> Any:
        """Nobody gets here."""

    async def hold(self, *_whatever: Any) -> None:
        """Nobody gets here either."""


@pytest.mark.parametrize(
    ("method", "path", "headers", "is_taken"),
    [
        ("GET", "/api/v1/tasks/", {}, True),
        ("DELETE", "/api/v1/tasks/1/", {}, True),
        ("POST", "/api/v1/auth/logout/", {"content_length": "0"}, True),
        ("POST", "/api/v1/tasks/", {"content_length": "2"}, False),
        ("POST", "/api/v1/tasks/", {"transfer_encoding": "chunked"}, False),
        ("GET", "/api/v1/tasks/", {"content_length": "2"}, False),
        ("GET", "/api/v1/events/stream/", {}, False),
    ],
)
def test_what_has_to_be_awaited_is_left_to_the_event_loop(
    method: str, path: str, headers: dict[str, str], *, is_taken: bool
) -> None:
    client = Client(echo)
    assert taken(Bridge(echo, live=Held(), threads=1), scope_of(method, path, headers), client) is is_taken
    assert bool(client.sent) is is_taken


def test_sockets_are_left_to_the_event_loop() -> None:
    assert not taken(Bridge(echo, threads=1), {"type": "websocket", "path": "/ws/"}, Client(echo))


@pytest.mark.parametrize(
    ("broken", "told"),
    [(Client(echo, fails_after=0), "the transport is closed"), (Client(echo, waits=True), "wants to be waited for")],
)
def test_an_answer_that_cannot_be_sent_costs_no_thread(
    broken: Client, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    bridge, second = Bridge(echo, threads=1), Client(echo)
    taken(bridge, scope_of("GET", "/", {}), broken)
    taken(bridge, scope_of("GET", "/", {}), second)
    assert (broken.sent, second.status) == ([], 201)
    assert told in caplog.text


def scheduled(monkeypatch: pytest.MonkeyPatch, take: shortcut.Take, watcher: Any) -> "list[Any]":
    """Return which requests went the usual way, when the server schedules one."""
    usual: list[Any] = []

    def usual_for(_loop: Any, _context: Any, _callback: Any) -> "Callable[[Any], None]":
        return usual.append

    monkeypatch.setattr(_futures, "_cbsched_aioschedule", usual_for)
    past_the_loop(take)
    _futures._cbsched_aioschedule("loop", None, None)(watcher)  # type: ignore[no-untyped-call]
    return usual


def test_the_usual_way_is_for_what_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watcher = SimpleNamespace(scope={"type": "http"}, proto=SimpleNamespace(send="send"))
    asked: list[Any] = []

    def note(*given: Any) -> bool:
        asked.append(given)
        return True

    assert scheduled(monkeypatch, note, watcher) == []
    assert asked == [("loop", {"type": "http"}, "send")]
    assert scheduled(monkeypatch, lambda *_: False, watcher) == [watcher]
    assert not caplog.text

    def fail(*_: Any) -> bool:
        raise ZeroDivisionError

    assert scheduled(monkeypatch, fail, watcher) == [watcher]
    assert "takes the usual way" in caplog.text


def test_the_servers_function_is_the_one_that_is_wrapped() -> None:
    """A release with another one has to be looked at again."""
    assert list(inspect.signature(_futures._cbsched_aioschedule).parameters) == ["loop", "ctx", "cb"]
