"""The only module that knows httpx2: one request over one connection, to addresses that were judged before.

httpx2's client follows redirects, keeps cookies, unpacks bodies, reads proxies from the environment and logs addresses,
which may hold secrets. So its requests, responses and transport interface are used and its client is not; the transport
drives httpcore2's public pool with a network backend of ours, without any private attribute of either.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpcore2
import httpx2

from workloom.core.outgoing.failures import Deadline, Failed, TimedOut, TooMuch, Unreachable
from workloom.core.outgoing.networks import Address
from workloom.core.outgoing.urls import Target

_MOST_ADDRESSES: Final = 4
_HEAD_BYTES: Final = 65_536
_READ_BYTES: Final = 16_384
# A body in chunks of one byte costs six bytes on the wire for each.
_WIRE_BYTES_PER_BODY_BYTE: Final = 8


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Way:
    """Where to, by which addresses, until when, and whose certificates are believed."""

    target: Target
    addresses: Sequence[Address]
    deadline: Deadline
    connect_s: float
    trust: ssl.SSLContext


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body_start: bytes
    is_cut: bool


@cache
def system_trust() -> ssl.SSLContext:
    """Trust whom the operating system trusts, by TLS 1.2 at least; SSL_CERT_FILE names others."""
    trust = httpcore2.default_ssl_context()
    trust.minimum_version = max(trust.minimum_version, ssl.TLSVersion.TLSv1_2)  # some systems leave it open
    return trust


def exchange(call: Call, way: Way, *, body_bytes: int) -> Reply:
    """Send one request and read the beginning of its answer."""
    request = httpx2.Request(call.method, way.target.url, headers=call.headers, content=call.content)
    try:
        with PinnedTransport(way) as transport, closing(transport.handle_request(request)) as response:
            transport.line.allow(_WIRE_BYTES_PER_BODY_BYTE * body_bytes + _READ_BYTES)
            body = _beginning(response, body_bytes + 1)
    except httpcore2.RemoteProtocolError as error:
        raise Unreachable("no_http", f"{way.target.host} does not answer in HTTP: {error}") from error
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    return Reply(response.status_code, headers, body[:body_bytes], is_cut=len(body) > body_bytes)


def _beginning(response: httpx2.Response, count: int) -> bytes:
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) >= count:
            break
    return bytes(body)


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__


class PinnedTransport(httpx2.BaseTransport):
    """Carries a request over a connection to an address that was judged, and fails if asked for any other host."""

    def __init__(self, way: Way) -> None:
        self.line = Line(way)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=way.trust, network_backend=self.line, max_connections=1, max_keepalive_connections=0
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                request.method,
                httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx2.Response(answer.status, headers=answer.headers, stream=Body(answer))

    def close(self) -> None:
        self._pool.close()


class Body(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Line(httpcore2.NetworkBackend):
    """Connects to the judged addresses in their order, whatever name the request has, and counts what comes in."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self._allowance = _HEAD_BYTES

    def allow(self, count: int) -> None:
        self._allowance = count

    def take(self, count: int) -> None:
        self._allowance -= count
        if self._allowance < 0:
            raise TooMuch("too_much", "The answer brings more around its body than is read here.")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        if (host, port) != (self.way.target.host, self.way.target.port):
            raise Unreachable("wrong_host", f"{host}:{port} is not the host that was judged.")
        failure: Failed = Unreachable("no_connection", f"{host} has no address.")
        for address in self.way.addresses[:_MOST_ADDRESSES]:
            try:
                return Stream(self._connected(address, port), self)
            except TimeoutError:
                failure = TimedOut("no_connection", f"{host} took no connection on port {port} in time.")
            except OSError as error:
                failure = Unreachable("no_connection", f"{host} took no connection on port {port}: {_words(error)}.")
        raise failure

    def _connected(self, address: Address, port: int) -> socket.socket:
        connection = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(self.way.connect_s, self.way.deadline.left()))
            connection.connect((str(address), port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return connection


class Stream(httpcore2.NetworkStream):
    """A connection whose every step ends at the one deadline; httpcore2's own would begin a new time limit at each."""

    def __init__(self, connection: socket.socket, line: Line) -> None:
        self._connection = connection
        self._line = line
        self._host = line.way.target.host
        self._deadline = line.way.deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(self._deadline.left())
        try:
            data = self._connection.recv(min(max_bytes, _READ_BYTES))
        except TimeoutError:
            raise self._deadline.missed() from None
        except OSError as error:
            raise Unreachable("broken", f"{self._host} broke the connection off: {_words(error)}.") from error
        self._line.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self._connection.settimeout(self._deadline.left())
            try:
                rest = rest[self._connection.send(rest) :]
            except TimeoutError:
                raise self._deadline.missed() from None
            except OSError as error:
                # The pool then reads: a receiver may have answered and closed before it had read everything.
                raise httpcore2.WriteError(str(error)) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            self._connection.settimeout(self._deadline.left())
            return Stream(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname), self._line)
        except TimeoutError:
            raise self._deadline.missed() from None
        except ssl.SSLCertVerificationError as error:
            detail = f"The certificate of {self._host} is not valid: {error.verify_message}."
            raise Unreachable("certificate", detail) from error
        except OSError as error:
            raise Unreachable("no_tls", f"{self._host} does not speak TLS on this port: {_words(error)}.") from error
        finally:
            # Wrapped, the connection has left this object; failed, nobody needs it.
            self._connection.close()

    def close(self) -> None:
        self._connection.close()
