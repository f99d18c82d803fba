"""Each hostile string in each field of each body: kept to the letter or refused as a 4xx problem that names the field."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from rest_framework import serializers

from tests.bad_input.hostile import SHARE, TURN, strings
from tests.bad_input.walk.doors import Door, Sender, doors
from tests.bad_input.walk.places import Place, taken_by, value_at
from tests.rights.world import World
from workloom.core.http.inputs import Text

TEXTS = strings()
DOORS = [door for door in doors() if door.row.operation.body is not None]
PLAIN = (Text, serializers.CharField)
ROUNDS = 30
PARTS_AT_ONCE = 40
NUMBER = re.compile(r'"field":"\w+[.\[](\d+)')
EDITS = ("PATCH", "PUT")
Sent = dict[Place, str]


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_what_a_body_takes_is_kept_or_refused_by_name(door: Door, world: World) -> None:
    walk = Walk(door, world)
    for at in walk.turns(len(TEXTS)):
        sent = {}
        for shift, place in enumerate(walk.free):
            text = TEXTS[(at + 37 * shift) % len(TEXTS)]
            if text in walk.taken[place]:
                sent[place] = text
        walk.try_together(sent, at)
    for place, texts in walk.taken.items():
        if place.is_in_a_part:
            tried = [text for at, text in enumerate(texts) if at in walk.turns(len(texts))]
            for at in range(0, len(tried), PARTS_AT_ONCE):
                walk.try_parts(place, tried[at : at + PARTS_AT_ONCE])
        elif place not in walk.free:
            tried = list(texts)
            for at in walk.turns(len(tried)):
                walk.try_together({place: tried[at]}, at)


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_what_a_body_does_not_take_is_refused_by_name(door: Door, world: World) -> None:
    """The forms themselves are shown every text in test_forms.py; here some go each way to the answer, others at each door."""
    walk = Walk(door, world)
    refused = {place: [text for text in TEXTS if text not in walk.taken[place]] for place in walk.places}
    plain = {place: texts for place, texts in refused.items() if texts and not place.is_whole_list}
    first = DOORS.index(door) * ROUNDS
    rounds = min(ROUNDS, max((len(texts) for texts in plain.values()), default=0))
    for at in range(first, first + rounds):
        walk.try_refused(
            {place: texts[(at + 37 * shift) % len(texts)] for shift, (place, texts) in enumerate(plain.items())}
        )
    for place, texts in refused.items():
        if place.is_whole_list:
            walk.try_refused({place: texts[first % len(texts)]})


class Walk:
    """One door, its places, and which texts the fields there take."""

    def __init__(self, door: Door, world: World) -> None:
        form = door.row.operation.body
        assert form is not None
        whole = next((other for other in DOORS if (other.row.route, other.row.method) == (door.row.route, "PUT")), door)
        self.base = {**whole.base(world), **door.base(world)}
        self.sender: Sender = door.sender(world)
        self.taken = taken_by(form)
        self.places = list(self.taken)
        self.first, self.step = _turns(door)
        self.free = [
            place
            for place, texts in self.taken.items()
            if len(texts) > len(TEXTS) / 2 and len(place.steps) == 1 and not place.is_whole_list
        ]

    def turns(self, number: int) -> range:
        """Which of so many tries are this door's: PUT and PATCH of one form do the same, and share them."""
        return range(self.first, number, self.step)

    def _body(self, sent: Sent, at: int) -> dict[str, Any]:
        body = deepcopy(self.base)
        for place, text in sent.items():
            alone = len([other for other in sent if other.top == place.top]) == 1
            place.put(body, text, place.names[at % len(place.names)] if alone else None)
        return body

    def try_together(self, sent: Sent, at: int) -> None:
        """Send texts in several fields; those that are refused by name are left out the next time, so that each has its say."""
        while sent:
            answer = self.sender.send(self._body(sent, at))
            if answer.status_code < 300:
                _check_kept(answer, sent)
                return
            named = _named(answer) & {place.top for place in sent}
            if not named and len(sent) > 1:
                for place, text in sent.items():
                    self.try_together({place: text}, at)
                return
            sent = {place: text for place, text in sent.items() if named and place.top not in named}

    def try_parts(self, place: Place, texts: list[str]) -> None:
        """Send many objects in a list, a text in each; those that are refused by their number are left out the next time."""
        while texts:
            first = len(self.base.get(place.top, ()))
            sent = {place.in_part(first + at): text for at, text in enumerate(texts)}
            answer = self.sender.send(self._body(sent, 0))
            if answer.status_code < 300:
                _check_kept(answer, sent)
                return
            numbers = {int(number) - first for number in NUMBER.findall(answer.content.decode())}
            left = [text for at, text in enumerate(texts) if at not in numbers]
            if len(left) == len(texts):
                half = len(texts) // 2
                self.try_parts(place, texts[:half])
                left = texts[half:] if half else []
            texts = left

    def try_refused(self, sent: Sent) -> None:
        """Send what must be refused in every place, until each was named."""
        while sent:
            answer = self.sender.send(self._body(sent, 0))
            assert answer.status_code == 400, (sent, answer.content[:300])
            named = _named(answer) & {place.top for place in sent}
            assert named, (sent, answer.content)
            sent = {place: text for place, text in sent.items() if place.top not in named}


def _turns(door: Door) -> tuple[int, int]:
    twins = [other.row.method for other in DOORS if other.row.route == door.row.route and other.row.method in EDITS]
    share = (DOORS.index(door) + TURN) % SHARE
    return (EDITS.index(door.row.method) + 2 * share, 2 * SHARE) if len(twins) == 2 else (share, SHARE)


def _named(answer: Any) -> set[str]:
    return {error["field"].split(".")[0].split("[")[0] for error in json.loads(answer.content)["errors"]}


def _check_kept(answer: Any, sent: Sent) -> None:
    document = json.loads(answer.content or b"null")
    for place, text in sent.items():
        kept, wanted = value_at(document, place), place.field.run_validation(text)
        if isinstance(kept, str) and type(place.field) in PLAIN:
            assert kept == wanted, str(place)
