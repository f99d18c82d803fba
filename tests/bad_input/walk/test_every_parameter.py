"""Each hostile string in each query parameter of each operation: an answer, or a 400 that names the parameter."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from tests.bad_input.hostile import SHARE, TURN, strings
from tests.bad_input.walk.doors import Door, Sender, doors
from tests.rights.world import World
from workloom.core.actor import Actor
from workloom.core.errors import Refused
from workloom.core.http import params
from workloom.core.http.operations import Operation
from workloom.core.listing import Listing

TEXTS = strings()
AT_ONCE = 15
ROUNDS = 3
ALIASED = 20


def _listing(door: Door) -> Listing[Any] | None:
    return door.row.operation.listing or door.row.operation.filters


def _filters(operation: Operation) -> list[str]:
    """Filters by all their names, those that exclude too."""
    listing = operation.listing or operation.filters
    return [] if listing is None else [*listing.filter_names, *listing.alias_names]


def _others(door: Door) -> list[str]:
    """Every other parameter."""
    promised = door.row.operation
    names = [*promised.parameters]
    names += params.PAGING if promised.listing else ()
    names += params.SHAPING if promised.listing or promised.is_shaped else ()
    names += ("dry_run",) if door.row.method != "GET" else ()
    return list(dict.fromkeys(names))


FILTERED = [door for door in doors() if _filters(door.row.operation)]
ASKED = [door for door in doors() if _others(door)]
LISTINGS = {
    id(_listing(door)): door for door in sorted(FILTERED, key=lambda door: bool(door.row.operation.listing))
}.values()


def _taken(listing: Listing[Any], name: str, actor: Actor) -> list[str]:
    """The texts that a filter takes; what it refuses it must refuse by its name."""
    found, wrong = [], []
    for text in TEXTS:
        sent = QueryDict(mutable=True)
        sent[name] = text
        try:
            params.conditions_of(sent, listing, actor)
        except Refused as refusal:
            wrong += [refusal.errors] if refusal.errors[0].field != name else []
        else:
            found.append(text)
    assert wrong == []
    return found


@pytest.mark.parametrize("door", LISTINGS, ids=str)
def test_each_filter_takes_a_text_and_finds_by_it_or_refuses_it_by_name(door: Door, world: World) -> None:
    sender, listing = door.sender(world), _listing(door)
    assert listing is not None
    actor = sender.user.as_actor()
    for name in _filters(door.row.operation):
        given = listing.filter_named(name)
        assert given is not None
        taken = _taken(listing, name, actor)
        at_once = AT_ONCE if given.many else 1
        texts = taken if given.many else taken[(FILTERED.index(door) + TURN) % SHARE :: SHARE]
        texts = texts if name in listing.filters else texts[:ALIASED]
        for at in range(0, len(texts), at_once):
            answer = sender.send(query={**_usual(door), name: texts[at : at + at_once]})
            assert answer.status_code == 200, (name, texts[at : at + at_once], answer.content[:300])


@pytest.mark.parametrize("door", ASKED, ids=str)
def test_each_other_parameter_is_answered_or_refused_by_name(door: Door, world: World) -> None:
    sender, promised = door.sender(world), door.row.operation
    for shift, name in enumerate(_others(door)):
        if name in promised.parameters:
            texts = TEXTS[(ASKED.index(door) + shift + TURN) % SHARE :: SHARE]
        else:
            texts = _read_without_database(name, promised)
            first = (ASKED.index(door) + shift) * ROUNDS % max(len(texts) - ROUNDS, 1)
            texts = texts[first : first + ROUNDS]
        for text in texts:
            _ask(sender, name, text)


@pytest.mark.parametrize("door", FILTERED, ids=str)
def test_what_a_filter_refuses_is_a_problem_at_each_door(door: Door, world: World) -> None:
    sender, listing = door.sender(world), _listing(door)
    assert listing is not None
    for shift, name in enumerate(_filters(door.row.operation)):
        first = (FILTERED.index(door) + shift) * ROUNDS % len(TEXTS)
        for text in TEXTS[first : first + ROUNDS]:
            _ask(sender, name, text)


def _usual(door: Door) -> dict[str, str]:
    """What the row of the matrix sends with it."""
    return dict(parse_qsl(door.row.path.partition("?")[2]))


def _ask(sender: Sender, name: str, text: str) -> None:
    is_reading = sender.door.row.method == "GET"
    body: dict[str, Any] | None = None if is_reading else {}
    answer = sender.send(body, query={**_usual(sender.door), name: text})
    if answer.status_code == 400 and is_reading:
        assert json.loads(answer.content)["errors"][0]["field"] == name, (name, text, answer.content)
    else:
        assert answer.status_code < 400 or not is_reading, (name, text, answer.content)


def _read_without_database(name: str, promised: Operation) -> list[str]:
    """Let the one reader of a parameter that many have read every text; what it takes comes first in what is sent."""
    taken, refused, wrong = [], [], []
    for text in TEXTS:
        sent = QueryDict(mutable=True)
        sent[name] = text
        try:
            _read(name, sent, promised)
        except Refused as refusal:
            wrong += [refusal.errors] if refusal.errors[0].field != name else []
            refused.append(text)
        else:
            taken.append(text)
    assert wrong == []
    return taken + refused


def _read(name: str, sent: QueryDict, promised: Operation) -> None:
    listing = promised.listing
    if name == "dry_run":
        params.flag_of(sent, name)
    elif name in params.SHAPING:
        projection = listing.projection if listing else None
        row = projection.row if projection else promised.reply
        assert row is not None
        params.shape_of(sent, row, projection.expandable if projection else promised.expandable)
    else:
        assert listing is not None
        params.page_of(sent, listing)
