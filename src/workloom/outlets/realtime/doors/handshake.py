"""Who opens a socket: told by a subprotocol, a header or a browser's cookie, never by the address."""

from dataclasses import dataclass
from http.cookies import CookieError
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, parse_cookie

from workloom.core.addresses import network_of
from workloom.core.errors import Unauthenticated
from workloom.core.http.limits import client_address, rate, refusal
from workloom.core.limits import hit
from workloom.outlets.realtime.doors.asgi import Scope
from workloom.outlets.realtime.rules import Seat
from workloom.people.accounts.authentication import actor_of_credential, credential_in
from workloom.people.accounts.browser import actor_of_cookie
from workloom.people.accounts.rules.tokens import PERSONAL_PREFIX, digest

SUBPROTOCOL: Final = "bearer"
PATH: Final = "/ws/tasks"
_TELLING: Final = ("token", "jwt", "bearer", "authorization", "password", "secret")


class OtherOrigin(Exception):
    """A page of another origin came with the cookie."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What came with the request for a socket."""

    request: HttpRequest
    credential: str | None
    cookie: str | None
    is_offered: bool
    """Whether the client speaks of a token as its subprotocol."""
    tells_in_address: bool

    @property
    def address(self) -> str:
        return network_of(client_address(self.request))


def read_handshake(scope: Scope) -> Handshake:
    """Read the request; the header names of HTTP/2 and of HTTP/1 come in lower case alike."""
    request = _request_of(scope)
    offered = [str(one) for one in scope.get("subprotocols", ())]
    is_offered = offered[:1] == [SUBPROTOCOL]
    credential = offered[1] if is_offered and len(offered) > 1 else None
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if credential is None and header:
        credential = credential_in(header)
    names = {name.lower() for name, _ in parse_qsl(scope.get("query_string", b"").decode("latin-1"))}
    tells = any(word in name for name in names for word in _TELLING)
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return Handshake(request, credential, cookie, is_offered, tells)


def _request_of(scope: Scope) -> HttpRequest:
    request = HttpRequest()
    for name, value in scope["headers"]:
        if b"_" not in name:
            request.META["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    request.META |= {"REMOTE_ADDR": client[0], "SERVER_NAME": server[0], "SERVER_PORT": str(server[1] or 80)}
    try:
        request.COOKIES = parse_cookie(request.META.get("HTTP_COOKIE", ""))
    except CookieError:
        request.COOKIES = {}
    return request


def is_own_origin(request: HttpRequest) -> bool:
    """Tell whether a page of this server, or of CORS_ORIGINS, asks; programs that name no origin have tokens."""
    origin = request.META.get("HTTP_ORIGIN", "")
    if origin in settings.CORS_ORIGINS:
        return True
    try:
        named, host = urlsplit(origin), urlsplit(f"//{request.get_host()}")
        ports = (named.port or {"http": 80, "https": 443}.get(named.scheme), host.port)
    except (DisallowedHost, ValueError):
        return False
    same_port = ports[0] == ports[1] or (ports[1] is None and ports[0] in {80, 443})
    return named.scheme in {"http", "https"} and named.hostname == host.hostname and same_port


def sign_in(handshake: Handshake, credential: str) -> Seat:
    """Find whose token it is; raises Unauthenticated, or TooMany for who guesses."""
    try:
        return seat_of_credential(credential)
    except Unauthenticated:
        limit, window = rate(settings.THROTTLE_ANON_RATE)
        verdict = hit(f"anon:{handshake.address}", limit=limit, window_s=window)
        if not verdict.allowed:
            raise refusal(verdict) from None
        raise


def seat_of_credential(credential: str) -> Seat:
    """Find whose token it is; raises Unauthenticated."""
    if not credential.isascii():
        raise Unauthenticated("invalid_token", "The token is not valid or has expired. Sign in again.")
    actor = actor_of_credential(credential)
    return Seat(actor, digest(credential) if credential.startswith(PERSONAL_PREFIX) else None)


def sign_in_by_cookie(handshake: Handshake) -> Seat | None:
    """Find whose browser it is, None for a cookie that leads nowhere; raises OtherOrigin."""
    actor = actor_of_cookie(handshake.cookie or "")
    if actor is None:
        return None
    if not is_own_origin(handshake.request):
        raise OtherOrigin
    return Seat(actor)


def check_pace(seat: Seat) -> None:
    """Count a connection like any request of its person; raises TooMany."""
    limit, window = rate(settings.THROTTLE_USER_RATE)
    verdict = hit(f"user:{seat.actor.person}", limit=limit, window_s=window)
    if not verdict.allowed:
        raise refusal(verdict)
