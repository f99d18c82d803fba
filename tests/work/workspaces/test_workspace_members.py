"""workspaces/[id]/members/."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import add_seats, make_project, make_user
from tests.log import recorded
from workloom.core.ids import uuid7
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.models import WorkspaceMember


def place(cast: Cast, user: User | None = None) -> str:
    return f"/api/v1/workspaces/{cast.workspace.pk}/members/" + (f"{user.pk}/" if user else "")


def role_of(cast: Cast, user: User) -> str | None:
    return WorkspaceMember.objects.filter(workspace=cast.workspace, user=user).values_list("role", flat=True).first()


def test_members_see_everybody_and_guests_those_with_whom_they_share_a_project(api: Api, cast: Cast) -> None:
    def seen(name: str) -> set[str]:
        rows = api.as_(getattr(cast, name)).get(place(cast), {"expand": "user"}).json()["results"]
        return {row["user"]["username"] for row in rows}

    everybody = {"owner", "workspace-admin", "workspace-member", "admin", "manager", "member", "viewer", "guest"}
    assert seen("workspace_member") == seen("owner") == seen("operator") == everybody
    assert seen("guest") == {"admin", "manager", "member", "viewer", "guest"}
    assert api.as_(cast.outsider).get(place(cast)).status_code == 404
    assert api.as_(cast.guest).get(place(cast, cast.owner)).status_code == 404
    assert api.as_(cast.guest).get(place(cast, cast.member)).json()["role"] == "guest"


def test_a_limited_token_sees_the_people_of_its_projects(api: Api, cast: Cast) -> None:
    other = make_project(cast.admin, cast.workspace, member=cast.workspace_member)
    token = api.as_(cast.token("read", projects=[other]))
    rows = token.get(place(cast), {"expand": "user"}).json()["results"]
    assert {row["user"]["username"] for row in rows} == {"admin", "workspace-member"}


@pytest.mark.parametrize("by", ["user_id", "email"])
def test_somebody_is_added_once(api: Api, cast: Cast, by: str) -> None:
    body = {by: "Outsider@example.org" if by == "email" else str(cast.outsider.pk), "role": "Admin"}
    reply = api.as_(cast.owner).post(place(cast), body)
    assert (reply.status_code, reply.json()["role"], reply["Location"]) == (201, "admin", place(cast, cast.outsider))
    reply = api.as_(cast.owner).post(place(cast), body | {"role": "guest"})
    assert (reply.status_code, reply.json()["role"]) == (200, "admin")
    assert [name for name, _ in recorded()] == ["workspace.member_added"]
    assert api.as_(cast.outsider).get(f"/api/v1/projects/{cast.project.pk}/").status_code == 200


def test_an_unknown_id_is_refused_and_an_unknown_address_invited(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.owner).post(place(cast), {"user_id": str(uuid7())})
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "unknown_person")
    reply = api.as_(cast.owner).post(place(cast), {"email": "new@example.org"})
    assert (reply.status_code, reply.json()["status"]) == (201, "invited")


def test_only_owners_touch_owners(api: Api, cast: Cast) -> None:
    keeper, newcomer = api.as_(cast.workspace_admin), str(make_user().pk)
    assert keeper.post(place(cast), {"user_id": newcomer, "role": "owner"}).status_code == 403
    assert keeper.patch(place(cast, cast.workspace_member), {"role": "owner"}).status_code == 403
    assert keeper.patch(place(cast, cast.owner), {"role": "guest"}).status_code == 403
    assert keeper.delete(place(cast, cast.owner)).status_code == 403
    invitations = f"/api/v1/workspaces/{cast.workspace.pk}/invitations/"
    assert keeper.post(invitations, {"email": "new@example.org", "role": "owner"}).status_code == 403
    assert recorded() == []
    assert api.as_(cast.owner).patch(place(cast, cast.workspace_admin), {"role": "owner"}).status_code == 200
    assert keeper.patch(place(cast, cast.owner), {"role": "guest"}).status_code == 200


def test_the_last_owner_stays(api: Api, cast: Cast) -> None:
    owner = api.as_(cast.owner)
    for reply in (owner.delete(place(cast, cast.owner)), owner.patch(place(cast, cast.owner), {"role": "admin"})):
        assert (reply.status_code, reply.json()["code"]) == (409, "last_owner")
    add_seats(cast.workspace, owner=cast.outsider)
    assert owner.delete(place(cast, cast.owner)).status_code == 204
    assert role_of(cast, cast.owner) is None


def test_a_role_changes(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.workspace_admin).patch(place(cast, cast.guest), {"role": "MEMBER"})
    assert (reply.status_code, reply.json()["role"], reply["ETag"]) == (200, "member", '"2"')
    assert recorded() == [("workspace.member_updated", {"user": [str(cast.guest.pk)] * 2, "role": ["guest", "member"]})]
    mine = api.as_(cast.guest).get(f"/api/v1/workspaces/{cast.workspace.pk}/")
    assert (mine.json()["role"], mine["ETag"]) == ("member", '"2"')
    stale = api.as_(cast.owner).put(place(cast, cast.guest), {"role": "guest"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["role"]) == (412, "member")


def test_who_leaves_the_workspace_leaves_its_projects(api: Api, cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(default_assignee=cast.member)
    far = make_project(cast.outsider, member=cast.member)
    assert api.as_(cast.member).delete(place(cast, cast.member)).status_code == 204
    assert list(ProjectMember.objects.filter(user=cast.member).values_list("project", flat=True)) == [far.pk]
    assert api.as_(cast.member).get(f"/api/v1/projects/{cast.project.pk}/").status_code == 404
    cast.project.refresh_from_db()
    assert (cast.project.version, cast.project.default_assignee) == (2, None)
    assert [name for name, _ in recorded()] == ["member.removed", "workspace.member_removed"]


def test_who_owns_a_project_hands_it_over_first(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.owner).delete(place(cast, cast.admin))
    assert (reply.status_code, reply.json()["code"], reply.json()["projects"]) == (409, "owns_projects", ["NEAR"])
    api.as_(cast.owner).patch(f"/api/v1/projects/{cast.project.pk}/", {"owner": str(cast.owner.pk)})
    assert api.as_(cast.owner).delete(place(cast, cast.admin)).status_code == 204


def test_only_owners_and_admins_manage_members(api: Api, cast: Cast) -> None:
    newcomer = str(make_user().pk)
    for name in ("workspace_member", "admin", "guest"):
        client = api.as_(getattr(cast, name))
        assert client.post(place(cast), {"user_id": newcomer}).status_code == 403
        assert client.patch(place(cast, cast.viewer), {"role": "admin"}).status_code == 403
        assert client.delete(place(cast, cast.viewer)).status_code == 403
    outsider = api.as_(cast.outsider)
    assert outsider.post(place(cast), {"user_id": newcomer}).status_code == 404
    assert outsider.patch(place(cast, cast.viewer), {"role": "admin"}).status_code == 404
    assert outsider.delete(place(cast, cast.viewer)).status_code == 404
    assert recorded() == []


def test_the_list_costs_the_same_for_3_and_300(api: Api, cast: Cast) -> None:
    client = api.as_(cast.owner)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(place(cast), {"page_size": "200", "expand": "user"}).status_code == 200
        return len(queries)

    few = cost()
    add_seats(cast.workspace, member=[make_user() for _ in range(60)])
    assert cost() == few
