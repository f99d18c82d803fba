"""Who asked how often: limits by address and by account, told in RateLimit headers."""

import functools
import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from workloom.core.actor import Actor
from workloom.core.addresses import network_of
from workloom.core.errors import TooMany
from workloom.core.limits import Verdict, hit

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@functools.cache
def rate(text: str) -> tuple[int, int]:
    """Read a rate such as 1000/hour as requests and seconds."""
    number, unit = text.split("/")
    return int(number), _UNITS[unit]


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


def count(request: HttpRequest, actor: Actor) -> Verdict:
    """Count a request for its person, or for the address of a visitor."""
    if actor.id is None:
        limit, window = rate(settings.THROTTLE_ANON_RATE)
        verdict = hit(f"anon:{network_of(client_address(request))}", limit=limit, window_s=window)
    else:
        limit, window = rate(settings.THROTTLE_USER_RATE)
        verdict = hit(f"user:{actor.id}", limit=limit, window_s=window)
    return verdict


def refusal(verdict: Verdict) -> TooMany:
    """Return the refusal of a request over the limit."""
    return TooMany(max(1, verdict.reset_s))


def stamp(answer: HttpResponse, verdict: Verdict) -> None:
    """Say on an answer what the limit is and what is left of it (IETF draft httpapi-ratelimit-headers, structured fields)."""
    answer["RateLimit-Policy"] = f'"default";q={verdict.limit};w={verdict.window_s}'
    answer["RateLimit"] = f'"default";r={verdict.remaining};t={verdict.reset_s}'


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
