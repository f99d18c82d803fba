"""users/ and users/[id]/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import add_seats, make_project, make_user
from tests.log import recorded

PEOPLE = "/api/v1/users/"
PROJECT = {"admin", "manager", "member", "viewer", "guest"}
ADMINS = {"owner", "workspace-admin"}
"""Of the workspace, and thereby of each of its projects."""
WORKSPACE = {*PROJECT, *ADMINS, "workspace-member"}


def seen(api: Api, who: Any, **query: str) -> set[str]:
    reply = api.as_(who).get(PEOPLE, query)
    assert reply.status_code == 200, reply.json()
    return {row["username"] for row in reply.json()["results"]}


def test_everybody_sees_who_shares_with_them(api: Api, cast: Cast) -> None:
    assert seen(api, cast.owner) == seen(api, cast.workspace_member) == WORKSPACE
    assert seen(api, cast.guest) == seen(api, cast.admin) == {*PROJECT, *ADMINS}
    assert seen(api, cast.outsider) == {"outsider"}
    assert seen(api, cast.operator) == {*WORKSPACE, "outsider", "operator"}
    assert api.get(PEOPLE).status_code == 401


def test_one_person_is_seen_by_the_same_rule(api: Api, cast: Cast) -> None:
    guest = api.as_(cast.guest)
    assert guest.get(f"{PEOPLE}{cast.member.pk}/").json()["email"] == "member@example.org"
    for stranger in (cast.workspace_member, cast.outsider, cast.operator):
        assert guest.get(f"{PEOPLE}{stranger.pk}/").status_code == 404
    assert guest.get(f"{PEOPLE}{cast.guest.pk}/").status_code == 200


def test_what_is_shown_of_others(api: Api, cast: Cast) -> None:
    cast.member.last_login = cast.member.created_at
    cast.member.save(update_fields=["last_login"])
    place = f"{PEOPLE}{cast.member.pk}/"
    row = api.as_(cast.guest).get(place).json()
    assert (row["username"], row["name"], row["email"]) == ("member", "Member", "member@example.org")
    assert (row["role"], row["is_active"], row["avatar"], row["last_login"]) == ("user", True, None, None)
    for who in (cast.member, cast.operator):
        assert api.as_(who).get(place).json()["last_login"] is not None


def test_limited_tokens_see_the_people_of_their_projects(api: Api, cast: Cast) -> None:
    other = make_project(cast.admin, cast.workspace, member=cast.workspace_member)
    near = {"admin", "workspace-member", *ADMINS}
    assert seen(api, cast.token("read", projects=[other])) == near
    assert seen(api, cast.token("admin", of="owner", projects=[other])) == near
    limited = api.as_(cast.token("admin", of="operator", projects=[other]))
    assert limited.patch(f"{PEOPLE}{cast.admin.pk}/", {"is_active": False}).status_code == 403
    assert limited.patch(f"{PEOPLE}{cast.outsider.pk}/", {"is_active": False}).status_code == 404


def test_placeholders_are_shown_to_who_shares(api: Api, cast: Cast) -> None:
    ghost = make_user("ghost", email="", is_placeholder=True, is_active=False)
    assert "ghost" not in seen(api, cast.guest)
    make_project(cast.owner, cast.workspace, guest=[ghost, cast.guest])
    assert seen(api, cast.guest) == {*PROJECT, *ADMINS, "ghost"}
    assert seen(api, cast.guest, is_active="false") == {"ghost"}


def test_a_project_in_the_trash_shares_nothing(api: Api, cast: Cast) -> None:
    api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/")
    assert seen(api, cast.guest) == {"guest"}


def test_search_and_filters(api: Api, cast: Cast) -> None:
    add_seats(cast.workspace, member=make_user("zoe", name="Zoë Müßig"))
    assert seen(api, cast.owner, search="ZOË müssig") == {"zoe"}
    assert seen(api, cast.owner, search="zoe@EXAMPLE") == {"zoe"}
    assert seen(api, cast.owner, search="outsider") == set()
    assert seen(api, cast.operator, role="ADMIN") == {"operator"}
    for query in ({"role": "boss"}, {"is_active": "x"}, {"email": "x"}, {"ordering": "bio"}, {"expand": "role"}):
        assert api.as_(cast.owner).get(PEOPLE, query).status_code == 400
    rows = api.as_(cast.owner).get(PEOPLE, {"ordering": "username"}).json()["results"]
    assert [row["username"] for row in rows] == sorted(row["username"] for row in rows)


def test_operators_change_role_and_state(api: Api, cast: Cast) -> None:
    place = f"{PEOPLE}{cast.member.pk}/"
    row = api.as_(cast.operator).patch(place, {"role": "Admin"}).json()
    assert (row["role"], row["version"]) == ("admin", 2)
    row = api.as_(cast.operator).put(place, {"role": "user", "is_active": False}).json()
    assert (row["role"], row["is_active"]) == ("user", False)
    assert [name for name, _ in recorded("person.role_changed", "person.deactivated")] == [
        "person.role_changed",
        "person.role_changed",
        "person.deactivated",
    ]
    reply = api.as_(cast.operator).patch(f"{PEOPLE}{cast.operator.pk}/", {"role": "user"})
    assert (reply.status_code, reply.json()["code"]) == (409, "last_operator")


@pytest.mark.parametrize("body", [{"role": "boss"}, {"username": "x"}, {"is_active": "x"}, {"nope": 1}])
def test_what_cannot_be_taken_is_refused(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    assert api.as_(cast.operator).patch(f"{PEOPLE}{cast.member.pk}/", body).status_code == 400
    assert recorded() == []


def test_a_stale_change_is_refused(api: Api, cast: Cast) -> None:
    place = f"{PEOPLE}{cast.member.pk}/"
    api.as_(cast.operator).patch(place, {"is_active": False})
    reply = api.as_(cast.operator).patch(place, {"is_active": True}, headers={"If-Match": '"1"'})
    assert reply.status_code == 412


def test_nobody_else_changes_people(api: Api, cast: Cast) -> None:
    for who in (cast.owner, cast.member, cast.token("write", of="operator"), cast.token("read", of="operator")):
        assert api.as_(who).patch(f"{PEOPLE}{cast.member.pk}/", {"role": "admin"}).status_code == 403
    assert api.as_(cast.outsider).patch(f"{PEOPLE}{cast.member.pk}/", {"role": "admin"}).status_code == 404
    assert recorded() == []


def test_the_list_costs_the_same_for_3_and_300(api: Api, cast: Cast) -> None:
    client = api.as_(cast.owner)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PEOPLE, {"page_size": "200"}).status_code == 200
        return len(queries)

    few = cost()
    add_seats(cast.workspace, member=[make_user() for _ in range(60)])
    assert cost() == few
