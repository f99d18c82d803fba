"""PATCH and PUT projects/[id]/."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from tests.log import recorded
from workloom.work.projects.models import FormerKey, Project, ProjectMember
from workloom.work.workspaces.models import WorkspaceMember


def place(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/"


def roles(cast: Cast) -> dict[str, str]:
    return dict(ProjectMember.objects.filter(project=cast.project).values_list("user__username", "role"))


def test_the_fields_sent_change_and_the_others_do_not(api: Api, cast: Cast) -> None:
    body = {"title": "New name", "description": "d", "time_zone": "Asia/Tokyo", "is_archived": True}
    reply = api.as_(cast.admin).patch(place(cast), body)
    assert reply.status_code == 200
    row = reply.json()
    assert (row["name"], row["description"], row["time_zone"], row["is_archived"]) == tuple(body.values())
    assert (row["key"], row["version"], reply["ETag"]) == ("NEAR", 2, '"2"')
    assert recorded() == [
        (
            "project.updated",
            {
                "name": ["Near project", "New name"],
                "description": ["", "d"],
                "time_zone": ["UTC", "Asia/Tokyo"],
                "is_archived": [False, True],
            },
        )
    ]
    listed = api.as_(cast.admin).get("/api/v1/projects/", {"search": "new NAME"}).json()["results"]
    assert [one["id"] for one in listed] == [row["id"]]


def test_nothing_new_changes_nothing(api: Api, cast: Cast) -> None:
    row = api.as_(cast.admin).get(place(cast)).json()
    for reply in (api.as_(cast.admin).patch(place(cast), row), api.as_(cast.admin).put(place(cast), row)):
        assert (reply.status_code, reply.json()) == (200, row)
    assert recorded() == []


def test_put_needs_the_name(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).put(place(cast), {"description": "d"})
    assert [error["field"] for error in reply.json()["errors"]] == ["name"]
    reply = api.as_(cast.admin).put(place(cast), {"name": "N"})
    assert (reply.json()["name"], reply.json()["key"], len(reply.json()["members"])) == ("N", "NEAR", 5)


def test_a_workspace_does_not_change(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.operator).patch(place(cast), {"workspace": str(cast.far_workspace.pk)})
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "read_only")


def test_a_new_key_keeps_the_old_one_for_the_project(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    assert admin.patch(place(cast), {"key": "next"}).json()["key"] == "NEXT"
    assert list(FormerKey.objects.values_list("key", "project_id")) == [("NEAR", cast.project.pk)]
    assert admin.patch(place(cast), {"key": "NEAR"}).json()["key"] == "NEAR"
    assert list(FormerKey.objects.values_list("key", flat=True)) == ["NEXT"]
    assert [changes for _, changes in recorded("project.updated")] == [
        {"key": ["NEAR", "NEXT"]},
        {"key": ["NEXT", "NEAR"]},
    ]


def test_handing_over_makes_the_new_owner_an_admin(api: Api, cast: Cast) -> None:
    row = api.as_(cast.admin).patch(place(cast), {"owner": str(cast.viewer.pk)}).json()
    assert row["owner"] == str(cast.viewer.pk)
    assert (roles(cast)["viewer"], roles(cast)["admin"]) == ("admin", "admin")
    assert recorded() == [
        ("project.updated", {"owner": [str(cast.admin.pk), str(cast.viewer.pk)]}),
        ("member.updated", {"members": [str(cast.viewer.pk)] * 2, "role": ["viewer", "admin"]}),
    ]


def test_handing_over_to_an_outsider_makes_them_a_member(api: Api, cast: Cast) -> None:
    row = api.as_(cast.admin).patch(place(cast), {"owner_id": str(cast.outsider.pk)}).json()
    assert (row["owner"], roles(cast)["outsider"]) == (str(cast.outsider.pk), "admin")
    assert WorkspaceMember.objects.get(workspace=cast.workspace, user=cast.outsider).role == "guest"


def test_members_are_a_set(api: Api, cast: Cast) -> None:
    cast.project.default_assignee = cast.viewer
    cast.project.save(update_fields=["default_assignee"])
    body = {"members": [str(cast.manager.pk), str(cast.outsider.pk)]}
    row = api.as_(cast.admin).patch(place(cast), body).json()
    assert roles(cast) == {"admin": "admin", "manager": "manager", "outsider": "member"}
    assert set(row["members"]) == {*body["members"], str(cast.admin.pk)}
    assert (row["version"], row["default_assignee"]) == (2, None)
    assert sorted(name for name, _ in recorded() if name.startswith("member")) == [
        "member.added",
        "member.removed",
        "member.removed",
        "member.removed",
    ]
    assert api.as_(cast.guest).get(place(cast)).status_code == 404
    assert not WorkspaceMember.objects.filter(workspace=cast.workspace, user=cast.guest).exists()


@pytest.mark.parametrize("nobody", [[], None])
def test_an_empty_set_leaves_the_owner(api: Api, cast: Cast, nobody: list[str] | None) -> None:
    row = api.as_(cast.admin).patch(place(cast), {"members": nobody}).json()
    assert row["members"] == [str(cast.admin.pk)]


def test_the_default_assignee_is_a_member_or_nobody(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    reply = admin.patch(place(cast), {"default_assignee": str(cast.outsider.pk)})
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "not_a_member")
    both = {"default_assignee_id": str(cast.outsider.pk), "members": [str(cast.outsider.pk)]}
    assert admin.patch(place(cast), both).json()["default_assignee"] == str(cast.outsider.pk)
    assert admin.patch(place(cast), {"default_assignee": None}).json()["default_assignee"] is None


@pytest.mark.parametrize("body", [{"owner": None}, {"members": "x"}, {"name": None}, {"key": "?"}, {"nope": 1}])
def test_what_cannot_be_taken_changes_nothing(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    assert api.as_(cast.admin).patch(place(cast), {"description": "d", **body}).status_code == 400
    cast.project.refresh_from_db()
    assert (cast.project.version, cast.project.description) == (1, "")


def test_two_names_for_one_thing_must_agree(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).patch(place(cast), {"name": "a", "title": "b"})
    assert [error["field"] for error in reply.json()["errors"]] == ["name", "title"]
    reply = api.as_(cast.admin).patch(place(cast), {"name": "Near project", "title": "b"})
    assert reply.json()["name"] == "b"


def test_only_admins_change_projects(api: Api, cast: Cast) -> None:
    def status(name: str) -> int:
        return int(api.as_(getattr(cast, name)).patch(place(cast), {"description": name}).status_code)

    assert {name: status(name) for name in cast.people} == {
        "owner": 200,
        "workspace_admin": 200,
        "workspace_member": 404,
        "admin": 200,
        "manager": 403,
        "member": 403,
        "viewer": 403,
        "guest": 403,
        "outsider": 404,
        "operator": 200,
    }


def test_tokens_change_projects_with_the_scope_admin_only(api: Api, cast: Cast) -> None:
    def status(*scopes: str, **options: Any) -> int:
        return int(api.as_(cast.token(*scopes, **options)).patch(place(cast), {"name": "N"}).status_code)

    assert [status("read"), status("write"), status("admin")] == [403, 403, 200]
    assert status("admin", projects=[cast.project]) == 200
    assert status("admin", projects=[cast.far_project]) == 404


def test_a_stale_change_is_refused_when_its_fields_were_touched(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    admin.patch(place(cast), {"name": "a"})
    admin.patch(place(cast), {"name": "b"})
    reply = admin.patch(place(cast), {"name": "c"}, headers={"If-Match": '"2"'})
    assert (reply.status_code, reply.json()["current"]["name"]) == (412, "b")
    reply = admin.patch(place(cast), {"description": "c"}, headers={"If-Match": '"2"'})
    assert (reply.status_code, reply.json()["name"], reply.json()["description"]) == (200, "b", "c")


def test_members_that_came_meanwhile_are_not_lost_to_a_stale_set(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    admin.patch(place(cast), {"name": "a"})
    admin.post(f"{place(cast)}members/", {"user_id": str(make_user().pk)})
    reply = admin.patch(place(cast), {"members": []}, headers={"If-Match": '"2"'})
    assert reply.status_code == 412
    assert Project.objects.get(pk=cast.project.pk).memberships.count() == 6
