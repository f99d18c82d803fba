"""Reading bodies: what is right comes out as it was meant, what is wrong is told with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.urls import get_resolver
from rest_framework import serializers

from workloom.core.http.inputs import Ids, Input, Text, read_input

ONE, OTHER = UUID("01a22de0-6559-7aae-9863-3c58ce64f722"), UUID("01a22de0-6559-7aae-9863-3c58ce64f723")


@dataclass(frozen=True)
class Wish:
    """What comes of the body below."""

    title: str
    people: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    source: str = ""


class WishIn(Input):
    """A body."""

    builds: ClassVar = Wish

    title = Text(max_length=5)
    people = Ids(max_length=2, required=False)
    places = Ids(max_length=2, required=False, allow_empty=False)

    def get_fields(self) -> dict[str, Any]:
        """Name a field by a word that the language keeps for itself."""
        return {"from": Text(source="source", required=False), **super().get_fields()}


def read(**body: Any) -> Wish:
    wish: Wish = read_input(WishIn, {"title": "x", **body}, whole=True, current=None)
    return wish


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ([str(ONE), str(OTHER)], (ONE, OTHER)),
        ([str(OTHER), str(ONE), str(OTHER)], (OTHER, ONE)),
        (str(ONE), (ONE,)),
        ([ONE], (ONE,)),
        ([], ()),
        (None, ()),
    ],
)
def test_ids_come_as_a_list_or_alone(sent: Any, meant: tuple[UUID, ...]) -> None:
    assert read(people=sent).people == meant


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"people": [str(ONE), "no id"]}, {"people": {1: "invalid"}}),
        ({"people": [str(ONE), None]}, {"people": {1: "null"}}),
        ({"people": "no id"}, {"people": {0: "invalid"}}),
        ({"people": 7}, {"people": "not_a_list"}),
        ({"people": {"id": str(ONE)}}, {"people": "not_a_list"}),
        ({"places": []}, {"places": "empty"}),
        ({"title": "too long", "people": [7]}, {"title": "max_length", "people": {0: "invalid"}}),
        ({"title": None, "from": 7}, {"title": "null", "from": "invalid"}),
    ],
)
def test_what_is_wrong_is_told_with_its_place(sent: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(serializers.ValidationError) as refused:
        read(**sent)
    assert _first_codes(refused.value.get_codes()) == wrong


def test_a_field_goes_where_it_says() -> None:
    assert read(**{"from": "here"}).source == "here"


def test_no_form_asks_for_what_is_passed_over() -> None:
    """Bodies are read without the framework's nested forms, dotted places and methods named after fields."""
    _ = get_resolver().url_patterns  # loads every form
    forms = [form for form in _below(Input) if form.__module__.startswith("workloom.")]
    assert len(forms) > 40
    for form in forms:
        fields = form().fields
        assert not [name for name in fields if hasattr(form, f"validate_{name}")], form
        assert not [name for name, field in fields.items() if "." in field.source or field.source == "*"], form
        assert not [name for name, field in fields.items() if isinstance(field, Input | serializers.ImageField)], form


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _first_codes(codes: Any) -> Any:
    if isinstance(codes, dict):
        return {name: _first_codes(inside) for name, inside in codes.items()}
    return codes[0]
