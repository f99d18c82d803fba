"""What the log says of comments: the subject is the task, whose key stands for the comment, which has none."""

from typing import ClassVar

from workloom.events.record import Event


class CommentEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "comment"


class CommentCreated(CommentEvent):
    type: ClassVar[str] = "comment.created"


class CommentUpdated(CommentEvent):
    type: ClassVar[str] = "comment.updated"


class CommentDeleted(CommentEvent):
    type: ClassVar[str] = "comment.deleted"


class CommentRestored(CommentEvent):
    type: ClassVar[str] = "comment.restored"
