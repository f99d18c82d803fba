"""What a token's scope leaves of its person's rights: of the strongest people's, on every operation."""

from collections.abc import Iterable

import pytest

from tests.rights.server import Call, changes, snapshot, undone, written
from tests.rights.table import Row, first_rows, mismatches, rows
from tests.rights.world import World

WRITES = [row for row in rows() if row.method != "GET"]
# Open to everybody: an answer there says nothing about the token.
OPEN = (
    "auth/register/",
    "auth/users/",
    "register/",
    "auth/login/",
    "token/",
    "auth/refresh/",
    "token/refresh/",
    "notifications/unsubscribe/{ticket}/",
)
ACCOUNT = ("auth/", "profile/", "users/{user_id=own}", "notifications/preferences/")
MANAGED = ("workspaces/", "projects/{project_id}/", "projects/{project_id=trashed_project}/", "users/")
# Work that one does in a project, whatever stands in front of its address.
WORK = ("/claim/",)


def _is_managing(row: Row) -> bool:
    return row.path.startswith(MANAGED) and not row.path.endswith(WORK)


def _allowed(world: World, actor: str, among: Iterable[Row]) -> list[str]:
    """Name the rows that did something, or said that they did."""
    found, before = [], snapshot()
    for row in among:
        with undone():
            with written() as statements:
                answer = world.send(actor, row.call(world, actor))
            if answer.status_code < 400 or (statements and changes(before, snapshot())):
                found.append(f"{row} {answer.status_code}")
    return found


@pytest.mark.parametrize("actor", ["read_token", "owners_read_token", "operators_read_token"])
def test_a_read_token_changes_nothing_anywhere(actor: str, world: World) -> None:
    assert _allowed(world, actor, [row for row in WRITES if row.route not in OPEN]) == []


@pytest.mark.parametrize("actor", ["write_token", "owners_write_token", "operators_write_token"])
def test_a_write_token_manages_nothing(actor: str, world: World) -> None:
    managing = [row for row in WRITES if _is_managing(row) or row.path.startswith(ACCOUNT)]
    assert len(managing) > 40
    assert _allowed(world, actor, [row for row in managing if row.route not in OPEN]) == []


@pytest.mark.parametrize("actor", ["admin_token", "owners_admin_token", "operators_admin_token"])
def test_no_token_changes_its_own_account(actor: str, world: World) -> None:
    world.own["owners_admin_token"], world.own["operators_admin_token"] = world.own["owner"], world.own["operator"]
    account = [row for row in WRITES if row.path.startswith(ACCOUNT) and row.route not in OPEN]
    assert len(account) > 10
    assert _allowed(world, actor, account) == []


def test_a_token_of_all_scopes_does_in_projects_what_its_person_does(world: World) -> None:
    for actor, person in (("owners_admin_token", "owner"), ("operators_admin_token", "operator")):
        world.own[actor] = world.own[person]
        among = [row for row in first_rows().values() if row.route not in OPEN]
        ours = [row for row in among if not row.path.startswith((*ACCOUNT, "workspaces/inv"))]
        assert mismatches(world, [(row, row.expected[person]) for row in ours], actor) == []


def test_an_operators_token_operates_the_installation_with_the_scope_admin_alone(world: World) -> None:
    """It lets others in and out as its person does, for scripts that follow a directory; never its own person."""
    other = Call("PATCH", f"users/{world.names['colleague']}/", {"is_active": False})
    own = Call("PATCH", f"users/{world.own['operator']}/", {"is_active": False})
    for scope, expected in (("read", 403), ("write", 403), ("admin", 200)):
        with undone():
            assert world.send(f"operators_{scope}_token", other).status_code == expected
            assert world.send(f"operators_{scope}_token", own).status_code == 403


def test_a_scope_does_not_widen_what_its_person_may(world: World) -> None:
    """A guest's token of all scopes is a guest's."""
    world.credentials["guests_token"] = world.cast.token("read", "write", "admin", of="guest")
    world.own["guests_token"] = world.own["guest"]
    ours = [row for row in WRITES if row.route not in OPEN and row.expected["guest"] != row.allowed]
    assert _allowed(world, "guests_token", ours) == []
