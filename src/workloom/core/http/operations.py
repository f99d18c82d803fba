"""What one method of an endpoint promises: read by the parameter check and by the OpenAPI document alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from workloom.core.http.inputs import Input
from workloom.core.http.params import PAGING, SHAPING
from workloom.core.listing import Listing, Projection

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One verb at one address; the description is the method's docstring."""

    summary: str
    body: type[Input] | None = None
    reply: type[msgspec.Struct] | None = None
    status: int = 200
    listing: Listing[Any] | None = None
    filters: Listing[Any] | None = None
    """A list whose filters are taken where no page is answered."""
    is_shaped: bool = False
    expandable: tuple[str, ...] = ()
    on_request: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    multipart: bool = False
    media_type: str = "application/json"

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Name every query parameter that is printed in the documents, but for what all writes take."""
        filtered = self.listing or self.filters
        shaping = SHAPING if self.listing is not None or self.is_shaped else ()
        paging = PAGING if self.listing is not None else ()
        return frozenset((*self.parameters, *(filtered.filter_names if filtered else ()), *shaping, *paging))


def operation(summary: str, **promises: Any) -> Callable[[F], F]:
    """Attach the promises of an endpoint's method: see `Operation` for the names; `shows` names a projection whose rows it answers."""
    shows: Projection[Any] | None = promises.pop("shows", None)
    if shows is not None:
        promises |= {"reply": shows.row, "is_shaped": True}
        promises |= {"expandable": shows.expandable, "on_request": tuple(shows.on_request)}

    def attach(method: F) -> F:
        method.operation = Operation(summary, **promises)  # type: ignore[attr-defined] # functions take attributes
        return method

    return attach
