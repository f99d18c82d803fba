"""Where a text can stand in a body: every field of a form, of the objects inside it and of its lists, by all its names."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tests.bad_input.hostile import strings
from workloom.core.errors import Refused
from workloom.core.http.inputs import Input

PARTS: Mapping[str, Mapping[str, Any]] = {
    "columns": {"name": "Column"},
    "statuses": {"label": "Label", "category": "todo"},
    "transitions": {"from": "todo", "to": "done"},
}
"""What an object inside a list looks like at least; a list of objects that is not named here fails."""
Step = str | int


@dataclass(frozen=True)
class Place:
    """A field, and the way to it from the body; `names` are those of the outermost step that the form knows."""

    steps: tuple[Step, ...]
    names: tuple[str, ...]
    field: Any

    def __str__(self) -> str:
        return ".".join(map(str, self.steps))

    @property
    def is_whole_list(self) -> bool:
        """Tell a text in place of a list or an object from one inside."""
        return isinstance(self.field, serializers.ListField | serializers.DictField)

    @property
    def is_in_a_part(self) -> bool:
        """Tell whether it belongs to an object in a list, of which there can be many."""
        return len(self.steps) > 2 and isinstance(self.steps[1], int)

    def in_part(self, number: int) -> "Place":
        """The same place in another object of the list."""
        return replace(self, steps=(self.steps[0], number, *self.steps[2:]))

    @property
    def top(self) -> str:
        """The name of the field of the body that holds the place."""
        return str(self.steps[0])

    def takes(self, text: str) -> bool:
        """Tell whether the field alone takes a text; anything but a refusal is a fault and passes through."""
        try:
            self.field.run_validation(text)
        except (ValidationError, Refused):
            return False
        return True

    def put(self, body: dict[str, Any], text: str, name: str | None = None) -> None:
        """Let the text stand here, with as much around it as it needs."""
        at: Any = body
        steps: list[Step] = [name or self.top, *self.steps[1:]]
        if name is not None and name != self.top and self.top in body:
            body[name] = body.pop(self.top)
        for step, following in pairwise(steps):
            at = _inside(at, step, following, self.top)
        if isinstance(at, list):
            at[:] = [text]
        elif steps[-1] == "*":
            at[text] = "done"
        else:
            at[steps[-1]] = text


def _inside(at: Any, step: Step, following: Step, top: str) -> Any:
    empty: Any = [] if isinstance(following, int) else {}
    if isinstance(step, int):
        while len(at) <= step:
            at.append(deepcopy(dict(PARTS[top])))
        return at[step]
    if not isinstance(at.get(step), type(empty)):
        at[step] = empty
    return at[step]


def places_of(form: type[Input]) -> list[Place]:
    """Every place of a form."""
    found = []
    for name, field in form().fields.items():
        names = (name, *(alias for alias, meant in form.aliases.items() if meant == name))
        found += [Place(steps, names, leaf) for steps, leaf in _leaves(field, (name,))]
    return found


@cache
def taken_by(form: type[Input]) -> Mapping[Place, Mapping[str, None]]:
    """For each place of a form the hostile texts that its field takes."""
    texts = strings()
    return {place: dict.fromkeys(text for text in texts if place.takes(text)) for place in places_of(form)}


def _leaves(field: Any, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    if isinstance(field, serializers.Serializer):
        for name, inner in field.fields.items():
            yield from _leaves(inner, (*steps, name))
        return
    if isinstance(field, serializers.DictField):
        yield from _leaves(field.child, (*steps, "review"))
        yield (*steps, "*"), field.child
    elif isinstance(field, serializers.ListField):
        yield from _leaves(field.child, (*steps, 0))
    yield steps, field


def value_at(document: Any, place: Place) -> Any:
    """What stands at a place in an answer; None when it does not show it."""
    for step in place.steps:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document
