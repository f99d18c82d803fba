"""Names that lead elsewhere than they did: looked up once, all addresses judged, connected to one that was judged."""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from typing import Any

import httpx2
import pytest

from tests.core.outgoing.receivers import Receiver, answer, opened, receiver
from workloom.core.errors import Invalid
from workloom.core.outgoing import Outgoing, Target, Unreachable
from workloom.core.outgoing.failures import Deadline
from workloom.core.outgoing.wire import PinnedTransport, Way, system_trust

PUBLIC = "93.184.216.34"


class Names:
    """A DNS that gives its answers one after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def inside() -> Iterator[Receiver]:
    with receiver(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as found:
        yield found


def test_the_connection_goes_to_the_address_that_was_judged(inside: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_second_look(*args: Any, **kwargs: Any) -> None:
        pytest.fail("looked up again")

    monkeypatch.setattr(socket, "getaddrinfo", no_second_look)
    names = Names(["127.0.0.1"], [PUBLIC])
    reply = opened(resolve=names).send("GET", inside.url(host="hooks.example.org"), headers={})
    assert reply.status == 200
    assert names.asked == [("hooks.example.org", inside.port)]
    assert f"Host: hooks.example.org:{inside.port}".encode() in inside.requests[0]


def test_a_name_that_was_good_when_saved_is_judged_again_when_sent(inside: Receiver) -> None:
    names = Names([PUBLIC], ["127.0.0.1"])
    client = Outgoing(resolve=names)
    client.look_up(inside.url(host="hooks.example.org"))
    with pytest.raises(Invalid) as refusal:
        client.send("POST", inside.url(host="hooks.example.org"), headers={})
    assert refusal.value.errors[0].code == "url_closed"
    assert inside.callers == []


@pytest.mark.parametrize(
    "closed",
    [
        *("127.0.0.1", "10.0.0.7", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fe80::1%eth0"),
        *("fd00::1", "::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::", "2001:0:a00:7::", "93.184.216.34%1"),
    ],
)
def test_one_closed_address_closes_the_name(closed: str) -> None:
    for answers in ([closed], [PUBLIC, closed], ["2606:4700::1111", closed, PUBLIC]):
        for judge in ("look_up", "send"):
            client = Outgoing(resolve=Names(answers))
            with pytest.raises(Invalid) as refusal:
                client.look_up("https://evil.example.org/", field="target") if judge == "look_up" else client.send(
                    "POST", "https://evil.example.org/", headers={}
                )
            assert refusal.value.errors[0].code == "url_closed"
            assert closed not in refusal.value.detail


def test_a_name_without_an_address_is_unreachable() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for resolve in (unknown, Names([])):
        with pytest.raises(Unreachable) as failure:
            Outgoing(resolve=resolve).send("GET", "https://nowhere.example.org/", headers={})
        assert failure.value.code == "unknown_name"
        assert failure.value.detail == "The name nowhere.example.org leads to no address."


def test_an_address_that_does_not_answer_leaves_the_next_one(inside: Receiver) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])
    assert opened(resolve=names).send("GET", inside.url(host="hooks.example.org"), headers={}).status == 200


def test_an_address_that_is_written_needs_no_name_service(inside: Receiver) -> None:
    names = Names([PUBLIC])
    assert opened(resolve=names).send("GET", inside.url(), headers={}).status == 200
    assert names.asked == []


def test_the_wire_takes_no_request_for_another_host(inside: Receiver) -> None:
    target = Target(inside.url(), "127.0.0.1", inside.port)
    way = Way(target, [IPv4Address("127.0.0.1")], Deadline(1), 1, system_trust())
    for url in (f"http://localhost:{inside.port}/", "http://127.0.0.1:1/", f"http://127.0.0.2:{inside.port}/"):
        with PinnedTransport(way) as transport, pytest.raises(Unreachable) as failure:
            transport.handle_request(httpx2.Request("GET", url))
        assert failure.value.code == "wrong_host"
    assert inside.callers == []
