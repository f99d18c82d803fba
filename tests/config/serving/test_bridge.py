import asyncio
import threading
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import RequestDataTooBig

from tests.config.serving.asking import Client, Long, echo, scope_of
from workloom.config.serving.bridge import Bridge
from workloom.config.serving.protocol import Environ, Message, StartResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1024 * 1024


def test_a_request_becomes_an_answer() -> None:
    client = Client(echo).ask("POST", "/tasks/", parts=[b"he", b"llo"], content_length="5")
    assert (client.status, client.body) == (201, b"POST hello")
    assert client.headers == {b"content-type": b"text/plain", b"x-path": b"/tasks/"}
    assert [message.get("more_body") for message in client.sent[1:]] == [False]


def test_what_the_application_sees_is_wsgi() -> None:
    seen: Environ = {}

    def look(environ: Environ, start_response: StartResponse) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    Client(look).ask("GET", "/é/", host="tasks.example.org", if_match='"3"', content_type="text/x")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/é/"
    assert seen["QUERY_STRING"] == "q=%C3%A9"
    assert (seen["REMOTE_ADDR"], seen["SERVER_PORT"]) == ("192.0.2.7", "8000")
    assert (seen["HTTP_HOST"], seen["HTTP_IF_MATCH"], seen["CONTENT_TYPE"]) == ("tasks.example.org", '"3"', "text/x")


