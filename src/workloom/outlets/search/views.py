"""The door to search."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.errors import Invalid
from workloom.core.filters import BadValue
from workloom.core.http import params
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.http.rendering import json_answer
from workloom.outlets.search.queries import SEARCH, Asked, read_archived, read_hits, read_query
from workloom.outlets.search.rows import HitRow
from workloom.outlets.search.rules import read_place

T = TypeVar("T")
_PARAMETERS = {
    "q": "What to look for: words, their beginnings or parts, in any order; quotes keep words together.",
    "is_archived": "Archived tasks are looked through only when asked for: true, false or any.",
}


class Search(Endpoint):
    """Tasks and comments by words."""

    asks_along = True

    @operation("Search tasks and comments", listing=SEARCH, reply=HitRow, parameters=_PARAMETERS)
    def get(self, request: Request) -> HttpResponse:
        """What has all the words, the most relevant first, open before closed; only what you may see."""
        shape = self.shape(SEARCH.projection)
        return json_answer(self._envelope(read_hits(self._asked()), shape))

    def _asked(self) -> Asked:
        sent = self.request.query_params.copy()
        cursor = params.text_of(sent, "cursor")
        sent.pop("cursor", None)
        page = params.page_of(sent, SEARCH)
        if page.ordering != SEARCH.default:
            raise Invalid("ordering", "invalid_value", f"What is found comes by {SEARCH.default} only.")
        if cursor and page.number is not None:
            raise Invalid("page", "contradiction", "Send page or cursor, not both.")
        return Asked(
            self.actor,
            query=self._read("q", read_query),
            page=page,
            place=read_place(cursor) if cursor else None,
            archived=self._read("is_archived", read_archived),
            where=params.conditions_of(self.request.query_params, SEARCH, self.actor),
        )

    def _read(self, name: str, read: Callable[[str | None], T]) -> T:
        try:
            return read(params.text_of(self.request.query_params, name))
        except BadValue as error:
            raise Invalid(name, "invalid_value", str(error)) from error
