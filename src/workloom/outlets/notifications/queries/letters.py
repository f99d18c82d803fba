"""What letters are written of, judged at that moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.outlets.notifications.models import Notification, Preference
from workloom.outlets.notifications.queries.listing import seen_now
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rules.notices import MailMode, NoticeKind, Said, channels_of, kinds_said
from workloom.work.tasks.models import Task

UNREAD = Q(read_at__isnull=True) | Q(is_listed=False)
"""What is not listed was never to be read in the application."""
_THERE = Q(comment__isnull=True) | Q(comment__deleted_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Digested:
    """What one digest tells, sorted by project and task, and how much did not fit."""

    rows: Sequence[Notification]
    left_out: int

    def by_task(self) -> Iterator[tuple[Task, list[Notification]]]:
        """Yield each task with what happened to it."""
        for _, rows in groupby(self.rows, key=lambda row: row.task_id):
            told = list(rows)
            yield told[0].task, told


def mailed(person: UUID, notification: UUID) -> Notification | None:
    """Return what a mail tells, unless its person may not see it or wants no such mail now."""
    user = _active(person)
    if user is None:
        return None
    found = _told(user).filter(pk=notification).first()
    return found if found is not None and _wanted(user, [found]) else None


def digested(person: UUID, digest: UUID, most: int) -> Digested:
    """Return what a digest tells of what it gathered."""
    user = _active(person)
    if user is None:
        return Digested([], 0)
    found = _told(user).filter(UNREAD, digest=digest)
    rows = list(found.order_by("task__project__name", "task__project_id", "task__number", "created_at"))
    wanted = _wanted(user, rows)
    return Digested(wanted[:most], max(0, len(wanted) - most))


def _active(person: UUID) -> User | None:
    return people().filter(pk=person, is_active=True).first()


def _told(user: User) -> QuerySet[Notification]:
    seen = Notification.objects.filter(_THERE, seen_now(user.as_actor()), user=user)
    return seen.select_related("user", "actor", "comment", "task__project", "task__status")


def _wanted(user: User, rows: Sequence[Notification]) -> list[Notification]:
    """Leave out what the person wants no mail of by now."""
    said = kinds_said(user.notification_settings)
    here = _said_of_projects(user, {row.task.project_id for row in rows})
    return [
        row
        for row in rows
        if channels_of(NoticeKind(row.kind), said, here.get(row.task.project_id, {})).mail is not MailMode.OFF
    ]


def _said_of_projects(user: User, projects: set[UUID]) -> dict[UUID, Said]:
    rows = Preference.objects.filter(user=user, project__in=projects)
    return dict(rows.values_list("project_id", "kinds"))
