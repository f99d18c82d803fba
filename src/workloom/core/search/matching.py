"""Finding entries, the best first. Callers add who may see what to the same query."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from workloom.core.models import SearchRow
from workloom.core.search.engines import Holds, conditions
from workloom.core.search.terms import Term, terms_of

_OWN_CODE = 1000
_WHOLE_QUERY_IN_TITLE = 30
_TITLE = (60, 50, 40)
_BODY = (3, 2, 1)


def matching(query: str) -> QuerySet[SearchRow]:
    """Return the entries that have all terms of a query, ordered: relevance, open, latest change.

    A query without a letter, digit or symbol finds nothing. Filter by `scope`, `subject` or `kind` before slicing.
    """
    terms = terms_of(query)
    found = _holding(terms).annotate(relevance=_relevance(terms) if terms else Value(0))
    return found.order_by("-relevance", "-is_open", "-updated_at", "-pk")


def search_condition(query: str, column: str = "pk", kind: str = "task") -> Q:
    """Return the filter of a list by words: objects whose own entry of this kind has all terms of the query."""
    return Q(**{f"{column}__in": _holding(terms_of(query)).filter(kind=kind).values("object_id")})


def _holding(terms: tuple[Term, ...]) -> QuerySet[SearchRow]:
    return SearchRow.objects.filter(*conditions(terms)) if terms else SearchRow.objects.none()


def _relevance(terms: tuple[Term, ...]) -> Combinable:
    score: Combinable = _score(terms[0])
    for term in terms[1:]:
        score += _score(term)
    if len(terms) > 1:
        whole = " ".join(term.text for term in terms)
        score += Case(When(Holds("title", whole), then=_WHOLE_QUERY_IN_TITLE), default=0, output_field=IntegerField())
    return score


def _score(term: Term) -> Case:
    """Weigh a whole word over a beginning over a part, and any of them in the title over all of them in the body."""
    whole, beginning, part = f" {term.text} ", f" {term.text}", term.text
    chances = [When(code=term.code, then=_OWN_CODE)] if term.code else []
    chances += [
        When(Holds("title", text), then=weight) for text, weight in zip((whole, beginning, part), _TITLE, strict=True)
    ]
    if term.text.isdigit():
        chances.append(When(code__endswith=f"-{term.text}", then=_TITLE[0]))
    chances += [
        When(Holds("body", text), then=weight) for text, weight in zip((whole, beginning), _BODY[:2], strict=True)
    ]
    return Case(*chances, default=_BODY[2], output_field=IntegerField())
