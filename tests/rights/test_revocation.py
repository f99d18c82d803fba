"""What is taken away is gone at the next request, everywhere: each row of the tables, before a second look could come."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.factories import PASSWORD
from tests.rights.server import Call
from tests.rights.table import Row, first_rows, mismatches, rows
from tests.rights.world import World
from workloom.people.accounts import queries
from workloom.people.accounts.models import PersonalToken
from workloom.people.accounts.rules.tokens import digest

# Whose rows change when what was theirs is gone: those that tell apart the person whom the column is named after.
PERSONAL = ("$own_invitation_token", "{session}", "{token}")


def _differ(world: World, actor: str, column: str, among: Iterable[Row]) -> list[str]:
    kept = [row for row in among if not any(word in str(row) for word in PERSONAL)]
    return mismatches(world, [(row, row.expected[column]) for row in kept], actor)


def _done(world: World, actor: str, method: str, path: str, body: object = None) -> None:
    answer = world.send(actor, Call(method, path, body))
    assert answer.status_code < 300, answer.content


def test_who_leaves_the_workspace_is_a_stranger(world: World) -> None:
    member = f"workspaces/{world.names['workspace']}/members/{world.own['manager']}/"
    _done(world, "owner", "DELETE", member)
    assert _differ(world, "manager", "outsider", rows()) == []


def test_who_is_removed_from_a_project_sees_nothing_of_it(world: World) -> None:
    _done(world, "admin", "DELETE", f"projects/{world.names['project']}/members/{world.own['manager']}/")
    unseen = {404, 400}
    hidden = [row for row in rows() if {row.expected["workspace_member"], row.expected["outsider"]} <= unseen]
    hidden = [row for row in hidden if "trashed_project" not in row.path]
    assert len(hidden) > 80
    assert _differ(world, "manager", "outsider", hidden) == []


def test_a_lowered_role_counts_at_once(world: World) -> None:
    member = f"projects/{world.names['project']}/members/{world.own['manager']}/"
    _done(world, "admin", "PATCH", member, {"role": "viewer"})
    assert _differ(world, "manager", "viewer", [row for row in rows() if "trashed_project" not in row.path]) == []


def test_a_lowered_workspace_role_counts_at_once(world: World) -> None:
    member = f"workspaces/{world.names['workspace']}/members/{world.own['workspace_admin']}/"
    _done(world, "owner", "PATCH", member, {"role": "member"})
    assert _differ(world, "workspace_admin", "workspace_member", first_rows().values()) == []


def test_a_demoted_operator_is_a_stranger(world: World) -> None:
    _done(world, "operator", "PATCH", f"users/{world.names['colleague']}/", {"role": "admin"})
    _done(world, "colleague", "PATCH", f"users/{world.own['operator']}/", {"role": "user"})
    assert _differ(world, "operator", "outsider", first_rows().values()) == []


class _Unteachable(dict[Any, Any]):
    """What a process remembers of sessions, as in a thousand processes each of which has not asked yet: nothing is ever forgotten."""

    def pop(self, *_: Any) -> None:
        """Keep it."""


@pytest.mark.parametrize("way", ["logout", "logout-all", "session", "password", "deactivated"])
def test_an_ended_session_signs_nobody_in(world: World, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_seen", _Unteachable())
    if way == "deactivated":
        _done(world, "operator", "PATCH", f"users/{world.own['manager']}/", {"is_active": False})
    elif way == "session":
        sessions = world.send("manager", Call("GET", "auth/sessions/")).json()["results"]
        current = next(session["id"] for session in sessions if session["is_current"])
        _done(world, "manager", "DELETE", f"auth/sessions/{current}/")
    elif way == "password":
        login = {"username": "manager", "password": PASSWORD}
        world.credentials["second"] = world.send("visitor", Call("POST", "auth/login/", login)).json()["access"]
        change = {"current_password": PASSWORD, "new_password": "another quite long one"}
        _done(world, "second", "POST", "auth/change-password/", change)
    else:
        _done(world, "manager", "POST", f"auth/{way}/")
    assert _differ(world, "manager", "ended_session", first_rows().values()) == []


@pytest.mark.parametrize("way", ["revoked", "deactivated"])
def test_a_token_taken_away_signs_nobody_in(world: World, way: str) -> None:
    if way == "revoked":
        token = PersonalToken.objects.get(secret_hash=digest(world.credentials["admin_token"]))
        _done(world, "admin", "DELETE", f"auth/tokens/{token.pk}/")
    else:
        _done(world, "operator", "PATCH", f"users/{world.own['admin']}/", {"is_active": False})
    assert _differ(world, "admin_token", "expired_token", first_rows().values()) == []


def test_a_token_loses_what_its_person_loses(world: World) -> None:
    member = f"workspaces/{world.names['workspace']}/members/{world.own['owner']}/"
    _done(
        world,
        "owner",
        "PATCH",
        f"workspaces/{world.names['workspace']}/members/{world.own['workspace_admin']}/",
        {"role": "owner"},
    )
    _done(world, "workspace_admin", "DELETE", member)
    inside = ("{project_id}", "{workspace_id}", "{task}", "{board_id}", "{comment_id=members_comment}")
    hidden = [row for row in rows() if row.method != "GET" and any(name in row.path for name in inside)]
    assert len(hidden) > 50
    assert _differ(world, "owners_admin_token", "outsider", hidden) == []
