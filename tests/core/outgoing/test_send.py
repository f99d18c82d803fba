import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

import workloom
from tests.core.outgoing.receivers import Receiver, answer, opened, receiver
from workloom.core.errors import Invalid
from workloom.core.outgoing import Outgoing, Unreachable, configured

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Twice: a\r\nX-Twice: b\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
def friendly() -> Iterator[Receiver]:
    with receiver(answer(OK)) as found:
        yield found


def test_a_request_arrives_as_it_was_given_and_its_answer_comes_back(friendly: Receiver) -> None:
    headers = {"Content-Type": "application/json", "webhook-id": "msg_1"}
    reply = opened().send("POST", friendly.url("/hook?x=%20"), headers=headers, content=b'{"a": 1}')
    assert (reply.status, reply.body_start, reply.is_cut) == (200, b"hello", False)
    assert reply.header("content-type") == "text/plain"
    assert [value for name, value in reply.headers if name == "X-Twice"] == ["a", "b"]
    assert reply.header("absent") == ""
    assert 0 <= reply.duration_ms < 1000
    head, _, body = friendly.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"a": 1}'
    assert head.decode().split("\r\n") == [
        "POST /hook?x=%20 HTTP/1.1",
        f"Host: 127.0.0.1:{friendly.port}",
        f"User-Agent: Workloom/{workloom.__version__}",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
        "Content-Type: application/json",
        "webhook-id: msg_1",
        "Content-Length: 8",
    ]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(friendly: Receiver, status: int) -> None:
    location = friendly.url("/secret")
    line = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with receiver(answer(line)) as mover:
        reply = opened().send("POST", mover.url(), headers={}, content=b"x")
        assert (reply.status, reply.header("location")) == (status, location)
        assert len(mover.requests) == 1
    assert friendly.requests == []


def test_the_proxies_of_the_environment_do_not_count(friendly: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert opened().send("GET", friendly.url(), headers={}).status == 200


def test_a_cookie_is_not_kept() -> None:
    with receiver(answer(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) as found:
        client = opened()
        for _ in range(2):
            client.send("GET", found.url(), headers={})
        assert not any(b"cookie" in request.lower() for request in found.requests)


def test_nothing_is_sent_to_loopback_unless_it_was_opened(friendly: Receiver) -> None:
    for client in (Outgoing(), configured()):
        with pytest.raises(Invalid) as refusal:
            client.send("POST", friendly.url(), headers={})
        assert refusal.value.errors[0].code == "url_closed"
    assert friendly.callers == []


def test_the_operator_opens_networks_by_a_setting(friendly: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = opened().allowed
    assert configured().send("GET", friendly.url(), headers={}).status == 200


def test_what_refuses_the_connection_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable) as failure:
        opened().send("GET", f"http://127.0.0.1:{port}/", headers={})
    assert failure.value.code == "no_connection"
    assert failure.value.detail == f"127.0.0.1 took no connection on port {port}: Connection refused."


def test_an_opened_ipv6_address_is_tried_and_told_apart_from_a_closed_one() -> None:
    with pytest.raises(Unreachable) as failure:
        Outgoing(allowed=[ip_network("::1/128")]).send("GET", "http://[::1]:1024/", headers={})
    assert failure.value.code == "no_connection"
    assert failure.value.detail.startswith("::1 took no connection on port 1024: ")


@pytest.mark.parametrize("said", [b"", b"220 mail.example.org ESMTP\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_speaks_no_http_is_unreachable(said: bytes) -> None:
    with receiver(answer(said)) as found, pytest.raises(Unreachable) as failure:
        opened().send("GET", found.url(), headers={})
    assert failure.value.code == "no_http"


def test_an_answer_given_before_the_request_was_read_counts() -> None:
    early = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with receiver(answer(early), reads=False) as found:
        outcome: object
        try:
            outcome = opened().send("POST", found.url(), headers={}, content=b"x" * 5_000_000).status
        except Unreachable as failure:
            outcome = failure.code
    # The system may throw the answer away together with what was not read.
    assert outcome in {413, "broken"}


@pytest.mark.parametrize("name", ["X-Evil", "X-Evil\r\nX-More"])
def test_a_header_cannot_bring_another_one(friendly: Receiver, name: str) -> None:
    with pytest.raises(Exception, match=r"(?i)header"):
        opened().send("GET", friendly.url(), headers={name: "a\r\nX-More: b"})
    assert not any(b"X-More" in request for request in friendly.requests)
