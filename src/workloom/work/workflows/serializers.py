"""What comes in about workflows."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from workloom.core.http.documents import field_schema
from workloom.core.http.inputs import Colour, Input, Text, Word
from workloom.core.http.parts import Part
from workloom.people.rights.rules import Role
from workloom.work.workflows.models import StatusCategory
from workloom.work.workflows.rows import WorkflowRow
from workloom.work.workflows.rules.moves import Guard
from workloom.work.workflows.rules.statuses import LONGEST_SLUG, StatusWish, word_key
from workloom.work.workflows.rules.wishes import ALL, TransitionWish, WorkflowWish

MOST_STATUSES = 200


class StatusWord(Text):
    """A status by slug or label."""

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "maxLength": 200, "examples": ["todo"]}


class Slug(Text):
    """The unchanging name of a status."""

    def to_internal_value(self, data: Any) -> str:
        """Take it as it is compared."""
        return word_key(super().to_internal_value(data))[:LONGEST_SLUG]


class Words(serializers.ListField):
    """A set of words, kept in the order of their enumeration."""

    def to_internal_value(self, data: Any) -> Any:
        """Drop doubles."""
        words = super().to_internal_value(data)
        return tuple(word for word in self.child.allowed if word in words)  # type: ignore[attr-defined] # the child is a Word


class StatusPart(Part):
    builds = StatusWish
    aliases: ClassVar[Mapping[str, str]] = {"color": "colour", "name": "label"}

    slug = Slug(max_length=200, required=False)
    label = Text(max_length=200, required=False)  # type: ignore[assignment] # the framework takes it for a field
    category = Word(StatusCategory, required=False)
    colour = Colour(required=False)
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)


class TransitionPart(Part):
    builds = TransitionWish
    aliases: ClassVar[Mapping[str, str]] = {"source": "from", "target": "to"}

    to = StatusWord(max_length=200, source="target")
    roles = Words(child=Word(Role), required=False)
    guards = Words(child=Word(Guard), required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, which Python does not allow as a name."""
        return {"from": StatusWord(max_length=200, source="source"), **super().get_fields()}


class Transitions(serializers.ListField):
    """A list of moves, or the word all."""

    child = TransitionPart()
    default_error_messages = {"not_a_list": "Send a list of moves, or the word all."}

    @property
    def openapi(self) -> dict[str, Any]:
        """Describe both forms."""
        moves = {"type": "array", "items": field_schema(self.child), "maxItems": self.max_length}
        return {"anyOf": [{"type": "string", "const": ALL}, moves]}

    def to_internal_value(self, data: Any) -> Any:
        """Keep the word as it is."""
        if isinstance(data, str) and data.strip().lower() == ALL:
            return ALL
        return tuple(super().to_internal_value(data))


class Statuses(serializers.ListField):
    child = StatusPart()

    def to_internal_value(self, data: Any) -> Any:
        """Return a tuple: what is wished does not change."""
        return tuple(super().to_internal_value(data))


class Successors(serializers.DictField):
    """For each status that goes, by slug: the one that its tasks get."""

    child = Text(max_length=200)
    openapi: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "examples": [{"review": "done"}],
    }


class WorkflowIn(Input):
    """Statuses and transitions are whole lists; a status that is not on the list any more goes."""

    builds = WorkflowWish
    row = WorkflowRow

    statuses = Statuses(min_length=1, max_length=MOST_STATUSES)
    initial = StatusWord(max_length=200, required=False)
    transitions = Transitions(max_length=5000, required=False)
    successors = Successors(required=False, help_text="For each status that goes, by slug: the one that its tasks get.")
