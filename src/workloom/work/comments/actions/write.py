"""Saying something, and saying it better."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict, Invalid
from workloom.core.ids import uuid7
from workloom.events.record import record, record_many
from workloom.work.comments.actions.common import appear, comment_event, index_comments
from workloom.work.comments.events import CommentCreated, CommentUpdated
from workloom.work.comments.models import Comment, Mention
from workloom.work.comments.queries import mentions_of, people_mentioned
from workloom.work.comments.rules import CommentInput, EditInput
from workloom.work.tasks.actions import count_on_task
from workloom.work.tasks.actions.relations import watch
from workloom.work.tasks.models import Task

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A comment to be made, with everything looked up; imports know the true time and author."""

    task: Task
    author: UUID
    body: str
    parent: Comment | None = None
    id: UUID | None = None
    created_at: datetime | None = None


def new_comment(task: Task, wanted: CommentInput, *, author: UUID) -> NewComment:
    """Look up what a new comment names; raises Invalid for a parent that is not there, Conflict for an id that is taken."""
    key = wanted.id if isinstance(wanted.id, UUID) else None
    if key is not None and Comment.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "This id is taken. Make a new one.")
    return NewComment(task=task, author=author, body=wanted.body, parent=_parent(task, wanted.parent), id=key)


def _parent(task: Task, parent_id: UUID | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = Comment.objects.filter(pk=parent_id, task=task, deleted_at__isnull=True).first()
    if parent is None:
        raise Invalid("parent", "unknown_comment", "There is no such comment on this task.")
    return parent


@write
def add_comments(wanted: Sequence[NewComment], *, actor: Actor) -> list[Comment]:
    """Write comments; who writes or is mentioned is told of the task from now on. The tasks' rows must be locked."""
    moment = now()
    comments = [_comment(new, moment) for new in wanted]
    mentioned = [people_mentioned(new.task.project, new.body) for new in wanted]
    Comment.objects.bulk_create(comments, batch_size=BATCH)
    pairs = list(zip(comments, mentioned, strict=True))
    Mention.objects.bulk_create([Mention(comment=each, user_id=user) for each, users in pairs for user in users])
    for comment in comments:
        appear(comment)
    for task, count in Counter(comment.task_id for comment in comments).items():
        count_on_task(task, "comments_count", count)
    _watch(pairs)
    index_comments(comments)
    events = [_created(comment, users) for comment, users in pairs]
    record_many(events, actor=actor, at=[new.created_at for new in wanted])
    return comments


def _watch(pairs: Sequence[tuple[Comment, Sequence[UUID]]]) -> None:
    """Let authors and mentioned people be told of the tasks, in one statement for each task."""
    people: dict[Task, list[UUID]] = {}
    for comment, users in pairs:
        people.setdefault(comment.task, []).extend([comment.author_id, *users])
    for task, named in people.items():
        watch(task, list(dict.fromkeys(named)))


def _created(comment: Comment, users: Sequence[UUID]) -> CommentCreated:
    changes = {
        "body": (None, comment.body),
        "parent": (None, comment.parent_id),
        "mentions": (None, list(users) or None),
    }
    return comment_event(CommentCreated, comment, {name: pair for name, pair in changes.items() if pair[1]})


def _comment(new: NewComment, moment: datetime) -> Comment:
    at = new.created_at or moment
    return Comment(
        id=new.id or uuid7(),
        task=new.task,
        author_id=new.author,
        parent=new.parent,
        body=new.body,
        created_at=at,
        updated_at=at,
    )


@write
def edit_comment(comment: Comment, wanted: EditInput, *, actor: Actor) -> Comment:
    """Change the text and mark it as edited; the same text again changes nothing. The task's row must be locked."""
    old, body = comment.body, wanted.body
    if not isinstance(body, str) or body == old:
        return comment
    before = mentions_of([comment.pk]).get(comment.pk, [])
    users = people_mentioned(comment.task.project, body)
    comment.body, comment.edited_at = body, now()
    comment.updated_at = comment.edited_at
    comment.version += 1
    comment.save(update_fields=["body", "edited_at", "updated_at", "version"])
    changes: dict[str, tuple[object, object]] = {"body": (old, body)}
    if set(users) != set(before):
        _replace_mentions(comment, before, users)
        changes["mentions"] = (before, users)
    index_comments([comment])
    record(comment_event(CommentUpdated, comment, changes), actor=actor)
    return comment


def _replace_mentions(comment: Comment, before: Sequence[UUID], users: Sequence[UUID]) -> None:
    fresh = [user for user in users if user not in before]
    Mention.objects.filter(comment=comment, user__in=set(before) - set(users)).delete()
    Mention.objects.bulk_create([Mention(comment=comment, user_id=user) for user in fresh])
    watch(comment.task, fresh)
