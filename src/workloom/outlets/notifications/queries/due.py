"""What reminders look through."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import CLOSED

BATCH = 500
AT_ONCE = 2000
"""How many ids one condition names."""
Clock = tuple[str, int]


def clocks() -> list[Clock]:
    """Return every pair of zone and hour at which somebody is reminded."""
    active = people().filter(is_active=True, is_placeholder=False).order_by()
    return list(active.values_list("time_zone", "reminder_hour").distinct())


def people_at(named: Collection[UUID], slots: Collection[Clock]) -> dict[UUID, Clock]:
    """Return the zone and hour of those people who live in one of some zones."""
    found: dict[UUID, Clock] = {}
    keys, local = list(named), User.objects.filter(time_zone__in={zone for zone, _ in slots}, is_active=True)
    for at in range(0, len(keys), AT_ONCE):
        rows = local.filter(pk__in=keys[at : at + AT_ONCE]).values_list("pk", "time_zone", "reminder_hour")
        found |= {key: (zone, hour) for key, zone, hour in rows}
    return found


def tasks_around(first: date, last: date) -> Iterator[list[Task]]:
    """Yield the open tasks that are due between two days, with their projects, a batch at a time.

    A task with an instant has a day too, in some zone: callers leave a day of room on both sides.
    """
    due = Task.objects.filter(
        due_date__range=(first, last),
        trashed_at__isnull=True,
        is_archived=False,
        project__trashed_at__isnull=True,
        project__is_archived=False,
    ).exclude(status_category__in=CLOSED)
    keys = list(due.order_by("due_date", "pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        yield list(Task.objects.filter(pk__in=keys[at : at + BATCH]).select_related("project"))
