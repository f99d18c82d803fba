"""Telling people: one row for each of them, and mail as they want it. However many they are, the queries are as few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.ids import uuid7s
from workloom.core.mail.actions import Wish
from workloom.core.prepared import prepared
from workloom.events.post import post_many
from workloom.outlets.notifications.models import Notification, Preference
from workloom.outlets.notifications.rules.hours import after_quiet, digest_time
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rules.notices import (
    Channels,
    MailMode,
    NoticeKind,
    channels_of,
    digest_hour,
    kinds_said,
    quiet_hours,
)
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.readers import readers

BATCH = 500
AT_ONCE = 2000
"""How many ids one condition names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Why one person is to be told of a task whose project is loaded; of one `cause` nobody is told twice."""

    kind: NoticeKind
    task: Task
    person: UUID
    cause: str
    event: UUID | None = None
    actor: UUID | None = None
    comment: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what is unique."""
        return f"{self.cause}:{self.person}"


@write
def tell(notices: Sequence[Notice]) -> int:
    """Tell whoever may see the task and wants to know; returns how many notifications that made."""
    return sum(_tell_some(notices[at : at + AT_ONCE]) for at in range(0, len(notices), AT_ONCE))


def _tell_some(notices: Sequence[Notice]) -> int:
    users = {user.pk: user for user in _active(list({one.person for one in notices}))}
    known = [one for one in notices if one.person in users]
    seen = readers([(one.task, users[one.person]) for one in known]) if known else set()
    known = [one for one in known if (one.task.pk, one.person) in seen]
    told = set(_told_already([one.key for one in known])) if known else set()
    wanted = _channels([one for one in known if one.key not in told], users)
    if not wanted:
        return 0
    moment, keys = now(), uuid7s(len(wanted))  # of one moment, the lists show them by their ids
    rows = [_row(one, users[one.person], channels, moment) for one, channels in wanted]
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
    Notification.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    at_once = [row for row, (_, channels) in zip(rows, wanted, strict=True) if channels.mail is MailMode.NOW]
    if at_once:
        post_many([_letter(row, users[row.user_id]) for row in at_once])
    return len(rows)


@prepared
def _active(keys: Sequence[UUID]) -> QuerySet[User]:
    return people().filter(pk__in=keys, is_active=True)


@prepared
def _told_already(keys: Sequence[str]) -> QuerySet[Notification, str]:
    return Notification.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)


@prepared
def _preferences(users: Sequence[UUID], projects: Sequence[UUID]) -> QuerySet[Preference, tuple[UUID, UUID, Any]]:
    found = Preference.objects.filter(user__in=users, project__in=projects)
    return found.values_list("user_id", "project_id", "kinds")


def _channels(notices: Sequence[Notice], users: Mapping[UUID, User]) -> list[tuple[Notice, Channels]]:
    if not notices:
        return []
    projects = {one.task.project_id for one in notices}
    rows = _preferences(list({one.person for one in notices}), list(projects))
    said = {(user, project): kinds for user, project, kinds in rows}
    found = [
        (
            one,
            channels_of(
                one.kind,
                kinds_said(users[one.person].notification_settings),
                said.get((one.person, one.task.project_id), {}),
            ),
        )
        for one in notices
    ]
    return [(one, channels) for one, channels in found if not channels.is_silent]


def _row(one: Notice, user: User, channels: Channels, moment: datetime) -> Notification:
    said = user.notification_settings
    is_gathered = channels.mail is MailMode.DIGEST
    return Notification(
        user_id=one.person,
        kind=one.kind.value,
        task=one.task,
        event=one.event,
        actor_id=one.actor,
        comment_id=one.comment,
        detail=dict(one.detail),
        dedupe_key=one.key,
        is_listed=channels.in_app,
        read_at=None if channels.in_app else moment,
        digest_at=digest_time(moment, digest_hour(said), quiet_hours(said), user.time_zone) if is_gathered else None,
        created_at=moment,
    )


def _letter(row: Notification, user: User) -> Wish:
    said = user.notification_settings
    return Wish(
        kind="notification",
        person_id=user.pk,
        args={"notification": str(row.pk)},
        key=f"{row.dedupe_key}:mail",
        at=after_quiet(row.created_at, quiet_hours(said), user.time_zone),
    )
