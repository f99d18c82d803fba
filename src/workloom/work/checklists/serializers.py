"""What comes in about checklists."""

from typing import ClassVar

from rest_framework import serializers

from workloom.core.http.inputs import Flag, Id, Input, NewId, Text
from workloom.work.checklists.rows import ChecklistRow, ItemRow
from workloom.work.checklists.rules import MOST_ITEMS, ChecklistInput, ItemInput


class EditChecklistIn(Input):
    """Its name and its place: `position` from 0, or `after` another checklist (null: first)."""

    builds: ClassVar = ChecklistInput
    row: ClassVar = ChecklistRow

    name = Text(min_length=1, max_length=200)
    position = serializers.IntegerField(min_value=0, max_value=MOST_ITEMS, required=False)
    after = Id(required=False, allow_null=True)


class NewChecklistIn(EditChecklistIn):
    """A new checklist, behind the others unless a place is named."""

    id = NewId(required=False)


class EditItemIn(Input):
    """Its text, whether it is done, who does it, and its place: `position` from 0, or `after` another item (null: first)."""

    builds: ClassVar = ItemInput
    row: ClassVar = ItemRow
    aliases: ClassVar = {
        "assignee_id": "assignee",
        "assigned_to": "assignee",
        "assigned_user": "assignee",
        "is_done": "done",
    }

    text = Text(min_length=1, max_length=500)
    done = Flag(required=False)
    assignee = Id(required=False, allow_null=True)
    position = serializers.IntegerField(min_value=0, max_value=MOST_ITEMS, required=False)
    after = Id(required=False, allow_null=True)


class NewItemIn(EditItemIn):
    """A new item, behind the others unless a place is named."""

    id = NewId(required=False)
