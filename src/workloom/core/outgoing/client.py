import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

import workloom
from workloom.core.outgoing.failures import Deadline
from workloom.core.outgoing.networks import Network
from workloom.core.outgoing.resolving import Resolve, addresses_of, system_resolve
from workloom.core.outgoing.urls import Target, check_url
from workloom.core.outgoing.wire import Call, Way, exchange, system_trust

TIMEOUT_S: Final = 10.0
_OURS: Final = {
    "User-Agent": f"Workloom/{workloom.__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; `body_start` is as it came, never unpacked, and `is_cut` when there was more."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body_start: bytes
    is_cut: bool
    duration_ms: int

    def header(self, name: str) -> str:
        """Return the first header of a name in any case, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What may be reached, and how much time and answer one request gets."""

    allowed: Sequence[Network] = ()
    https_only: bool = False
    resolve: Resolve = system_resolve
    trust: ssl.SSLContext | None = None
    connect_s: float = 5.0
    body_bytes: int = 16_384

    def check(self, url: str, *, field: str = "url") -> Target:
        """Judge an address by how it is written; raises Invalid."""
        return check_url(url, allowed=self.allowed, https_only=self.https_only, field=field)

    def look_up(self, url: str, *, field: str = "url", timeout_s: float = 2.0) -> None:
        """Judge an address and where its name leads now; raises Invalid, or Unreachable and TimedOut of the name.

        It waits for the DNS, so it stands before a transaction and not in one.
        """
        target = self.check(url, field=field)
        addresses_of(target, resolve=self.resolve, allowed=self.allowed, deadline=Deadline(timeout_s), field=field)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes = b"",
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """Send one request, judged anew; raises Invalid where that is not allowed, otherwise a kind of Failed."""
        started, deadline = time.monotonic(), Deadline(timeout_s)
        target = self.check(url)
        addresses = addresses_of(target, resolve=self.resolve, allowed=self.allowed, deadline=deadline)
        way = Way(target, addresses, deadline, self.connect_s, self.trust or system_trust())
        call = Call(method, {**_OURS, **headers}, content)
        reply = exchange(call, way, body_bytes=self.body_bytes)
        duration_ms = round((time.monotonic() - started) * 1000)
        return Answer(reply.status, reply.headers, reply.body_start, reply.is_cut, duration_ms)


def configured() -> Outgoing:
    """Return the client with the networks that the operator opened."""
    return Outgoing(allowed=settings.WEBHOOK_ALLOW, https_only=settings.WEBHOOK_HTTPS_ONLY)
