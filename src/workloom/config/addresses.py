"""Finding the view of an address by its first part, in place of trying the patterns of all rooms in turn."""

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

_ANY = ""
"""The key of patterns whose first part is no plain text."""


class FirstParts(URLResolver):
    """Patterns below one prefix, of which only those are tried that begin as the address does; their order counts as ever."""

    def __init__(self, prefix: str, patterns: Sequence[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern(prefix), list(patterns))
        self._prefix = prefix
        self._by_part: dict[str, URLResolver] = {}
        parts = {_first_part(str(pattern.pattern)) for pattern in patterns}
        for part in parts | {_ANY}:
            fitting = [one for one in patterns if _first_part(str(one.pattern)) in (part, _ANY)]
            self._by_part[part] = URLResolver(RoutePattern(prefix), fitting)

    def resolve(self, path: str) -> Any:
        """Find the view; raises Resolver404."""
        part = str(path).removeprefix(self._prefix).partition("/")[0]
        return (self._by_part.get(part) or self._by_part[_ANY]).resolve(path)


def _first_part(route: str) -> str:
    part, slash, _ = route.partition("/")
    return part if slash and "<" not in part else _ANY
