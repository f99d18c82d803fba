"""What was found, as far as the actor may see it: one query for the page, one for each kind of thing to show of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from workloom.core.actor import Actor
from workloom.core.errors import Missing
from workloom.core.filters import BadValue, choice, read_flag, reference
from workloom.core.listing import Listing, Order, Projection
from workloom.core.models import SearchRow
from workloom.core.paging import Page, PageRequest
from workloom.core.search import highlights, marked, matching
from workloom.core.text import is_clean
from workloom.outlets.search.rows import HitRow
from workloom.outlets.search.rules import LONGEST_QUERY, Place, share_of
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.visible import live_tasks

Found = QuerySet[SearchRow]
KINDS = {"task": "task", "comment": "comment"}
_ORDER = ("relevance", "is_open", "updated_at", "pk")


def found_by(actor: Actor, query: str, *, archived: bool | None) -> Found:
    """Return what has all the words of a query and hangs on a task that the actor sees; `archived` None takes any."""
    tasks = live_tasks(actor)
    if archived is not None:
        tasks = tasks.filter(is_archived=archived)
    return matching(query).filter(subject__in=tasks.values("pk"))


def read_query(text: str | None) -> str:
    """Return what to look for; raises BadValue for nothing, too much, or what no text holds."""
    query = (text or "").strip()
    if not query:
        raise BadValue("Send what to look for.")
    if len(query) > LONGEST_QUERY or not is_clean(query):
        raise BadValue(f"Send up to {LONGEST_QUERY:,} characters, without NUL and halves of surrogate pairs.")
    return query


def read_archived(text: str | None) -> bool | None:
    """Return whether archived tasks, others or (None) any are looked through; raises BadValue."""
    if text is None:
        return False
    return None if text.strip().lower() == "any" else read_flag(text)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which search."""

    query: str
    page: PageRequest
    place: Place | None


def read_hits(found: Found, asked: Asked) -> Page[HitRow]:
    """Read one page, by place or by number."""
    if asked.page.number is not None:
        return _numbered(found, asked, asked.page.number)
    count = found.count() if asked.page.count else None
    place, size = asked.place, asked.page.size
    back = place is not None and place.back
    if place is not None:
        found = found.filter(_beyond(place))
    order = [F(name).asc() if back else F(name).desc() for name in _ORDER]
    raw = _lines(found.order_by(*order)[: size + 1])
    more, raw = len(raw) > size, raw[:size]
    if back:
        raw.reverse()
    ends = [_place(line, back=at == 0) for at, line in enumerate((raw[0], raw[-1]))] if raw else []
    following = ends[1] if ends and (more or back) else None
    preceding = ends[0] if ends and (more if back else place is not None) else None
    return Page(_hits(raw, asked.query), following, preceding, count)  # type: ignore[arg-type] # a place is what a cursor is elsewhere


def _numbered(found: Found, asked: Asked, number: int) -> Page[HitRow]:
    count, size = found.count(), asked.page.size
    last = max(1, -(-count // size))
    if number > last:
        raise Missing("no_such_page", f"There are {last} pages of this size.")
    raw = _lines(found[(number - 1) * size : number * size])
    rows = _hits(raw, asked.query)
    return Page(rows, number + 1 if number < last else None, number - 1 if number > 1 else None, count)


def _beyond(place: Place) -> Q:
    """Return the condition for hits behind a place in the direction read, column after column."""
    side = "gt" if place.back else "lt"
    rest = Q(**{f"updated_at__{side}": place.updated_at}) | Q(updated_at=place.updated_at, **{f"pk__{side}": place.id})
    rest &= Q(is_open=place.is_open)
    if place.is_open is not place.back:
        rest |= Q(is_open=place.back)
    return Q(**{f"relevance__{side}": place.relevance}) | Q(rest, relevance=place.relevance)


def _place(line: tuple[Any, ...], *, back: bool) -> Place:
    relevance, is_open, updated_at, key, *_ = line
    return Place(relevance, is_open, updated_at, key, back)


def _lines(found: Found) -> list[tuple[Any, ...]]:
    return list(found.values_list(*_ORDER, "kind", "object_id", "subject", "scope"))


def _hits(lines: Sequence[tuple[Any, ...]], query: str) -> list[HitRow]:
    length = share_of(len(lines))
    tasks = _tasks({line[6] for line in lines})
    texts = _texts(Task, "description", (line[5] for line in lines if line[4] == "task"), length)
    texts |= _texts(Comment, "body", (line[5] for line in lines if line[4] == "comment"), length)
    rows = []
    for _, is_open, updated_at, _, kind, key, task, project in lines:
        if task not in tasks or key not in texts:
            continue
        task_key, title, status = tasks[task]
        pieces = [list(piece) for piece in highlights(texts[key], query)]
        named = list(marked(title, query))
        rows.append(HitRow(kind, key, task, project, task_key, title, status, is_open, named, pieces, updated_at))
    return rows


def _tasks(tasks: Iterable[UUID]) -> dict[UUID, tuple[str, str, str]]:
    found = Task.objects.filter(pk__in=set(tasks)).values_list("pk", "project__key", "number", "title", "status__slug")
    return {key: (f"{project}-{number}", title, status) for key, project, number, title, status in found}


def _texts(model: type[Task | Comment], column: str, keys: Iterable[UUID], length: int) -> dict[UUID, str]:
    wanted = list(keys)
    if not wanted:
        return {}
    found = model._default_manager.filter(pk__in=wanted)  # noqa: SLF001 - Django's name for it on a class not known before
    return dict(found.annotate(start=Left(column, length)).values_list("pk", "start"))


SEARCH: Listing[HitRow] = Listing(
    Projection(HitRow, (), lambda _lines, _wanted: []),
    orders={"relevance": Order("relevance", int)},
    default="-relevance",
    filters={
        "project": reference("scope", "A project's id."),
        "kind": choice("kind", KINDS, "task or comment; both unless said."),
    },
    aliases={"project_id": "project"},
)
