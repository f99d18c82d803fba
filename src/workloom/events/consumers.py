"""Readers that follow the log: each has a name, a place and a function that may be given the same event twice."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.db import DatabaseError, IntegrityError
from django.db.models import Min, QuerySet
from django.utils.module_loading import import_string

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.core.db import is_collision, lock, run_write, vendor, write
from workloom.core.errors import Conflict, Missing
from workloom.core.ids import made_at
from workloom.core.prepared import Update, prepared, prepared_update
from workloom.events.models import Consumer, LogRow
from workloom.events.queries import last_seq, read_after
from workloom.events.record import Audience, Event, record
from workloom.events.rows import Published

logger = logging.getLogger("workloom.consumers")
BATCH = 100
TOGETHER = 20
"""How many events a reader of many gets at once: others wait for as long as these take."""
Read = Callable[[int, int], list[Published]]
_BUDGET_S = 0.1
_LONGEST_PAUSE_S = 300


@dataclass(frozen=True, kw_only=True)
class EventSkipped(Event):
    """An operator made a consumer leave out one event; `name` is the consumer, `message` the reason, `seq` the event."""

    type: ClassVar[str] = "consumer.skipped"
    object_type: ClassVar[str] = "consumer"
    audience: ClassVar[Audience] = Audience.OPERATORS


class Stumbled(Exception):
    """A consumer's function raised at this event; the cause is chained."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a consumer is: how many events lie before it and how long the oldest of them has waited."""

    name: str
    seq: int
    behind: int
    lag_s: float
    attempts: int
    retry_at: datetime | None
    error: str


def join_log() -> None:
    """Give each new consumer its place: the log's end of this moment. Called after migrations."""
    _places()


class Together:
    """A consumer that deals with several events as cheaply as with one."""

    def __init__(self, consume: Callable[[Sequence[Published]], None]) -> None:
        self.consume = consume

    def __call__(self, event: Published) -> None:
        """Deal with one."""
        self.consume([event])


def together(consume: Callable[[Sequence[Published]], None]) -> Together:
    """Make a function that takes several events, in their order, a consumer."""
    return Together(consume)


def _places() -> dict[str, Consumer]:
    found = {row.name: row for row in _found(list(settings.CONSUMERS))} if settings.CONSUMERS else {}
    missing = [name for name in settings.CONSUMERS if name not in found]
    if missing:
        end = last_seq()
        Consumer.objects.bulk_create(
            [Consumer(name=name, seq=end, moved_at=now()) for name in missing], ignore_conflicts=True
        )
        found = {row.name: row for row in Consumer.objects.filter(name__in=settings.CONSUMERS)}
    return found


@prepared
def _found(names: Sequence[str]) -> QuerySet[Consumer]:
    return Consumer.objects.filter(name__in=names)


def run_consumers() -> int:
    """Take every consumer as far as it gets, and return how many events they dealt with in all."""
    total = 0
    end, read = last_seq(), lru_cache(maxsize=1)(read_after)  # most of them stand at the same place
    for place in _places().values():
        if place.seq < end and not _pauses(place):
            total += _follow(place.name, read)
    return total


def _pauses(place: Consumer) -> bool:
    return place.retry_at is not None and place.retry_at > now()


def _follow(name: str, read: Read) -> int:
    """One batch after the other until the end, an event that fails, or somebody else who does the same work."""
    consume = import_string(settings.CONSUMERS[name])
    total, until = 0, None
    while True:
        try:
            done, is_end = run_write(lambda: _advance(name, consume, read, until))  # noqa: B023 - called at once
        except (Stumbled, IntegrityError) as error:
            place = Consumer.objects.get(pk=name)
            end = _end_before(error, place)
            if end == until or end == place.seq + 1:
                _note(place, error)
                return total
            until = end
            continue
        total += done
        if is_end:
            return total
        until = None


def _end_before(error: Stumbled | IntegrityError, place: Consumer) -> int:
    """Tell where to end the next transaction: before the event that failed, which then stands alone.

    What is raised at the commit, where some constraints are checked, names no event: then one is tried by itself.
    """
    return error.seq if isinstance(error, Stumbled) else place.seq + 2


def _advance(name: str, consume: Callable[[Published], None], read: Read, until: int | None) -> tuple[int, bool]:
    """Deal with the next events and move on, in one transaction, for as long as others may be kept waiting.

    Returns how many that were, and whether there was no more to read.
    """
    place = _locked.first(name, skip=vendor() != "sqlite")
    if place is None or _pauses(place):
        return 0, True
    found = read(place.seq, BATCH)
    events = [event for event in found if until is None or event.seq < until]
    at_once = TOGETHER if isinstance(consume, Together) else 1
    began, done = time.monotonic(), 0
    while done < len(events) and (not done or time.monotonic() - began <= _BUDGET_S):
        some = events[done : done + at_once]
        _consume(consume, some)
        done += len(some)
    if done:
        _move_on(name, events[done - 1].seq, now())
    return done, done == len(found) < BATCH


