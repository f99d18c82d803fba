"""One function per verb."""

from workloom.work.comments.actions.follow import follow_task, return_with_tasks
from workloom.work.comments.actions.trash import delete_comment, purge_old_comments, restore_comment
from workloom.work.comments.actions.write import NewComment, add_comments, edit_comment

__all__ = [
    "NewComment",
    "add_comments",
    "delete_comment",
    "edit_comment",
    "follow_task",
    "purge_old_comments",
    "restore_comment",
    "return_with_tasks",
]
