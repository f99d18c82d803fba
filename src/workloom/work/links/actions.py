"""Linking tasks and taking links away."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import is_collision, lock, write
from workloom.core.errors import Conflict, Invalid
from workloom.core.ids import uuid7
from workloom.events.record import record_many
from workloom.work.links.events import LinkAdded, LinkEvent, LinkRemoved
from workloom.work.links.models import Gate, Kind, Link
from workloom.work.links.queries import blocking_chain, keys_seen
from workloom.work.links.rules import SENSES, ends_of, kind_seen, pair_of
from workloom.work.tasks.actions.recording import event_with_task
from workloom.work.tasks.models import Task


@write
def link_tasks(task: Task, other: Task, *, kind: str, actor: Actor) -> Link:
    """Link two tasks, `kind` being what the first is to the second.

    Raises Invalid for a task and itself, Conflict for a link that is there or would close a circle of blocking.
    """
    if task.pk == other.pk:
        raise Invalid("task", "self_link", "A task cannot be linked with itself.")
    sense = SENSES[kind]
    source, target = ends_of(sense, task.pk, other.pk)
    if sense.kind == Kind.BLOCKS:
        _pass_gate()
    if Link.objects.filter(pair=pair_of(source, target), kind=sense.kind, source=source).exists():
        raise _doubled(kind)
    if sense.kind == Kind.BLOCKS:
        _refuse_cycle(source, target, actor)
    link = Link(id=uuid7(), kind=sense.kind, pair=pair_of(source, target), created_by_id=actor.id, created_at=now())
    ends = {task.pk: task, other.pk: other}
    link.source, link.target = ends[source], ends[target]
    _insert(link, kind)
    record_many(_told(LinkAdded, link), actor=actor)
    return link


@write
def unlink_tasks(link: Link, *, actor: Actor) -> None:
    """Take a link away; its ends and their projects must be loaded."""
    events = _told(LinkRemoved, link)
    deleted, _ = Link.objects.filter(pk=link.pk).delete()
    if deleted:
        record_many(events, actor=actor)


def _pass_gate() -> None:
    """Let one transaction at a time add blocking links: what is read from here on stays true until it ends."""
    if lock(Gate.objects.filter(pk=1)).first() is None:
        Gate.objects.bulk_create([Gate(pk=1)], ignore_conflicts=True)
        lock(Gate.objects.filter(pk=1)).get()


def _refuse_cycle(source: UUID, target: UUID, actor: Actor) -> None:
    chain = blocking_chain(target, source)
    if chain is None:
        return
    seen = keys_seen(chain, actor)
    keys = [seen.get(task) for task in [source, *chain]]
    told = " blocks ".join(key or "a task that you may not see" for key in keys)
    raise Conflict("blocking_cycle", f"The tasks would block each other in a circle: {told}.", chain=keys)


def _insert(link: Link, kind: str) -> None:
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as error:
        if is_collision(error):
            raise
        raise _doubled(kind) from error


def _doubled(kind: str) -> Conflict:
    return Conflict("already_linked", f"These two tasks are linked by {SENSES[kind].kind} already.")


def _told(event: type[LinkEvent], link: Link) -> Sequence[LinkEvent]:
    """Make the event on each of the two tasks, as it looks from there."""
    return [
        _event(event, link, link.source, link.target_id, is_outgoing=True),
        _event(event, link, link.target, link.source_id, is_outgoing=False),
    ]


def _event(event: type[LinkEvent], link: Link, task: Task, other: UUID, *, is_outgoing: bool) -> LinkEvent:
    values = {"kind": kind_seen(link.kind, is_outgoing=is_outgoing), "task": other}
    added = event is LinkAdded
    changes = {name: (None, value) if added else (value, None) for name, value in values.items()}
    return event_with_task(event, task, object_id=link.pk, changes=changes)