def _consume(consume: Callable[[Published], None], events: Sequence[Published]) -> None:
    first = events[0]
    try:
        with using_context(Context(request_id=first.request_id if len(events) == 1 else "", via="log")):
            if isinstance(consume, Together):
                consume.consume(events)
            else:
                consume(first)
    except Exception as error:  # the relay: whatever a reader raises holds back that reader alone
        if isinstance(error, DatabaseError) and is_collision(error):
            raise
        # Of several nobody knows which one it was: then the first is tried by itself.
        raise Stumbled(first.seq if len(events) == 1 else events[1].seq) from error


@prepared
def _locked(name: str, *, skip: bool) -> QuerySet[Consumer]:
    """None while another process works for the same consumer."""
    rows = Consumer.objects.filter(pk=name)
    return rows.select_for_update(skip_locked=True) if skip else rows


@prepared_update
def _move_on(name: str, seq: int, at: datetime) -> Update:
    values = {"seq": seq, "moved_at": at, "attempts": 0, "retry_at": None, "error": ""}
    return Consumer.objects.filter(pk=name), values


def _note(place: Consumer, failure: Exception) -> None:
    attempts = min(place.attempts + 1, 1000)
    pause = timedelta(seconds=min(_LONGEST_PAUSE_S, 2 ** min(attempts, 10)))
    cause = failure.__cause__ if isinstance(failure, Stumbled) else failure
    error = "".join(traceback.format_exception(cause))[-4000:]
    logger.error("Consumer %s failed at event %s, try %s", place.name, place.seq + 1, attempts, exc_info=failure)
    Consumer.objects.filter(pk=place.name, seq=place.seq).update(attempts=attempts, retry_at=now() + pause, error=error)


def list_consumers() -> list[Standing]:
    """Return every consumer with its place, in the order of config/consumers.py."""
    places, end, moment = _places(), last_seq(), now()
    return [_standing(places[name], end, moment) for name in settings.CONSUMERS]


def _standing(place: Consumer, end: int, moment: datetime) -> Standing:
    behind = max(0, end - place.seq)
    oldest = LogRow.objects.filter(seq=place.seq + 1).values_list("id", flat=True).first() if behind else None
    lag_s = _waited_s(oldest, moment) if oldest else 0.0
    return Standing(place.name, place.seq, behind, lag_s, place.attempts, place.retry_at, place.error)


def oldest_unnumbered_s() -> float:
    """Return for how many seconds the oldest event that has no number yet has waited; 0 when all have one."""
    oldest = LogRow.objects.filter(seq__isnull=True).aggregate(first=Min("n"))["first"]
    if oldest is None:
        return 0.0
    found = LogRow.objects.filter(n=oldest).values_list("id", flat=True).first()
    return _waited_s(found, now()) if found else 0.0


def _waited_s(event: UUID, moment: datetime) -> float:
    """Count from when the event was written, which its id tells: what an import writes happened long before."""
    return max(0.0, (moment - made_at(event)).total_seconds())


def retry_consumer(name: str) -> None:
    """End a consumer's pause, so that it tries the event again at once; raises Missing."""
    _known(name)
    Consumer.objects.filter(pk=name).update(retry_at=None)


@write
def skip_event(name: str, seq: int, *, reason: str, actor: Actor) -> None:
    """Move a consumer past the event that it stumbles over; raises Missing, or Conflict when that is another one."""
    _known(name)
    place = lock(Consumer.objects.filter(pk=name)).get()
    following = read_after(place.seq, 1)
    if not following or following[0].seq != seq:
        stands = f"event {following[0].seq}" if following else "the end of the log"
        raise Conflict("not_the_next_event", f"{name} stands before {stands}; only that can be skipped.")
    place.seq, place.moved_at = seq, now()
    place.attempts, place.retry_at, place.error = 0, None, ""
    place.save()
    changes = {"seq": (None, seq), "name": (None, name), "message": (None, reason)}
    record(EventSkipped(object_id=consumer_id(name), key=name, changes=changes), actor=actor)


def consumer_id(name: str) -> UUID:
    """Return the id under which the log speaks of a consumer."""
    return uuid5(NAMESPACE_OID, f"workloom.consumer.{name}")


def _known(name: str) -> None:
    if name not in _places():
        raise Missing(
            "unknown_consumer", f"There is no consumer {name!r}. There are: {', '.join(settings.CONSUMERS) or 'none'}."
        )
