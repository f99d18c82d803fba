"""Comments by what one may do with them."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.errors import Conflict, Forbidden, Missing
from workloom.people.rights.rules import Right
from workloom.work.comments.models import Comment
from workloom.work.comments.rules import can_come_back
from workloom.work.tasks.access import access_task, demand_on_task, rights_on_task


def access_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Return a comment on a task that the actor sees; raises Missing."""
    return _access(actor, comment_id, lock=False)


def access_own_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Return a live comment that the actor wrote and may still write here, its task locked.

    Raises Missing, Forbidden or, for one that only keeps its place, Conflict.
    """
    comment = _live(_access(actor, comment_id, lock=True))
    demand_on_task(actor, comment.task, [Right.COMMENT_ADD])
    if comment.author_id != actor.id:
        raise Forbidden("not_the_author", "Only its author can change a comment.")
    return comment


def access_removable_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Return a live comment that the actor may delete, its task locked; raises Missing, Forbidden or Conflict."""
    comment = _access(actor, comment_id, lock=True)
    if comment.author_id != actor.id:
        demand_on_task(actor, comment.task, [Right.COMMENT_DELETE])
    demand_on_task(actor, comment.task, [Right.COMMENT_ADD])
    return _live(comment)


def access_deleted_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Return a comment out of the trash, its task locked: authors undo what they deleted, managers all.

    Raises Missing for what others deleted and does not keep its place, for nothing is seen of that; Forbidden for what does.
    """
    comment = _find(actor, comment_id, lock=True)
    deleted_by = comment.author_id if comment.deleted_at is None else comment.deleted_by_id
    is_own = actor.id is not None and comment.author_id == deleted_by == actor.id
    if not is_own and Right.COMMENT_DELETE not in rights_on_task(actor, comment.task):
        if not comment.answers_count and comment.deleted_at is not None:
            raise Missing
        raise Forbidden("not_the_author", "Only who deleted a comment of their own, or a manager, can bring it back.")
    demand_on_task(actor, comment.task, [Right.COMMENT_ADD])
    if comment.deleted_at is None:
        raise Conflict("not_deleted", "This comment is not in the trash.")
    if not comment.body or not can_come_back(comment.deleted_at, now()):
        raise Missing
    return comment


def _access(actor: Actor, comment_id: UUID, *, lock: bool) -> Comment:
    comment = _find(actor, comment_id, lock=lock)
    if comment.deleted_at is not None and not comment.answers_count:
        raise Missing
    return comment


def _find(actor: Actor, comment_id: UUID, *, lock: bool) -> Comment:
    """Read the comment once its task is locked: every change of a comment holds that lock."""
    task_id = Comment.objects.filter(pk=comment_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise Missing
    task = access_task(actor, str(task_id), Right.TASK_READ_OWN, lock=lock)
    comment = Comment.objects.filter(pk=comment_id, task=task).first()
    if comment is None:
        raise Missing
    comment.task = task
    return comment


def _live(comment: Comment) -> Comment:
    if comment.deleted_at is not None:
        raise Conflict("comment_deleted", "This comment was deleted; it only keeps its place for the answers to it.")
    return comment
