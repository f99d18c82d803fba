"""workspaces/ and workspaces/[id]/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project, make_user, make_workspace
from tests.log import recorded
from workloom.core.ids import uuid7
from workloom.work.projects.actions import ensure_home, trash_project
from workloom.work.workspaces.models import Workspace, WorkspaceMember
from workloom.work.workspaces.rules import plain_slug, slugs_from

WORKSPACES = "/api/v1/workspaces/"


def names(reply: Any) -> set[str]:
    assert reply.status_code == 200, reply.json()
    return {row["name"] for row in reply.json()["results"]}


def test_slugs_are_made_of_names() -> None:
    assert plain_slug("  Night Shift & Co. ") == "night-shift-co"
    assert plain_slug("夜勤") == "夜勤"
    assert plain_slug("!!") == ""
    assert next(slugs_from("!!", "abcdefabcdef")) == "workspace"
    assert all(len(slug) <= 60 for slug in slugs_from("x" * 200, "abcdefabcdef"))


def test_who_makes_a_workspace_owns_it(api: Api) -> None:
    ann = make_user()
    reply = api.as_(ann).post(WORKSPACES, {"name": "Night Shift"})
    assert reply.status_code == 201
    row = reply.json()
    assert reply["Location"] == f"{WORKSPACES}{row['id']}/"
    assert row | {"id": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "name": "Night Shift",
        "slug": "night-shift",
        "is_personal": False,
        "role": "owner",
        "version": 1,
        "created_at": "",
        "updated_at": "",
    }
    assert recorded() == [
        ("workspace.created", {"name": [None, "Night Shift"], "slug": [None, "night-shift"]}),
        ("workspace.member_added", {"user": [None, str(ann.pk)], "role": [None, "owner"]}),
    ]


def test_a_slug_is_unique(api: Api, cast: Cast) -> None:
    ann = api.as_(make_user())
    reply = ann.post(WORKSPACES, {"name": "x", "slug": cast.workspace.slug.upper()})
    assert (reply.status_code, reply.json()["code"]) == (409, "slug_taken")
    assert reply.json()["errors"][0]["field"] == "slug"
    slugs = {ann.post(WORKSPACES, {"name": "Same"}).json()["slug"] for _ in range(3)}
    assert len(slugs) == 3
    assert "same" in slugs


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "slug": "!!"}, "slug"),
        ({"name": "x", "slug": 7}, "slug"),
        ({"name": "x", "role": "owner"}, "role"),
        ({"name": "x", "is_personal": True}, "is_personal"),
        ({"name": "x", "id": "7"}, "id"),
        ({"nam": "x", "name": "y"}, "nam"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, body: dict[str, Any], field: str) -> None:
    reply = api.as_(make_user()).post(WORKSPACES, body)
    assert (reply.status_code, [error["field"] for error in reply.json()["errors"]]) == (400, [field])
    assert not Workspace.objects.exists()


def test_everybody_sees_the_workspaces_that_they_are_in(api: Api, cast: Cast) -> None:
    seen = {name: names(api.as_(person).get(WORKSPACES)) for name, person in cast.people.items()}
    assert seen.pop("operator") == {"Near", "Far"}
    assert seen.pop("outsider") == {"Far"}
    assert set(map(frozenset, seen.values())) == {frozenset({"Near"})}
    place = f"{WORKSPACES}{cast.workspace.pk}/"
    assert api.as_(cast.outsider).get(place).status_code == 404
    assert api.as_(cast.guest).get(place).json()["role"] == "guest"
    assert api.as_(cast.operator).get(place).json()["role"] is None
    assert api.get(place).status_code == 401


def test_filters_and_orders(api: Api) -> None:
    ann, bob = make_user(), make_user()
    ensure_home(ann.as_actor())
    make_workspace(ann, "Straße")
    make_workspace(bob, "Bridge", guest=ann)

    def found(**query: Any) -> list[str]:
        return [row["name"] for row in api.as_(ann).get(WORKSPACES, query).json()["results"]]

    assert found(ordering="name") == sorted(["Bridge", "Straße", ann.name])
    assert found(role="guest") == ["Bridge"]
    assert found(**{"role!": "guest,owner"}) == []
    assert found(is_personal="true") == [ann.name]
    assert found(search="STRASSE") == ["Straße"]
    assert api.as_(ann).get(WORKSPACES, {"role": "boss"}).status_code == 400
    assert api.as_(ann).get(WORKSPACES, {"ordering": "role"}).status_code == 400


def test_limited_tokens_see_the_workspaces_of_their_projects_and_change_none(api: Api, cast: Cast) -> None:
    other = make_project(cast.owner)
    token = api.as_(cast.token("admin", of="owner", projects=[cast.project, cast.far_project]))
    assert names(token.get(WORKSPACES)) == {"Near"}
    assert token.get(f"{WORKSPACES}{other.workspace_id}/").status_code == 404
    place = f"{WORKSPACES}{cast.workspace.pk}/"
    assert token.get(place).status_code == 200
    assert token.patch(place, {"name": "x"}).status_code == 403
    assert token.delete(place).status_code == 403
    assert token.get(f"{place}invitations/").status_code == 403
    assert token.post(f"{place}members/", {"email": "a@example.org"}).status_code == 403
    assert token.delete(f"{place}members/{cast.guest.pk}/").status_code == 403
    assert token.post(WORKSPACES, {"name": "x"}).status_code == 403
    assert recorded() == []


def test_scopes(api: Api, cast: Cast) -> None:
    for scope, made, changed in (("read", 403, 403), ("write", 403, 403), ("admin", 201, 200)):
        client = api.as_(cast.token(scope, of="owner"))
        assert client.get(WORKSPACES).status_code == 200
        assert client.post(WORKSPACES, {"name": "x"}).status_code == made
        assert client.patch(f"{WORKSPACES}{cast.workspace.pk}/", {"name": scope}).status_code == changed


def test_owners_and_admins_change_a_workspace(api: Api, cast: Cast) -> None:
    place = f"{WORKSPACES}{cast.workspace.pk}/"

    def status(name: str) -> int:
        return int(api.as_(getattr(cast, name)).patch(place, {"name": name}).status_code)

    statuses = {name: status(name) for name in cast.people}
    assert {name for name, found in statuses.items() if found == 200} == {"owner", "workspace_admin", "operator"}
    assert {name for name, found in statuses.items() if found == 404} == {"outsider"}
    reply = api.as_(cast.owner).put(place, {"name": "New", "slug": "New Slug"})
    assert (reply.json()["name"], reply.json()["slug"]) == ("New", "new-slug")
    assert api.as_(cast.owner).put(place, {"slug": "x"}).status_code == 400
    assert names(api.as_(cast.owner).get(WORKSPACES, {"search": "new-sl"})) == {"New"}


def test_nothing_new_changes_nothing(api: Api, cast: Cast) -> None:
    place = f"{WORKSPACES}{cast.workspace.pk}/"
    row = api.as_(cast.owner).get(place).json()
    assert api.as_(cast.owner).put(place, row).json() == row
    assert recorded() == []


def test_a_stale_change_is_refused_when_its_fields_were_touched(api: Api, cast: Cast) -> None:
    owner, place = api.as_(cast.owner), f"{WORKSPACES}{cast.workspace.pk}/"
    owner.patch(place, {"name": "a"})
    owner.patch(place, {"name": "b"})
    assert owner.patch(place, {"name": "c"}, headers={"If-Match": '"2"'}).status_code == 412
    assert owner.patch(place, {"slug": "c"}, headers={"If-Match": '"2"'}).json()["name"] == "b"
    assert owner.delete(place, headers={"If-Match": '"2"'}).status_code == 412


def test_only_a_workspace_without_projects_is_deleted(api: Api, cast: Cast) -> None:
    place = f"{WORKSPACES}{cast.workspace.pk}/"
    assert api.as_(cast.workspace_admin).delete(place).status_code == 403
    assert api.as_(cast.outsider).delete(place).status_code == 404
    reply = api.as_(cast.owner).delete(place)
    assert (reply.status_code, reply.json()["code"]) == (409, "workspace_in_use")
    trash_project(cast.project, actor=cast.owner.as_actor())
    assert api.as_(cast.owner).delete(place).status_code == 204


def test_what_is_deleted_is_gone_and_its_slug_free(api: Api, cast: Cast) -> None:
    trash_project(cast.project, actor=cast.owner.as_actor())
    api.as_(cast.owner).delete(f"{WORKSPACES}{cast.workspace.pk}/")
    for person in (cast.owner, cast.operator, cast.admin):
        assert "Near" not in names(api.as_(person).get(WORKSPACES))
        assert api.as_(person).get(f"{WORKSPACES}{cast.workspace.pk}/").status_code == 404
        assert api.as_(person).post(f"/api/v1/projects/{cast.project.pk}/restore/").status_code == 404
        trash = api.as_(person).get("/api/v1/projects/", {"trashed": "true"}).json()
        assert trash["results"] == []
        body = {"name": "x", "workspace": str(cast.workspace.pk)}
        assert api.as_(person).post("/api/v1/projects/", body).status_code == 404
    again = api.as_(cast.owner).post(WORKSPACES, {"name": "Again", "slug": cast.workspace.slug})
    assert again.status_code == 201
    assert not WorkspaceMember.objects.filter(workspace=cast.workspace).exists()
    assert recorded("workspace.deleted")[0][1]["name"] == ["Near", None]


def test_a_personal_workspace_stays(api: Api) -> None:
    ann = make_user()
    home = ensure_home(ann.as_actor()).workspace_id
    reply = api.as_(ann).delete(f"{WORKSPACES}{home}/")
    assert (reply.status_code, reply.json()["code"]) == (409, "personal_workspace")
    reply = api.as_(ann).delete(f"{WORKSPACES}{home}/members/{ann.pk}/")
    assert (reply.status_code, reply.json()["code"]) == (409, "personal_workspace")


def test_ids_of_any_shape_are_answered(api: Api) -> None:
    ann = api.as_(make_user())
    for name in ("1", "x", "%00", "None", str(uuid7())):
        assert ann.get(f"{WORKSPACES}{name}/").status_code in (400, 404)


def test_the_list_costs_the_same_for_3_and_300(api: Api) -> None:
    ann = make_user()
    client = api.as_(ann)
    for _ in range(3):
        make_workspace(ann)
    client.get(WORKSPACES)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(WORKSPACES, {"page_size": "200"}).status_code == 200
        return len(queries)

    few = cost()
    for _ in range(60):
        make_workspace(ann)
    assert cost() == few
