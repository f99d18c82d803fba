"""Finding entries, the best first. Callers add who may see what to the same query."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from workloom.core.conditions import later
from workloom.core.models import SearchRow
from workloom.core.search.engines import Clause, Ends, Holds, Is, conditions
from workloom.core.search.terms import Term, terms_of

_OWN_CODE = 1000
_WHOLE_QUERY_IN_TITLE = 30
_TITLE = (60, 50, 40)
_BODY = (3, 2, 1)
_Scale = tuple[tuple[tuple[Clause, int], ...], int]
"""What an entry counts by the first clause that it fulfils, and what when it fulfils none."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a query looks for, as data: `values` go into SQL that `shape` decides."""

    needed: tuple[Clause, ...]
    scales: tuple[_Scale, ...]

    @property
    def values(self) -> list[str]:
        """The texts, in the order in which `matching_as` takes them."""
        return [clause.value for clause in (*self.needed, *(clause for scale, _ in self.scales for clause, _ in scale))]

    @property
    def shape(self) -> Hashable:
        """Everything else."""
        scales = tuple(
            (tuple((_kind(clause), weight) for clause, weight in scale), rest) for scale, rest in self.scales
        )
        return (tuple(map(_kind, self.needed)), scales)


def look_for(query: str) -> Look:
    """Return what a query looks for: entries that have all of its terms."""
    terms = terms_of(query)
    scales = [_scale(term) for term in terms]
    if len(terms) > 1:
        whole = Clause(Holds, "title", " ".join(term.text for term in terms))
        scales.append((((whole, _WHOLE_QUERY_IN_TITLE),), 0))
    return Look(tuple(conditions(terms)) if terms else (), tuple(scales))


def matching(query: str) -> QuerySet[SearchRow]:
    """Return the entries that have all terms of a query, ordered: relevance, open, latest change.

    A query without a letter, digit or symbol finds nothing. Filter by `scope`, `subject` or `kind` before slicing.
    """
    look = look_for(query)
    return matching_as(look.shape, look.values)


def matching_as(shape: Any, values: list[str]) -> QuerySet[SearchRow]:
    """Return `matching` by shape and values of a `Look`, for SQL that is made once."""
    needed, scales = shape
    left = iter(values)
    found = _holding(needed, left).annotate(relevance=_relevance(scales, left))
    return found.order_by("-relevance", "-is_open", "-updated_at", "-pk")


def search_condition(query: str, column: str = "pk", kind: str = "task") -> Q:
    """Return the filter of a list by words: objects whose own entry of this kind has all terms of the query."""
    look = look_for(query)
    values = [clause.value for clause in look.needed]
    return later(_objects, *values, shape=(tuple(map(_kind, look.needed)), column, kind))


def _objects(*given: Any) -> Q:
    *values, needed, column, kind = given
    return Q(**{f"{column}__in": _holding(needed, iter(values)).filter(kind=kind).values("object_id")})


def _kind(clause: Clause) -> Hashable:
    return (clause.kind, clause.place)


def _holding(needed: Any, values: Iterator[str]) -> QuerySet[SearchRow]:
    if not needed:
        return SearchRow.objects.none()
    return SearchRow.objects.filter(*[kind(place, next(values)) for kind, place in needed])


def _relevance(scales: Any, values: Iterator[str]) -> Combinable:
    score: Combinable = Value(0)
    for at, (scale, rest) in enumerate(scales):
        chances = [When(kind(place, next(values)), then=weight) for (kind, place), weight in scale]
        weight = Case(*chances, default=rest, output_field=IntegerField())
        score = score + weight if at else weight
    return score


def _scale(term: Term) -> _Scale:
    """Weigh a whole word over a beginning over a part, and any of them in the title over all of them in the body."""
    whole, beginning, part = f" {term.text} ", f" {term.text}", term.text
    chances = [(Clause(Is, "code", term.code), _OWN_CODE)] if term.code else []
    chances += [
        (Clause(Holds, "title", text), weight) for text, weight in zip((whole, beginning, part), _TITLE, strict=True)
    ]
    if term.text.isdigit():
        chances.append((Clause(Ends, "code", f"-{term.text}"), _TITLE[0]))
    chances += [
        (Clause(Holds, "body", text), weight) for text, weight in zip((whole, beginning), _BODY[:2], strict=True)
    ]
    return tuple(chances), _BODY[2]
