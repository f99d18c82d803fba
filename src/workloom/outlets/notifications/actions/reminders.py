"""Reminders: whose hour has come is told of what is due before it comes again, and of what is past."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from workloom.core.clock import now
from workloom.outlets.notifications.actions.telling import Notice, tell
from workloom.outlets.notifications.models import ReminderClock
from workloom.outlets.notifications.queries.around import around_each
from workloom.outlets.notifications.queries.due import clocks, people_at, tasks_around
from workloom.outlets.notifications.rules.hours import Slot, may_begin_an_hour, slots_between
from workloom.outlets.notifications.rules.reminding import LOOKS_AHEAD, LOOKS_BACK, cause_of, reminder_of
from workloom.work.tasks.models import Task

CATCHES_UP = timedelta(days=1)
"""After a longer sleep nobody is told of the days before: each clock's last hour counts."""


def remind() -> int:
    """Remind everybody whose hour has come since the last time, and return of how many things; a regular duty.

    The clock moves on at the end: what a dead process left is done again, and nobody is told twice.
    """
    moment = now()
    clock, _ = ReminderClock.objects.get_or_create(pk=1, defaults={"done_until": moment})
    since = max(clock.done_until, moment - CATCHES_UP)
    told = _remind(since, moment) if may_begin_an_hour(since, moment) else 0
    ReminderClock.objects.filter(pk=1, done_until__lt=moment).update(done_until=moment)
    return told


def _remind(since: datetime, moment: datetime) -> int:
    slots = {(slot.zone, slot.hour): slot for slot in slots_between(clocks(), since, moment)}
    if not slots:
        return 0
    first = min(slot.at for slot in slots.values()) - LOOKS_BACK
    last = max(slot.at for slot in slots.values()) + LOOKS_AHEAD
    told = 0
    for batch in tasks_around(first.date(), last.date()):
        told += _tell_batch(batch, slots, moment)
    return told


def _tell_batch(batch: Sequence[Task], slots: dict[tuple[str, int], Slot], moment: datetime) -> int:
    circles = around_each(batch)
    concerned = {key: circle.reminded for key, circle in circles.items()}
    everyone = {person for people in concerned.values() for person in people}
    slot_of = {person: slots[clock] for person, clock in people_at(everyone, slots.keys()).items() if clock in slots}
    notices = [notice for task in batch for notice in _notices(task, concerned[task.pk], slot_of, moment)]
    return tell(notices) if notices else 0


def _notices(task: Task, people: Collection[UUID], slot_of: dict[UUID, Slot], moment: datetime) -> Iterator[Notice]:
    day, at = task.due_date, task.due_at
    if day is None:
        return
    detail = {"due_date": day.isoformat(), **({"due_at": at.isoformat()} if at else {})}
    for person in people:
        kind = reminder_of(day, at, slot_of[person], moment) if person in slot_of else None
        if kind is not None:
            yield Notice(kind=kind, task=task, person=person, cause=cause_of(kind, task.pk, day, at), detail=detail)
