"""Putting one person in another's place as author of all comments of a project."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.events.record import record_many
from workloom.work.comments.actions.common import comment_event
from workloom.work.comments.events import CommentUpdated
from workloom.work.comments.models import Comment
from workloom.work.projects.models import Project

BATCH = 500


@write
def hand_over_comments(project: Project, old: UUID, new: UUID, *, actor: Actor) -> int:
    """Name another author, on deleted comments too; returns how many that were."""
    keys = list(Comment.objects.filter(task__project=project, author=old).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        batch = list(Comment.objects.filter(pk__in=keys[at : at + BATCH]).select_related("task__project"))
        for comment in batch:
            comment.author_id = new
            comment.version += 1
        Comment.objects.bulk_update(batch, ["author", "version"], batch_size=BATCH)
        changes = {"author": (old, new)}
        record_many([comment_event(CommentUpdated, comment, changes) for comment in batch], actor=actor)
    return len(keys)
