"""Before and after every request: its id, its address in canonical form, one log line, safe headers."""

import functools
import logging
import re
import time
from collections.abc import Callable
from typing import Any, Final

import corsheaders.middleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from workloom.core.context import Context, using_context
from workloom.core.errors import Refused
from workloom.core.http.limits import client_address
from workloom.core.http.problems import problem
from workloom.core.ids import uuid7

Next = Callable[[HttpRequest], HttpResponse]
access_log = logging.getLogger("workloom.access")
_SAFE_ID = re.compile(r"[A-Za-z0-9._~:/+=@-]{1,128}")
_VERSIONED = re.compile(r"/api/v[0-9]+(/|$)")


class RequestContextMiddleware:
    """Gives each request an id that its answer, its log lines and its events carry."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write one line about it."""
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if _SAFE_ID.fullmatch(sent) else str(uuid7())
        started = time.perf_counter()
        agent = request.META.get("HTTP_USER_AGENT", "")[:300].replace("\x00", "")
        with using_context(Context(request_id, "api", client_address(request), agent)):
            answer = self.get_response(request)
            answer["X-Request-ID"] = request_id
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            _note(
                {
                    "method": request.method,
                    "path": request.path,
                    "status": answer.status_code,
                    "ms": milliseconds,
                    "request_id": request_id,
                }
            )
        return answer


def _note(said: dict[str, Any]) -> None:
    """Write the line of a request; where in the code that happens, for which the library would search the stack, is always here."""
    if access_log.isEnabledFor(logging.INFO):
        record = access_log.makeRecord(access_log.name, logging.INFO, __file__, 0, "request", (), None, extra=said)
        access_log.handle(record)


class ApiPathMiddleware:
    """Reads /api/X as /api/v1/X and adds a missing slash, before routing: nothing is redirected, no body is lost."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rewrite the path and go on."""
        path = request.path_info
        if path == "/api" or path.startswith("/api/"):
            if not path.endswith("/"):
                path += "/"
            if not _VERSIONED.match(path):
                path = f"/api/v1/{path.removeprefix('/api/')}"
            request.path_info = path
            request.path = path
        if "\x00" in path:
            return problem(Refused("malformed_address", "The address holds the character NUL."), "/")
        return self.get_response(request)


_SAFE: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}


@functools.cache
def _safe_headers(policy: str, *, is_api: bool) -> dict[str, tuple[str, str]]:
    """Return them as an answer keeps its headers: by their names in lower case."""
    headers = {**_SAFE, "Content-Security-Policy": policy}
    if is_api:
        headers["Cache-Control"] = "private, no-cache"
    return {name.lower(): (name, value) for name, value in headers.items()}


class SafeHeadersMiddleware:
    """Adds what keeps browsers from loading, framing or guessing anything that we did not mean."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers that the answer does not set itself."""
        answer = self.get_response(request)
        safe = _safe_headers(settings.CONTENT_SECURITY_POLICY, is_api=request.path.startswith("/api/"))
        answer.headers._store = safe | answer.headers._store  # noqa: SLF001 - to check their spelling anew costs as much as all else here
        return answer


class CorsMiddleware(corsheaders.middleware.CorsMiddleware):
    """Lets the library look only at requests that name an origin; an answer to others depends on it all the same."""

    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add what the origin may see."""
        if "HTTP_ORIGIN" in request.META:
            return super().add_response_headers(request, response)
        if request._cors_enabled:  # type: ignore[attr-defined] # noqa: SLF001 - where the library keeps it
            patch_vary_headers(response, ("origin",))
        return response
