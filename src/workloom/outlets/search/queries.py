"""What was found, as far as the actor may see it: one query for the page, one for each kind of thing to show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from workloom.core.actor import Actor
from workloom.core.conditions import for_actor
from workloom.core.errors import Missing
from workloom.core.filters import BadValue, choice, read_flag, reference
from workloom.core.listing import Listing, Order, Projection
from workloom.core.models import SearchRow
from workloom.core.paging import Page, PageRequest
from workloom.core.prepared import Forms, prepared
from workloom.core.search import highlights, look_for, marked, matching_as
from workloom.core.text import is_clean
from workloom.outlets.search.rows import HitRow
from workloom.outlets.search.rules import LONGEST_QUERY, Place, share_of
from workloom.people.rights.rules import Right, roles_with, scope_allows
from workloom.work.comments.models import Comment
from workloom.work.projects.queries import in_projects
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.visible import seen

Found = QuerySet[SearchRow]
KINDS = {"task": "task", "comment": "comment"}
_ORDER = ("relevance", "is_open", "updated_at", "pk")
_COLUMNS = (*_ORDER, "kind", "object_id", "subject", "scope")
_FORMS = Forms()


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
    """Who asks for which page of which search; `archived` None looks through any task, `where` narrows what is found."""

    actor: Actor
    query: str
    archived: bool | None
    where: Q
    page: PageRequest
    place: Place | None


def read_hits(asked: Asked) -> Page[HitRow]:
    """Read one page, by place or by number, of what has all the words and hangs on a task that the actor sees."""
    if asked.page.number is not None:
        return _numbered(asked, asked.page.number)
    count = _found(asked).count() if asked.page.count else None
    place, size = asked.place, asked.page.size
    back = place is not None and place.back
    raw = _lines(asked, place, size + 1)
    more, raw = len(raw) > size, raw[:size]
    if back:
        raw.reverse()
    ends = [_place(line, back=at == 0) for at, line in enumerate((raw[0], raw[-1]))] if raw else []
    following = ends[1] if ends and (more or back) else None
    preceding = ends[0] if ends and (more if back else place is not None) else None
    return Page(_hits(raw, asked.query), following, preceding, count)  # type: ignore[arg-type] # a place is what a cursor is elsewhere


def _numbered(asked: Asked, number: int) -> Page[HitRow]:
    found, size = _found(asked), asked.page.size
    count = found.count()
    last = max(1, -(-count // size))
    if number > last:
        raise Missing("no_such_page", f"There are {last} pages of this size.")
    raw = list(found.values_list(*_COLUMNS)[(number - 1) * size : number * size])
    rows = _hits(raw, asked.query)
    return Page(rows, number + 1 if number < last else None, number - 1 if number > 1 else None, count)


def _found(asked: Asked) -> Found:
    look = look_for(asked.query)
    found = matching_as(look.shape, look.values)
    return _among(seen(asked.actor), _reached(asked.actor), found, archived=asked.archived).filter(asked.where)


def _among(seen_by: Q, reached: Q, found: Found, *, archived: bool | None) -> Found:
    """Keep what hangs on tasks that the actor sees; `reached`, their projects, follows from that and spares looking at most tasks."""
    tasks = Task.objects.filter(seen_by, trashed_at__isnull=True)
    if archived is not None:
        tasks = tasks.filter(is_archived=archived)
    return found.filter(reached, subject__in=tasks.values("pk"))


def _reached(actor: Actor) -> Q:
    """Return the condition that an entry's project is one in which the actor sees tasks, be it their own alone."""
    return for_actor(_in_reach, actor)


def _in_reach(actor: Actor) -> Q:
    """Say it once where who reads all tasks of a project also reads their own, as is so unless a token's scopes part the two."""
    own = in_projects(actor, Right.TASK_READ_OWN, "scope")
    all_readers, own_readers = set(roles_with(Right.TASK_READ)), set(roles_with(Right.TASK_READ_OWN))
    if scope_allows(actor, Right.TASK_READ_OWN) and all_readers <= own_readers:
        return own
    return own | in_projects(actor, Right.TASK_READ, "scope")


def _lines(asked: Asked, place: Place | None, most: int) -> list[tuple[Any, ...]]:
    """Read the first of what is found, or of what lies behind a place, by SQL that is made once for each shape of a query."""
    look, back = look_for(asked.query), place is not None and place.back
    where = asked.where if place is None else Q(asked.where, _beyond(place))
    order = [F(name).asc() if back else F(name).desc() for name in _ORDER]

    def lines(seen_by: Q, reached: Q, where: Q, *values: str) -> QuerySet[SearchRow, tuple[Any, ...]]:
        found = _among(seen_by, reached, matching_as(look.shape, list(values)), archived=asked.archived).filter(where)
        return found.order_by(*order).values_list(*_COLUMNS)[:most]

    shape = (look.shape, asked.archived, back, most)
    found: list[tuple[Any, ...]] = _FORMS.run(
        shape, [seen(asked.actor), _reached(asked.actor), where, *look.values], lines
    )
    return found


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


def _hits(lines: Sequence[tuple[Any, ...]], query: str) -> list[HitRow]:
    length = share_of(len(lines))
    named_tasks = list({line[6].int: line[6] for line in lines}.values())
    tasks = {row[0].int: row[1:] for row in _tasks(named_tasks, length)} if lines else {}
    commented = [line[5] for line in lines if line[4] == "comment"]
    bodies = dict(_bodies(commented, length)) if commented else {}
    rows = []
    for _, is_open, updated_at, _, kind, key, task, project in lines:
        if task.int not in tasks or (kind == "comment" and key not in bodies):
            continue
        project_key, number, title, status, description = tasks[task.int]
        text = bodies[key] if kind == "comment" else description
        pieces = [list(piece) for piece in highlights(text, query)]
        named = list(marked(title, query))
        task_key = f"{project_key}-{number}"
        rows.append(HitRow(kind, key, task, project, task_key, title, status, is_open, named, pieces, updated_at))
    return rows


@prepared
def _tasks(tasks: list[UUID], length: int) -> QuerySet[Task, tuple[Any, ...]]:
    found = Task.objects.filter(pk__in=tasks).annotate(start=Left("description", length))
    return found.values_list("pk", "project__key", "number", "title", "status__slug", "start")


@prepared
def _bodies(comments: list[UUID], length: int) -> QuerySet[Comment, tuple[UUID, str]]:
    return Comment.objects.filter(pk__in=comments).annotate(start=Left("body", length)).values_list("pk", "start")


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
