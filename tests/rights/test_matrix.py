"""Every operation, as everybody: the tables of `matrix/` say what each gets, and who is refused changes nothing."""

from collections.abc import Callable

import pytest

from tests.rights.routes import METHODS, Route, operations, other_addresses, routes
from tests.rights.server import Call, changes, snapshot, undone, written
from tests.rights.table import Row, first_rows, rows
from tests.rights.world import ACTORS, World

Summary = Callable[[str, object], None]
# Answered by something else than an Endpoint, each with tests of its own.
OTHER_ADDRESSES = {
    "": "leads to the documentation",
    "livez": "says that the process answers, to everybody",
    "readyz": "names failing parts, to everybody",
    "metrics": "figures without names",
    r"^setup/(?P<token>[A-Za-z0-9_-]{1,100})/?$": "the one-time link to the first administrator",
    "api/v1/schema/": "the documentation, the same for everybody",
    "api/v1/schema/swagger-ui/": "as above",
    "api/v1/schema/redoc/": "as above",
    "api/v1/docs/": "as above",
    "api/v1/redoc/": "as above",
}


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    known = {(method, route.path) for route, method in operations()}
    assert known == set(first_rows())


def test_every_address_that_is_no_endpoint_is_known() -> None:
    assert set(other_addresses()) == set(OTHER_ADDRESSES)


@pytest.mark.parametrize("row", rows(), ids=str)
def test_everybody_gets_what_the_table_says(row: Row, world: World) -> None:
    before, wrong = snapshot(), []
    for actor, expected in row.expected.items():
        call = row.call(world, actor)
        if expected < 300 and row.method != "GET":
            with undone():
                answer = world.send(actor, call)
        else:
            with written() as statements:
                answer = world.send(actor, call)
            if statements and (changed := changes(before, snapshot())):
                wrong.append(f"{actor}: {answer.status_code} changed {', '.join(changed)}")
                break
        if answer.status_code != expected:
            wrong.append(f"{actor}: {answer.status_code} in place of {expected}: {answer.content.decode()[:200]}")
    assert not wrong, f"{row.place} {row}\n" + "\n".join(wrong)
    assert changes(before, snapshot()) == []


@pytest.mark.parametrize("row", [row for row in rows() if row.path == "tasks/bulk/"], ids=str)
def test_each_operation_of_a_bulk_is_judged_as_if_it_were_alone(row: Row, world: World) -> None:
    before = snapshot()
    for actor, expected in row.expected.items():
        call = row.call(world, actor)
        single = Call("POST", call.path, {**call.body, "atomic": False})
        with undone():
            answer = world.send(actor, single)
            status = answer.json()["results"][0]["status"] if answer.status_code == 200 else answer.status_code
            assert status == expected or (status < 300 and expected == 200), (actor, answer.content)
            if status >= 300:
                assert changes(before, snapshot()) == [], actor


@pytest.mark.parametrize("row", [row for row in first_rows().values() if row.method == "GET"], ids=str)
def test_asking_for_the_headers_alone_tells_no_more(row: Row, world: World) -> None:
    for actor in ("visitor", "outsider", "guest", "owner"):
        call = row.call(world, actor)
        answer = world.send(actor, Call("HEAD", call.path, query=call.query))
        assert answer.status_code == row.expected[actor], actor


@pytest.mark.parametrize("route", routes().values(), ids=lambda route: route.path)
def test_other_methods_are_refused(route: Route, world: World) -> None:
    row = next(row for row in rows() if row.route == route.path)
    before = snapshot()
    for actor in ("visitor", "admin"):
        path = row.call(world, actor).path
        for method in {*METHODS, "TRACE"} - set(route.methods):
            assert world.send(actor, Call(method, path)).status_code == 405, (actor, method)
    assert changes(before, snapshot()) == []


def test_how_much_is_covered(record_property: Summary) -> None:
    calls = len(rows()) * len(ACTORS)
    record_property(
        "summary",
        f"rights: {len(routes())} routes, {len(operations())} operations, {len(rows())} rows"
        f" × {len(ACTORS)} actors = {calls} calls",
    )
    assert calls >= len(operations()) * len(ACTORS)
