"""Problem documents (RFC 9457): the one shape of every error answer."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions

from workloom.core.context import current_context
from workloom.core.db import is_collision
from workloom.core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    Missing,
    Refused,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedType,
)
from workloom.core.http.rendering import encode

logger = logging.getLogger("workloom.problems")
CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="workloom"'


_KNOWN: Mapping[tuple[type[Exception], ...], Callable[[], Refused]] = {
    (Http404,): Missing,
    (PermissionDenied,): Forbidden,
    (RequestDataTooBig,): lambda: TooLarge("body_too_large", "The body is larger than is taken here."),
    (MultiPartParserError, TooManyFieldsSent, SuspiciousOperation): lambda: Refused(
        "malformed_body", "The body cannot be read. Send it again in one of the documented forms."
    ),
    (IntegrityError,): lambda: Conflict(
        "conflict", "This clashes with something written at the same time, or with an id that is taken."
    ),
    (OperationalError,): lambda: Unavailable("busy", "Others are writing here right now. Try again in a moment."),
}


_UNREADABLE = {"malformed_json", "malformed_body", "parse_error"}


class MethodNotAllowed(Refused):
    """The address is right, the method is not."""

    status = 405
    title = "Method not allowed"


def problem(refusal: Refused, instance: str) -> HttpResponse:
    """Turn a refusal into its answer."""
    document = {
        "type": f"urn:workloom:problem:{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": instance,
        "code": refusal.code,
        "request_id": current_context().request_id,
        "errors": [{"field": error.field, "code": error.code, "detail": error.detail} for error in refusal.errors],
        **refusal.extra,
    }
    answer = HttpResponse(encode(document), status=refusal.status, content_type=CONTENT_TYPE)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = CHALLENGE
    if "retry_after" in refusal.extra:
        answer["Retry-After"] = str(refusal.extra["retry_after"])
    return answer


def as_refusal(error: Exception) -> Refused | None:
    """Read a framework's or a database's exception as a refusal; None for a real fault."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    if isinstance(error, OperationalError) and not is_collision(error):
        return None
    return next((make() for kinds, make in _KNOWN.items() if isinstance(error, kinds)), None)


def is_about_body(error: Exception) -> bool:
    """Tell whether a request's body could not be read."""
    refusal = as_refusal(error)
    return refusal is not None and (refusal.status == TooLarge.status or refusal.code in _UNREADABLE)


def fault() -> Refused:
    """Return what is said of a fault of ours: never more than its request id."""
    refusal = Refused(
        "internal_error", "Something went wrong on the server. The administrator finds it in the log by request_id."
    )
    refusal.status = 500
    refusal.title = "Internal error"
    return refusal


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer for everything raised behind a door."""
    request = context["request"]
    refusal = as_refusal(error)
    if refusal is None:
        logger.error("A request failed", exc_info=error)
        refusal = fault()
    elif isinstance(error, IntegrityError):
        logger.warning("A constraint refused a write: %s", error)
    return problem(refusal, request.path)


def flattened(detail: Any, path: str = "") -> list[FieldError]:
    """Turn a serializer's nested errors into one flat list with dotted field names."""
    if isinstance(detail, Mapping):
        return [error for name, part in detail.items() for error in flattened(part, _joined(path, str(name)))]
    if isinstance(detail, Sequence) and not isinstance(detail, str):
        return [
            error
            for at, part in enumerate(detail)
            for error in flattened(part, path if isinstance(part, str) else _joined(path, str(at)))
        ]
    return [FieldError(path, getattr(detail, "code", "invalid"), str(detail))]


def _joined(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name


def _from_framework(error: exceptions.APIException) -> Refused:
    if isinstance(error, exceptions.ValidationError):
        return Invalid.many(flattened(error.detail) or [FieldError("", "invalid", "This cannot be taken.")])
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Unauthenticated("not_authenticated", str(error.detail))
    if isinstance(error, exceptions.MethodNotAllowed):
        return MethodNotAllowed("method_not_allowed", f"{error.detail} The header Allow names the methods that are.")
    if isinstance(error, exceptions.UnsupportedMediaType):
        return UnsupportedType(
            "unsupported_media_type",
            "Send application/json, or the form that the documentation names for this address.",
        )
    if isinstance(error, exceptions.PermissionDenied):
        return Forbidden(detail=str(error.detail))
    refusal = Refused(error.default_code, str(error.detail))
    refusal.status = error.status_code
    refusal.title = HTTPStatus(error.status_code).phrase
    return refusal


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for addresses that no route has."""
    return problem(
        Missing("no_such_address", "There is nothing at this address. The documentation at /api/docs/ lists all."),
        request.path,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault outside every door."""
    return problem(fault(), request.path)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for requests that the framework refuses before any door, such as one for a host that is not ours."""
    refusal = Refused(
        "malformed_request", "This request cannot be answered here: its host or its form is not one that is served."
    )
    return problem(refusal, request.path)