def test_a_header_cannot_pose_as_another_by_an_underscore() -> None:
    seen: Environ = {}

    def look(environ: Environ, start_response: StartResponse) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    scope = scope_of("GET", "/", {})
    scope["headers"] = [(b"x_forwarded_for", b"10.0.0.1"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]

    async def ask() -> None:
        async def send(_message: Message) -> None:
            return

        await Bridge(look)(scope, send, send)  # type: ignore[arg-type] # nothing is received: there is no body

    asyncio.run(ask())
    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"


def test_a_body_in_chunks_gets_its_length() -> None:
    lengths: list[str] = []

    def look(environ: Environ, start_response: StartResponse) -> list[bytes]:
        lengths.append(environ["CONTENT_LENGTH"])
        return echo(environ, start_response)

    client = Client(look).ask("POST", parts=[b"ab", b"cde"], transfer_encoding="chunked")
    assert (lengths, client.body) == (["5"], b"POST abcde")


@pytest.mark.parametrize(
    ("path", "content_type", "size", "is_read"),
    [
        ("/api/v1/tasks/", "application/json", 2_500_000, True),
        ("/api/v1/tasks/", "application/json", 2_500_001, False),
        ("/api/v1/auth/profile/", "multipart/form-data; boundary=x", 26 * MEGABYTE, True),
        ("/api/v1/auth/profile/", "multipart/form-data; boundary=x", 26 * MEGABYTE + 1, False),
        ("/api/v1/imports/", "multipart/form-data; boundary=x", 201 * MEGABYTE, True),
        ("/api/v1/imports/", "multipart/form-data; boundary=x", 201 * MEGABYTE + 1, False),
        ("/api/v1/imports/", "application/json", 2_500_001, False),
    ],
)
def test_a_body_over_the_limit_is_refused_before_it_is_read(
    path: str, content_type: str, size: int, *, is_read: bool
) -> None:
    outcomes: list[Any] = []

    def read(environ: Environ, start_response: StartResponse) -> list[bytes]:
        try:
            outcomes.append(environ["wsgi.input"].read(1))
        except RequestDataTooBig:
            outcomes.append("refused")
        start_response("200 OK", [])
        return []

    Client(read).ask("POST", path, parts=[b"{"], content_type=content_type, content_length=str(size))
    assert outcomes == [b"{" if is_read else "refused"]


def test_a_chunked_body_is_cut_off_where_the_limit_is() -> None:
    outcomes: list[str] = []

    def read(environ: Environ, start_response: StartResponse) -> list[bytes]:
        try:
            environ["wsgi.input"].read()
        except RequestDataTooBig:
            outcomes.append("refused")
        start_response("413 Content Too Large", [])
        return []

    client = Client(read).ask("POST", parts=[bytes(MEGABYTE)] * 3, transfer_encoding="chunked")
    assert (outcomes, client.status) == (["refused"], 413)


def test_a_length_beside_chunks_counts_for_nothing() -> None:
    """A false one could else have a large body kept in memory, or its rest taken for another request."""
    found: list[tuple[str, bytes, type]] = []

    def read(environ: Environ, start_response: StartResponse) -> list[bytes]:
        body = environ["wsgi.input"]
        found.append((environ["CONTENT_LENGTH"], body.read(), type(body)))
        start_response("200 OK", [])
        return []

    parts = [b"[1,", b"2, 3", b"]"]
    Client(read).ask("POST", parts=parts, content_length="2", transfer_encoding="chunked")
    assert found == [("8", b"[1,2, 3]", SpooledTemporaryFile)]


def test_who_leaves_while_sending_is_forgotten() -> None:
    asked: list[Environ] = []

    def note(environ: Environ, start_response: StartResponse) -> list[bytes]:
        asked.append(environ)
        return []

    client = Client(note)
    scope = scope_of("POST", "/", {"content-length": "10"})
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"abc", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def ask() -> None:
        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            client.sent.append(message)

        await Bridge(note)(scope, receive, send)

    asyncio.run(ask())
    assert (asked, client.sent) == ([], [])


def test_a_long_answer_is_streamed_and_closed() -> None:
    answer = Long(parts=40)

    def long(_environ: Environ, start_response: StartResponse) -> Long:
        start_response("200 OK", [("Content-Type", "text/csv")])
        return answer

    client = Client(long).ask()
    assert (client.status, len(client.body), answer.is_closed) == (200, 4_000_000, True)
    assert len(client.sent) > 10
    assert [message["more_body"] for message in client.sent[1:]] == [True] * (len(client.sent) - 2) + [False]


def test_a_long_answer_ends_when_its_reader_leaves() -> None:
    answer = Long(parts=1000)

    def long(_environ: Environ, start_response: StartResponse) -> Long:
        start_response("200 OK", [])
        return answer

    with pytest.raises(RuntimeError, match="transport is closed"):
        Client(long, fails_after=3).ask()
    assert answer.is_closed
    assert answer.left > 900


def test_a_fault_outside_django_is_answered_and_the_thread_lives(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []

    def sometimes(environ: Environ, start_response: StartResponse) -> list[bytes]:
        calls.append(threading.get_ident())
        if len(calls) == 1:
            raise ZeroDivisionError
        return echo(environ, start_response)

    bridge = Bridge(sometimes, threads=1)
    first, second = Client(sometimes), Client(sometimes)
    asyncio.run(first.exchange(bridge, "GET", "/", [], {}))
    asyncio.run(second.exchange(bridge, "GET", "/", [], {}))
    assert (first.status, second.status) == (500, 201)
    assert len(set(calls)) == 1
    assert "An answer could not be made" in caplog.text


@dataclass
class Holder:
    """Holds whatever it is given, and says so."""

    key: str = "x.handover"
    is_taken: bool = True
    held: list[int] = field(default_factory=list)

    @property
    def websocket(self) -> Any:
        """Nobody asks."""

    def handover(self) -> "Holder":
        """Be one that the door has taken."""
        return self

    async def hold(self, _handover: Any, head: Any, _receive: Any, send: Any) -> None:
        """Note the status, and end."""
        self.held.append(head[0])
        await send({"type": "http.response.start", "status": head[0], "headers": head[1]})


@pytest.mark.parametrize(("status", "is_held"), [("200 OK", True), ("401 Unauthorized", False)])
def test_only_what_was_granted_is_held_open(status: str, *, is_held: bool) -> None:
    def answer(_environ: Environ, start_response: StartResponse) -> list[bytes]:
        start_response(status, [])
        return [b""]

    holder, client = Holder(), Client(answer)
    bridge = Bridge(answer, threads=1, live=holder)
    asyncio.run(client.exchange(bridge, "GET", "/api/v1/events/stream/", [], {}))
    assert client.status == int(status[:3])
    assert holder.held == ([200] if is_held else [])


def test_requests_run_beside_each_other_on_kept_threads() -> None:
    together = threading.Barrier(3, timeout=10)
    seen: set[int] = set()

    def meet(_environ: Environ, start_response: StartResponse) -> list[bytes]:
        seen.add(threading.get_ident())
        together.wait()
        start_response("200 OK", [])
        return []

    bridge = Bridge(meet, threads=3)
    clients = [Client(meet) for _ in range(6)]

    async def ask() -> None:
        await asyncio.gather(*(client.exchange(bridge, "GET", "/", [], {}) for client in clients))

    asyncio.run(ask())
    assert [client.status for client in clients] == [200] * 6
    assert len(seen) == 3


def test_a_socket_is_closed_with_a_code_where_there_is_none() -> None:
    sent: list[Message] = []

    async def ask() -> None:
        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await Bridge(echo)({"type": "websocket", "path": "/ws/tasks/"}, receive, send)

    asyncio.run(ask())
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert sent[1]["code"] == 4404
