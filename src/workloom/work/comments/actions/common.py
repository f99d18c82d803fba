"""What every change of a comment shares: its event, its entry in the index, its place among the answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F

from workloom.core.search import IndexEntry, drop_rows, index_rows
from workloom.work.comments.events import CommentEvent
from workloom.work.comments.models import Comment
from workloom.work.tasks.actions.recording import event_with_task
from workloom.work.tasks.rules import CLOSED

E = TypeVar("E", bound=CommentEvent)


def comment_event(kind: type[E], comment: Comment, changes: Mapping[str, tuple[Any, Any]]) -> E:
    """Make an event about a comment whose task and project are loaded."""
    return event_with_task(kind, comment.task, object_id=comment.pk, version=comment.version, changes=changes)


def index_comments(comments: Sequence[Comment]) -> None:
    """Enter live comments, whose tasks are loaded, as they are now."""
    index_rows([_entry(comment) for comment in comments])


def unindex_comments(comments: Iterable[UUID]) -> None:
    """Take comments out of the index."""
    drop_rows(comments)


def _entry(comment: Comment) -> IndexEntry:
    return IndexEntry(
        object_id=comment.pk,
        kind="comment",
        scope=comment.task.project_id,
        subject=comment.task_id,
        is_open=comment.task.status_category not in CLOSED,
        title="",
        body=comment.body,
        updated_at=comment.updated_at,
    )


def appear(comment: Comment) -> None:
    """Count a comment that is shown from now on at the one that it answers, which may be shown again itself by that."""
    _count_answer(comment.parent_id, 1)


def vanish(comment: Comment) -> None:
    """Take a comment that is no longer shown out of the count of the one that it answers."""
    _count_answer(comment.parent_id, -1)


def _count_answer(parent_id: UUID | None, change: int) -> None:
    while parent_id is not None:
        Comment.objects.filter(pk=parent_id).update(answers_count=F("answers_count") + change, version=F("version") + 1)
        parent = Comment.objects.only("answers_count", "deleted_at", "parent_id").get(pk=parent_id)
        came_or_went = parent.answers_count == (1 if change > 0 else 0)
        parent_id = parent.parent_id if parent.deleted_at is not None and came_or_went else None
