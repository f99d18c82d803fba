"""Custom fields of a Trello board: two kinds have a home with us, the others are named as lost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from workloom.core.text import fold
from workloom.outlets.exchange.sources import words
from workloom.outlets.exchange.sources.drafting import Draft
from workloom.outlets.exchange.sources.json_file import Entry
from workloom.outlets.exchange.sources.numbers import estimate_of
from workloom.outlets.exchange.sources.trello_shapes import CardShape, CustomFieldShape, FieldItemShape
from workloom.outlets.exchange.sources.typed import typed

_ESTIMATES: Final = frozenset({"estimate", "points", "story points", "story point estimate"})


@dataclass(frozen=True, slots=True)
class FieldValues:
    """What the custom fields of one card say in our terms."""

    priority: str | None = None
    estimate: Decimal | None = None


class CustomFields:
    """The fields that the board declares."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._fields: dict[str, CustomFieldShape] = {}
        self._options: dict[str, str] = {}

    def take(self, entry: Entry) -> None:
        """Remember a declared field and what its options say."""
        if found := typed(self.draft, entry, CustomFieldShape):
            self._fields[found.id] = found
            self._options.update((one.id, (one.value and one.value.text) or "") for one in found.options)

    def read(self, card: CardShape) -> FieldValues:
        """Read a drop-down called priority and a number called estimate; name every field that has no home."""
        values = FieldValues()
        for item in card.custom_fields:
            name = self._name(item)
            priority = words.priority_of(self._options.get(item.option or "", "")) if fold(name) == "priority" else None
            estimate = self._estimate(name, item)
            if priority is None and estimate is None:
                self._lose(name, item)
            values = FieldValues(priority or values.priority, values.estimate if estimate is None else estimate)
        return values

    def _estimate(self, name: str, item: FieldItemShape) -> Decimal | None:
        is_estimate = fold(name) in _ESTIMATES and item.value is not None
        return estimate_of((item.value and item.value.number) or "") if is_estimate else None

    def _name(self, item: FieldItemShape) -> str:
        found = self._fields.get(item.field)
        return found.name if found else item.field

    def _lose(self, name: str, item: FieldItemShape) -> None:
        value = self._options.get(item.option or "") or (item.value and (item.value.text or item.value.number)) or "set"
        self.draft.lose("custom_field", "Custom fields have no counterpart here.", f"{name}: {value}")
