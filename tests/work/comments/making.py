"""Comments for tests, made through the one action that makes them."""

from tests.work.tasks.making import acting
from workloom.people.accounts.models import User
from workloom.work.comments.actions import NewComment, add_comments
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task


def make_comment(task: Task, by: User, body: str = "A remark", parent: Comment | None = None) -> Comment:
    """One comment."""
    return add_comments([NewComment(task=task, author=by.pk, body=body, parent=parent)], actor=acting(by))[0]
