"""Every operation of the API, as the URL configuration has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import Operation

PREFIX = "api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address; `path` is without the prefix, its parameters in braces."""

    path: str
    view: type[Endpoint]

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def methods(self) -> list[str]:
        return [method for method in METHODS if hasattr(self.view, method.lower())]

    def operation(self, method: str) -> Operation:
        promised: Operation = getattr(self.view, method.lower()).operation
        return promised


def _patterns(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, path)
        else:
            yield path, pattern


def _view(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)


@cache
def routes() -> dict[str, Route]:
    """Every address behind which stands an Endpoint, by path."""
    found = {}
    for address, pattern in _patterns(get_resolver()):
        view = _view(pattern)
        if isinstance(view, type) and issubclass(view, Endpoint):
            path = _PARAMETER.sub(r"{\1}", address.removeprefix(PREFIX))
            found[path] = Route(path, view)
    return found


@cache
def other_addresses() -> list[str]:
    """Every address outside the admin site that something else answers."""
    found = []
    for address, pattern in _patterns(get_resolver()):
        view = _view(pattern)
        is_ours = isinstance(view, type) and issubclass(view, Endpoint)
        if not is_ours and not address.startswith("admin/"):
            found.append(address)
    return found


def operations() -> list[tuple[Route, str]]:
    """Every method of every address."""
    return [(route, method) for route in routes().values() for method in route.methods]
