"""Receivers that take their time or never stop: nothing goes on after the deadline or past the size that is read."""

import gzip
import threading
import time

import pytest

from tests.core.outgoing.receivers import Behave, Caller, answer, hang, opened, receiver
from workloom.core.outgoing import TimedOut, TooMuch

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
LIMIT_S = 0.3


def drip_the_head(caller: Caller) -> None:
    caller.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    caller.drip(b"x")


def drip_the_body(caller: Caller) -> None:
    caller.send(HEAD)
    caller.drip(b"x")


def drip_interim_answers(caller: Caller) -> None:
    caller.drip(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("behave", [hang, drip_the_head, drip_the_body, drip_interim_answers])
def test_one_deadline_counts_for_everything(behave: Behave) -> None:
    with receiver(behave) as found:
        began = time.perf_counter()
        with pytest.raises(TimedOut) as failure:
            opened().send("POST", found.url(), headers={}, content=b"x", timeout_s=LIMIT_S)
        assert LIMIT_S * 0.9 <= time.perf_counter() - began < LIMIT_S + 0.4
    assert (failure.value.code, failure.value.detail) == ("timed_out", "There was no whole answer within 0.3 s.")


def read_slowly(caller: Caller) -> None:
    while not caller.stop.wait(0.02):
        caller.connection.recv(1)


@pytest.mark.parametrize("behave", [hang, read_slowly])
def test_the_deadline_counts_while_sending_too(behave: Behave) -> None:
    with receiver(behave, reads=False) as found:
        began = time.perf_counter()
        with pytest.raises(TimedOut):
            opened().send("POST", found.url(), headers={}, content=b"x" * 20_000_000, timeout_s=LIMIT_S)
        assert time.perf_counter() - began < LIMIT_S + 0.4


def test_a_tls_handshake_that_never_ends_is_cut_off() -> None:
    with receiver(hang) as found, pytest.raises(TimedOut):
        opened().send("GET", found.url(scheme="https"), headers={}, timeout_s=LIMIT_S)


def test_a_resolver_that_never_answers_is_not_waited_for() -> None:
    stop = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        stop.wait(5)
        return ["127.0.0.1"]

    client = opened(resolve=resolve)
    try:
        with pytest.raises(TimedOut):
            client.send("GET", "http://hooks.example.org/", headers={}, timeout_s=0.1)
        with pytest.raises(TimedOut):
            client.look_up("http://hooks.example.org/", timeout_s=0.1)
    finally:
        stop.set()


def test_of_a_huge_body_only_the_beginning_is_read() -> None:
    def flood(caller: Caller) -> None:
        caller.send(HEAD)
        while not caller.stop.is_set() and caller.sent < 100_000_000 and caller.send(b"x" * 65536):
            pass

    with receiver(flood) as found:
        reply = opened(body_bytes=1000).send("GET", found.url(), headers={})
    assert (reply.status, reply.body_start, reply.is_cut) == (200, b"x" * 1000, True)
    # What the two socket buffers held, far from the gigabyte that was announced.
    assert found.callers[0].sent < 20_000_000


def test_a_body_of_exactly_the_size_is_whole() -> None:
    with receiver(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000)) as found:
        reply = opened(body_bytes=1000).send("GET", found.url(), headers={})
    assert (len(reply.body_start), reply.is_cut) == (1000, False)


def test_a_packed_body_is_not_unpacked() -> None:
    packed = gzip.compress(b"\x00" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    with receiver(answer(head + packed)) as found:
        reply = opened(body_bytes=100).send("GET", found.url(), headers={})
    assert reply.body_start == packed[:100]


def test_a_body_in_chunks_of_one_byte_is_read_to_the_limit() -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 50_000
    with receiver(answer(chunks)) as found:
        reply = opened(body_bytes=2000).send("GET", found.url(), headers={})
    assert (reply.body_start, reply.is_cut) == (b"x" * 2000, True)


def endless_header(caller: Caller) -> None:
    caller.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not caller.stop.is_set() and caller.send(b"x" * 10_000):
        pass


def endless_headers(caller: Caller) -> None:
    caller.send(b"HTTP/1.1 200 OK\r\n")
    while not caller.stop.is_set() and caller.send(b"X-Many: x\r\n" * 1000):
        pass


def endless_interim_answers(caller: Caller) -> None:
    while not caller.stop.is_set() and caller.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000):
        pass


def endless_trailers(caller: Caller) -> None:
    caller.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
    while not caller.stop.is_set() and caller.send(b"X-Many: x\r\n" * 1000):
        pass


@pytest.mark.parametrize("behave", [endless_header, endless_headers, endless_interim_answers, endless_trailers])
def test_an_answer_that_is_all_wrapping_is_too_much(behave: Behave) -> None:
    with receiver(behave) as found:
        with pytest.raises(TooMuch) as failure:
            opened(body_bytes=1000).send("GET", found.url(), headers={})
        assert failure.value.code == "too_much"
