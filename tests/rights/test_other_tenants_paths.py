"""The other tenant's ids in paths, alone and beside one's own: 404, nothing written, nothing said of what is there."""

from itertools import product

import pytest

from tests.rights.other_tenant import far_value, plain, traces, unknown_like
from tests.rights.server import changes, snapshot
from tests.rights.table import Row, first_rows
from tests.rights.world import World

# A link in a mail: whoever has it may do the one thing that it is for.
FOR_THE_HOLDER = {"notifications/unsubscribe/{ticket}/"}
WITH_PARAMETERS = [row for row in first_rows().values() if "{" in row.route and row.route not in FOR_THE_HOLDER]


def _mixtures(row: Row) -> list[tuple[bool, ...]]:
    """Which parameters are the other tenant's: every choice but none."""
    return [choice for choice in product((False, True), repeat=len(row.names())) if any(choice)]


def _values(world: World, row: Row, mixture: tuple[bool, ...]) -> dict[str, str]:
    return {
        parameter: far_value(world, name) if is_far else world.named(name, "owner")
        for (parameter, name), is_far in zip(row.names().items(), mixture, strict=True)
    }


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_what_is_the_other_tenants_is_not_there(row: Row, world: World) -> None:
    """Inside of what one sees and may not manage, it is 403 whatever comes behind."""
    before = snapshot()
    for mixture in _mixtures(row):
        values = _values(world, row, mixture)
        for actor in ("owner", "admin", "member"):
            call = row.sent(values, world.filled(row.body, actor))
            answer = world.send(actor, call)
            allowed = {404, 403} if row.expected[actor] == 403 and not mixture[0] else {404}
            assert answer.status_code in allowed, (actor, str(call), answer.content)
            assert traces(world, answer, call) == [], (actor, str(call))
    assert changes(before, snapshot()) == []


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_what_is_the_other_tenants_looks_like_what_nobody_has(row: Row, world: World) -> None:
    for mixture in _mixtures(row):
        far = _values(world, row, mixture)
        parameters = [name for name, is_far in zip(row.names(), mixture, strict=True) if is_far]
        unknown = {**far, **{name: unknown_like(far[name]) for name in parameters}}
        answers = []
        for values in (far, unknown):
            answer = world.send("owner", row.sent(values, world.filled(row.body, "owner")))
            answers.append(plain(answer, *values.values()))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("row", [row for row in WITH_PARAMETERS if "{task}" in row.route], ids=str)
def test_the_other_tenants_keys_find_nothing(row: Row, world: World) -> None:
    values = {parameter: world.named(name, "owner") for parameter, name in row.names().items()}
    values["task"] = world.far["task_key"]
    for actor in ("owner", "member"):
        call = row.sent(values, world.filled(row.body, actor))
        answer = world.send(actor, call)
        assert answer.status_code == 404
        assert traces(world, answer, call) == []
