"""Views are found by an address's first part, and are those that trying all patterns would find."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, path
from django.urls.resolvers import RoutePattern

from workloom.config.addresses import FirstParts


def view(request: HttpRequest) -> HttpResponse:
    """Answer nothing."""
    return HttpResponse()


PATTERNS = [
    path("cards/", view, {"found": "cards"}),
    path("cards/<str:card>/", view, {"found": "card"}),
    path("<str:anything>/last/", view, {"found": "last"}),
    path("cards/<str:card>/last/", view, {"found": "never: the pattern before takes it"}),
    path("cards/first/last/", view, {"found": "never"}),
    path("", view, {"found": "nothing behind the prefix"}),
]


@pytest.mark.parametrize(
    "address", ["cards/", "cards/7/", "cards/last/", "boards/last/", "cards/7/last/", "", "x/y/", "cards"]
)
def test_the_order_of_the_patterns_counts(address: str) -> None:
    in_turn = URLResolver(RoutePattern("api/"), PATTERNS)
    by_part = FirstParts("api/", PATTERNS)
    found: list[object] = []
    for resolver in (in_turn, by_part):
        try:
            match = resolver.resolve(f"api/{address}")
        except Resolver404:
            found.append(None)
        else:
            found.append((match.kwargs, match.route))
    assert found[0] == found[1]


def test_what_is_not_below_the_prefix_is_not_found() -> None:
    with pytest.raises(Resolver404):
        FirstParts("api/", PATTERNS).resolve("cards/")


def test_the_api_is_found_that_way() -> None:
    assert isinstance(get_resolver().url_patterns[0], FirstParts)
