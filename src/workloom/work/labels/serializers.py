"""What comes in about labels and categories."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from workloom.core.http.inputs import Colour, Id, Input, NewId, Text
from workloom.work.labels.rows import CategoryRow, LabelRow
from workloom.work.labels.rules import NewTag, TagWish

_MADE: Mapping[str, str] = {"color": "colour", "project_id": "project", "workspace_id": "workspace"}


class NewLabelIn(Input):
    """Of a `project`, or of a `workspace` and usable in all its projects; without either, of the personal workspace."""

    builds = NewTag
    aliases = _MADE

    id = NewId(required=False)
    name = Text(max_length=200)
    colour = Colour(required=False)
    project = Id(required=False, allow_null=True)
    workspace = Id(required=False)


class NewCategoryIn(NewLabelIn):
    """As for labels."""


class EditLabelIn(Input):
    """A label stays where it belongs."""

    builds = TagWish
    row: ClassVar[type[msgspec.Struct] | None] = LabelRow
    aliases: ClassVar[Mapping[str, str]] = {"color": "colour"}

    name = Text(max_length=200)
    colour = Colour(required=False)


class EditCategoryIn(EditLabelIn):
    """A category stays where it belongs."""

    row = CategoryRow
