"""What the log says of comments: the subject is the task, whose key stands for the comment, which has none."""

from typing import ClassVar

from workloom.events.record import Event


class CommentEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "comment"


class CommentCreated(CommentEvent):
    """Somebody said something about a task: `body`, `parent`, `mentions`."""

    type: ClassVar[str] = "comment.created"
    only_adds: ClassVar[bool] = True


class CommentUpdated(CommentEvent):
    """A comment was changed by its author, or found its author after an import: `body`, `mentions`, `author`."""

    type: ClassVar[str] = "comment.updated"


class CommentDeleted(CommentEvent):
    """A comment was deleted: `body`."""

    type: ClassVar[str] = "comment.deleted"


class CommentRestored(CommentEvent):
    """A deleted comment came back: `body`."""

    type: ClassVar[str] = "comment.restored"
