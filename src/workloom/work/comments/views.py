"""The doors of comments."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.comments.access import (
    access_comment,
    access_deleted_comment,
    access_own_comment,
    access_removable_comment,
)
from workloom.work.comments.actions import add_comments, delete_comment, edit_comment, restore_comment
from workloom.work.comments.actions.write import new_comment
from workloom.work.comments.models import Comment
from workloom.work.comments.queries import COMMENTS, LISTING, comments_on
from workloom.work.comments.rows import CommentRow
from workloom.work.comments.serializers import EditCommentIn, NewCommentIn
from workloom.work.tasks.access import access_task


class CommentList(Endpoint):
    """The comments on a task."""

    asks_along = True

    @operation("List a task's comments", listing=LISTING, reply=CommentRow, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """In pages, the newest first. A deleted comment that has answers keeps its place, without its text."""
        return self.page(LISTING, comments_on(access_task(self.actor, task, Right.TASK_READ_OWN)))

    @operation("Comment on a task", body=NewCommentIn, shows=COMMENTS, status=201, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """In Markdown. `@username` mentions a person of the project; they and you are told of the task from now on."""
        found = access_task(self.actor, task, Right.COMMENT_ADD, lock=True)
        wanted = new_comment(found, self.parse(NewCommentIn), author=self.actor.person)
        (comment,) = add_comments([wanted], actor=self.actor)
        location = f"/api/v1/comments/{comment.pk}/"
        return self.show(COMMENTS, comment, status=201, location=location)


class CommentItem(Endpoint):
    """One comment."""

    asks_along = True

    @operation("Get a comment", shows=COMMENTS, errors=(404,))
    def get(self, request: Request, comment_id: UUID) -> HttpResponse:
        """`fields=body_html` answers the text as safe HTML."""
        comment = access_comment(self.actor, comment_id)
        return self.show(COMMENTS, comment)

    @operation("Change a comment", body=EditCommentIn, shows=COMMENTS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, comment_id: UUID) -> HttpResponse:
        """Only by its author; it is marked as edited from then on."""
        return self._edit(comment_id)

    @operation("Replace a comment", body=EditCommentIn, shows=COMMENTS, errors=(403, 404, 409, 412))
    def put(self, request: Request, comment_id: UUID) -> HttpResponse:
        """As PATCH, but `body` must be sent."""
        return self._edit(comment_id)

    @operation("Delete a comment", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, comment_id: UUID) -> HttpResponse:
        """By its author or a manager, to the trash for 30 days. While it has answers it keeps its place, without its text."""
        comment = access_removable_comment(self.actor, comment_id)
        self.guard(comment.version, partial(self._row, comment))
        delete_comment(comment, actor=self.actor)
        return self.done()

    def _edit(self, comment_id: UUID) -> HttpResponse:
        comment = access_own_comment(self.actor, comment_id)
        current = partial(self._row, comment)
        wanted = self.parse(EditCommentIn, current=current)
        touched = partial(fields_touched_since, comment.pk)
        self.guard(comment.version, current, sent=sent_fields(wanted), touched=touched)
        edit_comment(comment, wanted, actor=self.actor)
        return self.show(COMMENTS, comment)

    def _row(self, comment: Comment) -> CommentRow:
        return COMMENTS.one(Comment.objects.filter(pk=comment.pk), Wanted(self.actor))


class CommentRestore(Endpoint):
    """The way back from the trash."""

    @operation("Restore a comment", shows=COMMENTS, errors=(403, 404, 409))
    def post(self, request: Request, comment_id: UUID) -> HttpResponse:
        """Within 30 days; authors bring back what they deleted themselves, managers all."""
        comment = access_deleted_comment(self.actor, comment_id)
        restore_comment(comment, actor=self.actor)
        return self.show(COMMENTS, comment)
