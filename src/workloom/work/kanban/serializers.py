"""What comes in about boards."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from workloom.core.http.inputs import Flag, Id, Input, NewId, Text
from workloom.core.http.parts import Part
from workloom.work.boards.rows import BoardRow
from workloom.work.boards.rules import BoardWish, ColumnWish, NewBoard

MOST_COLUMNS = 200


class Slugs(serializers.ListField):
    """Statuses by slug or label."""

    child = Text(max_length=200)

    def to_internal_value(self, data: Any) -> Any:
        """Take one word as a list of one."""
        return tuple(super().to_internal_value([data] if isinstance(data, str) else data))


class ColumnPart(Part):
    builds = ColumnWish
    aliases: ClassVar[Mapping[str, str]] = {"title": "name", "status": "statuses"}
    echoes: ClassVar[frozenset[str]] = frozenset({"count", "over_limit", "cards", "next", "position"})

    id = Id(required=False)
    name = Text(max_length=200, required=False)
    statuses = Slugs(required=False, max_length=200)
    wip_limit = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    is_archived = Flag(required=False)


class Columns(serializers.ListField):
    """All columns of a board in their order."""

    child = ColumnPart()

    def to_internal_value(self, data: Any) -> Any:
        """Return a tuple: what is wished does not change."""
        return tuple(super().to_internal_value(data))


class NewBoardIn(Input):
    """Without `columns` the board gets one per status; without `project` it belongs to the Inbox."""

    builds = NewBoard
    aliases: ClassVar[Mapping[str, str]] = {"title": "name", "project_id": "project"}

    id = NewId(required=False)
    project = Id(required=False)
    name = Text(max_length=200)
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    columns = Columns(required=False, min_length=1, max_length=MOST_COLUMNS)


class EditBoardIn(Input):
    """`columns` is the whole list: those named by `id` stay, those left out go, new ones come without `id`."""

    builds = BoardWish
    row = BoardRow
    aliases: ClassVar[Mapping[str, str]] = {"title": "name"}

    name = Text(max_length=200)
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    columns = Columns(required=False, min_length=1, max_length=MOST_COLUMNS)
