"""The other tenant's ids, keys and words in filters: nothing is found, as with what does not exist at all."""

import json
from typing import Any

import pytest

from tests.rights.filters import NAMED, naming, parameters_of, readings
from tests.rights.other_tenant import content_of, plain, traces, unknown_like
from tests.rights.server import Call
from tests.rights.table import Row
from tests.rights.world import FAR, World

CASES = list(naming())


def test_every_parameter_is_known() -> None:
    sent = {name.removesuffix("!") for row in readings() for name in parameters_of(row)}
    assert sent - set(NAMED) == set()


def _value(world: World, row: Row, stands_for: str) -> str:
    if stands_for == FAR:
        return FAR
    if stands_for == "parent":
        return str(world.far["comment" if "comments" in row.path else "task"])
    return str(world.far[stands_for])


def _asked(world: World, row: Row, actor: str, name: str, value: str) -> tuple[Call, Any]:
    usual = row.call(world, actor)
    call = Call("GET", usual.path, query={**usual.query, name: value})
    return call, world.send(actor, call)


@pytest.mark.parametrize(("row", "name", "stands_for"), CASES, ids=str)
def test_a_filter_finds_nothing_of_the_other_tenant(row: Row, name: str, stands_for: str, world: World) -> None:
    value = _value(world, row, stands_for)
    unknown = "nosuchword" if value == FAR else unknown_like(value)
    for actor in ("owner", "member"):
        if row.expected[actor] != 200:
            continue
        call, answer = _asked(world, row, actor, name, value)
        assert answer.status_code == 200, answer.content
        assert traces(world, answer, call) == []
        content = content_of(answer)
        if not name.endswith("!"):
            assert _count(json.loads(content)) == 0
        _, again = _asked(world, row, actor, name, unknown)
        assert plain(answer, value) == plain(again, unknown)


def _count(document: Any) -> int:
    return int(document["total"]) if "total" in document else len(document["results"])


@pytest.mark.parametrize("row", readings(), ids=str)
def test_nothing_of_the_other_tenant_is_read_anywhere(row: Row, world: World) -> None:
    """Unfiltered, expanded as far as it goes, in every form that it has."""
    promised = row.operation
    expandable = promised.listing.projection.expandable if promised.listing else promised.expandable
    looks: list[dict[str, str]] = [{"expand": ",".join(expandable)} if expandable else {}]
    looks += [{"format": kind} for kind in ("csv", "jsonl") if "format" in promised.parameters]
    for actor in ("owner", "workspace_member", "guest", "admin", "token_elsewhere"):
        usual = row.call(world, actor)
        for look in looks:
            call = Call("GET", usual.path, query={**usual.query, **look})
            answer = world.send(actor, call)
            assert answer.status_code == row.expected[actor], content_of(answer)
            assert traces(world, answer, call) == [], (actor, str(call))
