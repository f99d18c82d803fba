"""Notifications as their person may see them: judged anew each time, by the rights on the task."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.filters import choice, flag, moment_bound, reference
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.outlets.notifications.models import Notification
from workloom.outlets.notifications.rows import NotificationRow
from workloom.outlets.notifications.rules.words import Facts, message_of
from workloom.people.accounts.queries import person_rows
from workloom.people.accounts.rows import PersonRow
from workloom.people.accounts.rules.notices import NoticeKind
from workloom.work.tasks.queries.nested import task_briefs
from workloom.work.tasks.queries.visible import live_tasks

KINDS = {kind.value: kind.value for kind in NoticeKind}


def visible_notifications(actor: Actor) -> QuerySet[Notification]:
    """Return the actor's own, of tasks that the actor may see now."""
    return Notification.objects.filter(seen_now(actor), user=actor.id, is_listed=True)


def seen_now(actor: Actor) -> Exists:
    """Return the condition that the actor may see a notification's task."""
    return Exists(live_tasks(actor).filter(pk=OuterRef("task")))


def unread_count(actor: Actor) -> int:
    """Count what the actor has not read."""
    return visible_notifications(actor).filter(read_at__isnull=True).count()


def _rows(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[NotificationRow]:
    people = _people((line[1] for line in lines), (line[4] for line in lines), wanted)
    tasks = task_briefs(wanted.actor, (line[3] for line in lines)) if "task" in wanted.expand else {}
    persons = people if "user" in wanted.expand else {}
    actors = people if "actor" in wanted.expand else {}
    rows = []
    for line in lines:
        key, user, kind, task, actor, comment, is_gone, event, read_at, version, created_at, *said = line
        row = NotificationRow(
            id=key,
            user=persons.get(user, user),
            kind=kind,
            message=_message(kind, said),
            task=tasks.get(task, task),
            actor=actors.get(actor, actor) if actor else None,
            comment=None if is_gone else comment,
            event=event,
            is_read=read_at is not None,
            read_at=read_at,
            version=version,
            created_at=created_at,
        )
        rows.append(row)
    return rows


def _message(kind: str, said: Sequence[Any]) -> str:
    project, number, title, name, username, detail, locale, zone = said
    facts = Facts(NoticeKind(kind), f"{project}-{number}", title, name or username or "", detail)
    return message_of(facts, locale, zone)


def _people(users: Iterable[UUID], actors: Iterable[UUID | None], wanted: Wanted) -> dict[UUID, PersonRow]:
    named = set(users) if "user" in wanted.expand else set()
    if "actor" in wanted.expand:
        named |= {actor for actor in actors if actor}
    return person_rows(named, wanted) if named else {}


NOTIFICATIONS = Projection(
    NotificationRow,
    (
        "pk",
        "user_id",
        "kind",
        "task_id",
        "actor_id",
        "comment_id",
        "comment__deleted_at",
        "event",
        "read_at",
        "version",
        "created_at",
        "task__project__key",
        "task__number",
        "task__title",
        "actor__name",
        "actor__username",
        "detail",
        "user__locale",
        "user__time_zone",
    ),
    _rows,
    expandable=("actor", "task", "user"),
)
NOTIFICATION_LIST = Listing(
    NOTIFICATIONS,
    orders={"created_at": Order("created_at"), "read_at": Order("read_at", nullable=True)},
    filters={
        "is_read": flag(lambda _: Q(read_at__isnull=False), "Whether you have read it."),
        "kind": choice("kind", KINDS),
        "task": reference("task", "The task's id."),
        "project": reference("task__project", "The project's id."),
        "created_before": moment_bound("created_at", "lt"),
        "created_after": moment_bound("created_at", "gt"),
    },
    aliases={"task_id": "task", "project_id": "project"},
)
