"""Ways around a refusal that are none: conditions, rehearsals, and keys that two tenants share."""

from dataclasses import replace

import pytest

from tests.factories import make_project
from tests.rights.other_tenant import traces
from tests.rights.server import Call, changes, snapshot, undone
from tests.rights.table import Row, first_rows, rows
from tests.rights.world import World

CHANGES = [row for row in rows() if row.method in {"PATCH", "PUT", "DELETE"}]
WRITES = [row for row in first_rows().values() if row.method != "GET"]
# Outside of transactions, because a refusal leaves a trace there: nothing to rehearse.
NOT_REHEARSED = {
    "auth/register/",
    "auth/users/",
    "register/",
    "auth/login/",
    "token/",
    "auth/refresh/",
    "token/refresh/",
}
NOT_REHEARSED |= {"auth/logout/", "auth/change-password/"}


@pytest.mark.parametrize("actor", ["outsider", "workspace_member", "guest", "viewer", "read_token"])
def test_a_stale_version_is_told_to_nobody_who_may_not_write(actor: str, world: World) -> None:
    """The answer 412 holds the present object, so rights come first."""
    before = snapshot()
    for row in CHANGES:
        expected = row.expected[actor]
        if expected in {403, 404}:
            call = replace(row.call(world, actor), headers={"If-Match": '"999"'})
            assert world.send(actor, call).status_code == expected, str(row)
    assert changes(before, snapshot()) == []


def _rehearsed(world: World, row: Row, actor: str) -> None:
    call = row.call(world, actor)
    before = snapshot()
    with undone():
        answer = world.send(actor, replace(call, query={**call.query, "dry_run": "true"}))
        assert answer.status_code == row.expected[actor], (actor, answer.content)
        assert changes(before, snapshot()) == []


@pytest.mark.parametrize("row", [row for row in WRITES if row.route not in NOT_REHEARSED], ids=str)
def test_a_rehearsal_needs_the_same_rights_and_writes_nothing(row: Row, world: World) -> None:
    for actor in ("owner", "admin", "viewer", "outsider", "read_token"):
        _rehearsed(world, row, actor)


def test_two_tenants_with_the_same_keys_do_not_meet(world: World) -> None:
    number = world.names["task_key"].partition("-")[2]
    twin = make_project(world.cast.outsider, world.cast.far_workspace, key="NEAR", name="quokka twin")
    for at in range(int(number)):
        world.server.made(world.credentials["outsider"], "tasks/", {"title": f"quokka {at}", "project": str(twin.pk)})
    for actor in ("owner", "member"):
        call = Call("GET", f"tasks/{world.names['task_key']}/")
        answer = world.send(actor, call)
        assert (answer.status_code, answer.json()["id"]) == (200, world.names["task"])
        assert traces(world, answer, call) == []
    assert world.send("outsider", call).json()["title"].startswith("quokka")
    assert world.send("operator", call).status_code == 409
