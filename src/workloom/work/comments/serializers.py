"""What comes in about comments."""

from typing import ClassVar

from workloom.core.http.inputs import Id, Input, NewId, Text
from workloom.work.comments.rows import CommentRow
from workloom.work.comments.rules import CommentInput, EditInput

LONGEST = 100_000


class EditCommentIn(Input):
    """Another text, in Markdown."""

    builds: ClassVar = EditInput
    row: ClassVar = CommentRow

    body = Text(min_length=1, max_length=LONGEST)


class NewCommentIn(Input):
    """A comment in Markdown; `parent` is the comment that it answers."""

    builds: ClassVar = CommentInput
    row: ClassVar = CommentRow
    aliases: ClassVar = {"parent_id": "parent"}

    id = NewId(required=False)
    body = Text(min_length=1, max_length=LONGEST)
    parent = Id(required=False, allow_null=True)  # type: ignore[assignment] # the metaclass moves it away
