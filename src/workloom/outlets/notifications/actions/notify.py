"""From an event of the log to the people who are told of it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from workloom.core.db import write
from workloom.events.rows import Published
from workloom.outlets.notifications.actions.telling import Notice, tell
from workloom.outlets.notifications.queries.around import (
    around_each,
    author_of_parent,
    labels_of,
    live_tasks_of,
    people_named,
)
from workloom.outlets.notifications.rules.reasons import (
    TO_ALL,
    Around,
    assigned_by,
    calls_somebody,
    is_for_all,
    mentioned_by,
    names_in_description,
    strongest,
)
from workloom.people.accounts.rules.notices import NoticeKind
from workloom.work.tasks.models import Task

Reason = tuple[NoticeKind, frozenset[UUID]]


@write
def notify_of(*events: Published) -> int:
    """Tell everybody whom events about tasks concern; returns how many notifications that made."""
    telling = [event for event in events if is_for_all(event.type) or calls_somebody(event.changes)]
    tasks = live_tasks_of(telling)
    about = [(event, tasks[event.subject_id]) for event in telling if event.subject_id in tasks]
    circles = around_each({task.pk: task for event, task in about if is_for_all(event.type)}.values())
    told = [(event, task, _told_of(event, circles.get(task.pk))) for event, task in about]
    labels = labels_of([(task.project_id, slug) for event, task, people in told if people for slug in _statuses(event)])
    return tell(
        [
            Notice(
                kind=kind,
                task=task,
                person=person,
                cause=str(event.id),
                event=event.id,
                actor=event.actor_id,
                comment=event.object_id if event.object_type == "comment" else None,
                detail=_detail(event, task, labels),
            )
            for event, task, people in told
            for person, kind in people.items()
        ]
    )


def _told_of(event: Published, circle: Around | None) -> dict[UUID, NoticeKind]:
    return strongest([reason for reason in _reasons(event, circle) if reason[1]], actor=event.actor_id)


def _reasons(event: Published, circle: Around | None) -> Iterator[Reason]:
    if event.object_type == "task":
        yield NoticeKind.ASSIGNED, assigned_by(event.changes)
        yield NoticeKind.MENTIONED, people_named(names_in_description(event.changes))
    else:
        yield NoticeKind.MENTIONED, mentioned_by(event.changes)
    if circle is not None and is_for_all(event.type):
        yield TO_ALL[event.type], circle.everyone | (author_of_parent(event) - circle.muted)


def _statuses(event: Published) -> list[str]:
    pair = event.changes.get("status")
    return list(pair) if event.type == "task.status_changed" and pair else []


def _detail(event: Published, task: Task, labels: Mapping[tuple[UUID, str], str]) -> dict[str, Any]:
    statuses = [labels.get((task.project_id, slug), slug) for slug in _statuses(event)]
    return dict(zip(("from", "to"), statuses, strict=False))
