import asyncio
import threading

import pytest

from tests.config.serving.asking import Client, Long, echo, scope_of
from workloom.config.serving.bridge import Bridge
from workloom.config.serving.protocol import Environ, Message, StartResponse


def test_a_thread_sends_a_short_answer_itself_where_the_server_lets_it() -> None:
    ran: list[int] = []

    def note(environ: Environ, start_response: StartResponse) -> list[bytes]:
        ran.append(threading.get_ident())
        return echo(environ, start_response)

    client = Client(note, sends_at_once=True).ask("POST", "/tasks/", parts=[b"hello"], content_length="5")
    assert (client.status, client.body, len(client.sent)) == (201, b"POST hello", 2)
    assert client.sent_by == set(ran)
    assert Client(note).ask().sent_by == {threading.get_ident()}


def test_a_long_answer_is_sent_by_the_event_loop_that_can_wait_for_its_reader() -> None:
    def long(_environ: Environ, start_response: StartResponse) -> Long:
        start_response("200 OK", [])
        return Long(parts=40)

    client = Client(long, sends_at_once=True).ask()
    assert (client.status, len(client.body)) == (200, 4_000_000)
    assert client.sent_by == {threading.get_ident()}


def test_an_answer_that_cannot_be_sent_costs_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge(echo, threads=1, sends_at_once=True)
    first, second = Client(echo, fails_after=0), Client(echo)
    asyncio.run(first.exchange(bridge, "GET", "/", [], {}))
    asyncio.run(second.exchange(bridge, "GET", "/", [], {}))
    assert (first.sent, second.status) == ([], 201)
    assert "the transport is closed" in caplog.text


def test_a_server_that_wants_to_be_waited_for_is_told_apart(caplog: pytest.LogCaptureFixture) -> None:
    async def waiting(_message: Message) -> None:
        await asyncio.sleep(0)

    bridge = Bridge(echo, threads=1, sends_at_once=True)
    asyncio.run(bridge(scope_of("GET", "/", {}), waiting, waiting))  # type: ignore[arg-type] # nothing is received
    assert "wants to be waited for" in caplog.text


def test_requests_that_end_while_nobody_asks_are_ended_all_the_same() -> None:
    """No request follows, so the event loop has to look by itself, and goes to rest then."""
    bridge = Bridge(echo, threads=2, sends_at_once=True)
    clients = [Client(echo) for _ in range(5)]

    async def ask() -> None:
        async with asyncio.timeout(10):
            await asyncio.gather(*(client.exchange(bridge, "GET", "/", [], {}) for client in clients))

    for _ in range(2):
        asyncio.run(ask())
    assert [len(client.sent) for client in clients] == [4] * 5
