"""From an event of the log to the people who are told of it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from workloom.core.db import write
from workloom.events.rows import Published
from workloom.outlets.notifications.actions.telling import Notice, tell
from workloom.outlets.notifications.queries.around import around, author_of_parent, labels_of, people_named, task_of
from workloom.outlets.notifications.rules.reasons import (
    TO_ALL,
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
def notify_of(event: Published) -> int:
    """Tell everybody whom an event about a task concerns; returns how many notifications that made."""
    if not is_for_all(event.type) and not calls_somebody(event.changes):
        return 0
    task = task_of(event.subject_id)
    if task is None:
        return 0
    reasons = [reason for reason in _reasons(event, task) if reason[1]]
    told = strongest(reasons, actor=event.actor_id)
    if not told:
        return 0
    is_comment = event.object_type == "comment"
    detail = _detail(event, task)
    return tell(
        [
            Notice(
                kind=kind,
                task=task,
                person=person,
                cause=str(event.id),
                event=event.id,
                actor=event.actor_id,
                comment=event.object_id if is_comment else None,
                detail=detail,
            )
            for person, kind in told.items()
        ]
    )


def _reasons(event: Published, task: Task) -> Iterator[Reason]:
    if event.object_type == "task":
        yield NoticeKind.ASSIGNED, assigned_by(event.changes)
        yield NoticeKind.MENTIONED, people_named(names_in_description(event.changes))
    else:
        yield NoticeKind.MENTIONED, mentioned_by(event.changes)
    if is_for_all(event.type):
        circle = around(task)
        yield TO_ALL[event.type], circle.everyone | (author_of_parent(event) - circle.muted)


def _detail(event: Published, task: Task) -> dict[str, Any]:
    pair = event.changes.get("status")
    if event.type != "task.status_changed" or not pair:
        return {}
    labels = labels_of(task.project_id, pair)
    return {"from": labels.get(pair[0], pair[0]), "to": labels.get(pair[1], pair[1])}
