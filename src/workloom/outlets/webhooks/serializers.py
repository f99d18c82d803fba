"""What comes in about webhooks."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec
from rest_framework import serializers

from workloom.core.http.inputs import Flag, Id, Input, Moment, NewId, Text, Word
from workloom.outlets.webhooks.rows import WebhookRow
from workloom.outlets.webhooks.rules import Again, HookWish, NewHook

_LONGEST_URL: Final = 2048
_MOST_EVENTS: Final = 200
_LAST_SEQ: Final = 2**63 - 1


class EventWords(serializers.ListField):
    """Event types such as task.created, all of a kind such as task.*, or *."""

    child = Text(max_length=100)

    def to_internal_value(self, data: Any) -> Any:
        """Take one word as a list of one."""
        return tuple(super().to_internal_value([data] if isinstance(data, str) else data))


class NewWebhookIn(Input):
    """Of a `project`, or of a `workspace` with all its projects. Without `events` it gets all."""

    builds = NewHook
    aliases: ClassVar[Mapping[str, str]] = {"project_id": "project", "workspace_id": "workspace"}

    id = NewId(required=False)
    project = Id(required=False, allow_null=True)
    workspace = Id(required=False, allow_null=True)
    url = Text(max_length=_LONGEST_URL)
    events = EventWords(required=False, min_length=1, max_length=_MOST_EVENTS)
    is_active = Flag(required=False)


class EditWebhookIn(Input):
    """A webhook stays where it belongs."""

    builds = HookWish
    row: ClassVar[type[msgspec.Struct] | None] = WebhookRow
    aliases: ClassVar[Mapping[str, str]] = {}

    url = Text(max_length=_LONGEST_URL)
    events = EventWords(required=False, min_length=1, max_length=_MOST_EVENTS)
    is_active = Flag(required=False)


class AgainIn(Input):
    """Which deliveries: by the numbers of their events, or by when they were made; failed ones unless `state` says more."""

    builds = Again

    state = Word(("failed", "delivered", "any"), required=False)
    after_seq = serializers.IntegerField(min_value=0, max_value=_LAST_SEQ, required=False)
    until_seq = serializers.IntegerField(min_value=0, max_value=_LAST_SEQ, required=False)
    after = Moment(required=False)
    before = Moment(required=False)
