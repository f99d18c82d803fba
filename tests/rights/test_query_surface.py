"""Queries take what is documented and nothing else: 400 names the allowed, so nothing is silently ignored or probed."""

from typing import Any

import pytest

from tests.rights.filters import lists, parameters_of, readings
from tests.rights.server import Call
from tests.rights.table import Row, first_rows
from tests.rights.world import World

READINGS = [row for row in readings() if row.expected["owner"] == 200]
WRITES = [row for row in first_rows().values() if row.method != "GET"]
# Columns that filters and orders of other servers reach through relations.
PROBES = ("user__password", "project__workspace__name", "id__gt", "-secret_hash")


def _asked(world: World, row: Row, **query: Any) -> Any:
    usual = row.call(world, _actor(row))
    return world.send(_actor(row), Call("GET", usual.path, query={**usual.query, **query}))


def _actor(row: Row) -> str:
    return next(actor for actor in ("owner", "admin") if row.expected[actor] < 400)


def _error(answer: Any) -> Any:
    assert answer.status_code == 400, answer.content
    return answer.json()["errors"][0]


@pytest.mark.parametrize("row", [row for row in readings() if row.expected["visitor"] != 200], ids=str)
def test_an_unknown_parameter_is_named_with_the_allowed_ones(row: Row, world: World) -> None:
    for name in ("nosuch", *PROBES):
        error = _error(_asked(world, row, **{name: "1"}))
        assert (error["field"], error["code"]) == (name, "unknown_parameter")
        for allowed in sorted(parameters_of(row)) or ["Allowed: "]:
            assert allowed in error["detail"]


SHAPED = [row for row in readings() if row.operation.listing or row.operation.is_shaped]


@pytest.mark.parametrize("row", SHAPED, ids=str)
def test_unknown_names_of_fields_and_relations_are_refused(row: Row, world: World) -> None:
    promised = row.operation
    shown = promised.listing.projection.row if promised.listing else promised.reply
    assert shown is not None
    expandable = promised.listing.projection.expandable if promised.listing else promised.expandable
    for parameter, allowed in (("fields", shown.__struct_fields__), ("expand", expandable)):
        for name in ("nosuch", "project__workspace", f"{allowed[0]},password" if allowed else "password"):
            error = _error(_asked(world, row, **{parameter: name}))
            assert error["field"] == parameter
            assert all(one in error["detail"] for one in allowed)


@pytest.mark.parametrize("row", lists(), ids=str)
def test_only_documented_orders_are_taken(row: Row, world: World) -> None:
    listing = row.operation.listing
    assert listing is not None
    for name in ("nosuch", *PROBES, "?", "pk"):
        error = _error(_asked(world, row, ordering=name))
        assert error["field"] == "ordering"
        assert all(order in error["detail"] for order in listing.orders) or "only" in error["detail"]


@pytest.mark.parametrize("row", lists(), ids=str)
def test_pages_are_asked_for_within_bounds(row: Row, world: World) -> None:
    wrong = [("page_size", "0"), ("page_size", "201"), ("page", "x"), ("count", "x"), ("cursor", "x")]
    wrong.append(("cursor", "WyItY3JlYXRlZF9hdCIsIjIwMjYiLCJ4IixmYWxzZV0"))
    for parameter, value in wrong:
        assert _error(_asked(world, row, **{parameter: value}))["field"] == parameter


@pytest.mark.parametrize("row", lists(), ids=str)
def test_a_fixed_lists_unknown_value_is_named_with_the_allowed_ones(row: Row, world: World) -> None:
    listing = row.operation.listing
    assert listing is not None
    for name, given in listing.filters.items():
        if given.choices:
            error = _error(_asked(world, row, **{name: "nosuch"}))
            assert error["field"] == name
            assert all(choice in error["detail"] for choice in given.choices) or "true or false" in error["detail"]
        elif given.kind in {"uuid", "boolean", "date", "date-time", "person"}:
            assert _error(_asked(world, row, **{name: "nosuch"}))["field"] == name


@pytest.mark.parametrize("row", [row for row in WRITES if row.expected["admin"] < 300], ids=str)
def test_writes_take_no_unknown_parameter_either(row: Row, world: World) -> None:
    usual = row.call(world, "admin")
    call = Call(row.method, usual.path, usual.body, query={"nosuch": "1"}, is_form=False)
    error = _error(world.send("admin", call))
    assert (error["field"], error["code"]) == ("nosuch", "unknown_parameter")
