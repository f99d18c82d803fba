"""Taking a comment back, for good after 30 days."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.events.erase import erase_texts
from workloom.events.record import record
from workloom.work.comments.actions.common import appear, comment_event, index_comments, unindex_comments, vanish
from workloom.work.comments.events import CommentDeleted, CommentRestored
from workloom.work.comments.models import Comment, Mention
from workloom.work.comments.rules import KEPT_FOR
from workloom.work.tasks.actions import count_on_task


@write
def delete_comment(comment: Comment, *, actor: Actor) -> None:
    """Take a comment to the trash; with answers it keeps its place, without its text. The task's row must be locked."""
    comment.deleted_at, comment.deleted_by_id = now(), actor.id
    comment.updated_at = comment.deleted_at
    comment.version += 1
    comment.save(update_fields=["deleted_at", "deleted_by", "updated_at", "version"])
    if not comment.answers_count:
        vanish(comment)
    count_on_task(comment.task_id, "comments_count", -1)
    unindex_comments([comment.pk])
    record(comment_event(CommentDeleted, comment, {"body": (comment.body, None)}), actor=actor)


@write
def restore_comment(comment: Comment, *, actor: Actor) -> Comment:
    """Bring a comment back out of the trash. The task's row must be locked."""
    comment.deleted_at, comment.deleted_by_id, comment.updated_at = None, None, now()
    comment.version += 1
    comment.save(update_fields=["deleted_at", "deleted_by", "updated_at", "version"])
    if not comment.answers_count:
        appear(comment)
    count_on_task(comment.task_id, "comments_count", 1)
    index_comments([comment])
    record(comment_event(CommentRestored, comment, {"body": (None, comment.body)}), actor=actor)
    return comment


def purge_old_comments(limit: int = 500) -> int:
    """Delete for good what has lain in the trash for 30 days, texts in the log included; returns how many that were.

    One that keeps its place for answers loses its text, and goes when the last answer has gone.
    """
    old = Comment.objects.filter(~Q(body="") | Q(answers_count=0), deleted_at__lt=now() - KEPT_FOR)
    return _purge(list(old.order_by("deleted_at").values_list("pk", flat=True)[:limit]))


@write
def _purge(comments: Sequence[UUID]) -> int:
    doomed = Comment.objects.filter(pk__in=comments, deleted_at__isnull=False)
    keys = list(doomed.values_list("pk", flat=True))
    erase_texts(keys)
    Mention.objects.filter(comment__in=keys).delete()
    doomed.filter(answers_count=0).delete()
    doomed.update(body="")
    return len(keys)
