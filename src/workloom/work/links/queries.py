"""Reading links, always from one task's side and never one whose other end is not seen."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When

from workloom.core.actor import Actor
from workloom.core.filters import BadValue
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.people.accounts.queries import person_rows
from workloom.work.links.models import Kind, Link
from workloom.work.links.rows import LinkRow
from workloom.work.links.rules import SENSES, kind_seen, read_kind
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.nested import task_briefs
from workloom.work.tasks.queries.visible import live_tasks
from workloom.work.tasks.rules import CLOSED


def links_on(task: Task, actor: Actor) -> QuerySet[Link]:
    """Return a task's links to tasks that the actor sees, with `other` and `is_outgoing` as this task sees them."""
    seen = live_tasks(actor).values("pk")
    out, back = Q(source=task), Q(target=task)
    found = Link.objects.filter((out & Q(target__in=seen)) | (back & Q(source__in=seen)))
    return found.annotate(
        other=Case(When(out, then=F("target_id")), default=F("source_id")),
        is_outgoing=Case(When(out, then=Value(value=True)), default=Value(value=False), output_field=BooleanField()),
    )


def blockers_done(task: Task) -> bool:
    """Tell whether every task that blocks this one is done or cancelled: a fact that guards of a workflow ask for."""
    blocking = Link.objects.filter(kind=Kind.BLOCKS, target=task, source__trashed_at__isnull=True)
    return not blocking.exclude(source__status_category__in=CLOSED).exists()


def blocking_chain(start: UUID, end: UUID) -> list[UUID] | None:
    """Return the shortest chain of tasks by which `start` blocks `end`, both included; None without one."""
    came_from: dict[UUID, UUID] = {}
    level = {start}
    while level:
        found = Link.objects.filter(kind=Kind.BLOCKS, source__in=level).order_by("pk")
        level = set()
        for source, target in found.values_list("source_id", "target_id"):
            if target not in came_from and target != start:
                came_from[target] = source
                level.add(target)
        if end in came_from:
            return _traced(came_from, start, end)
    return None


def _traced(came_from: dict[UUID, UUID], start: UUID, end: UUID) -> list[UUID]:
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return chain[::-1]


def keys_seen(tasks: Iterable[UUID], actor: Actor) -> dict[UUID, str]:
    """Return the keys of those of these tasks that the actor sees."""
    return {key: brief.key for key, brief in task_briefs(actor, tasks).items()}


def build_links(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[LinkRow]:
    """Make rows of what the columns read."""
    tasks = task_briefs(wanted.actor, {line[2] for line in lines}) if lines and "task" in wanted.expand else {}
    named = {line[4] for line in lines if line[4]} if "created_by" in wanted.expand else set()
    briefs = person_rows(named, wanted) if named else {}
    return [
        LinkRow(key, kind_seen(kind, is_outgoing=bool(out)), tasks.get(other, other), briefs.get(person, person), made)
        for key, kind, other, out, person, made in lines
    ]


def _kind(value: str, actor: Actor) -> Q:
    name = read_kind(value)
    if name is None:
        raise BadValue(f"Send one of {', '.join(SENSES)}.")
    if name == "relates":
        return Q(kind=Kind.RELATES)
    return Q(kind=SENSES[name].kind, is_outgoing=SENSES[name].is_outgoing)


LINKS = Projection(
    LinkRow,
    ("pk", "kind", "other", "is_outgoing", "created_by_id", "created_at"),
    build_links,
    expandable=("created_by", "task"),
)
LISTING = Listing(
    LINKS,
    orders={"created_at": Order("created_at")},
    filters={"kind": Filter(_kind, choices=tuple(SENSES), help="What this task is to the other one.")},
)
