"""projects/[id]/members/ and projects/[id]/invitations/."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project, make_user
from tests.log import recorded
from workloom.core.ids import uuid7
from workloom.people.accounts.models import User
from workloom.work.projects.models import ProjectMember
from workloom.work.workspaces.models import Invitation, WorkspaceMember


def place(cast: Cast, user: User | None = None) -> str:
    return f"/api/v1/projects/{cast.project.pk}/members/" + (f"{user.pk}/" if user else "")


def role_of(cast: Cast, user: User) -> str | None:
    return ProjectMember.objects.filter(project=cast.project, user=user).values_list("role", flat=True).first()


def test_members_are_listed_with_roles(api: Api, cast: Cast) -> None:
    rows = api.as_(cast.guest).get(place(cast), {"expand": "user"}).json()["results"]
    assert {row["user"]["username"]: row["role"] for row in rows} == {
        name: name for name in ("admin", "manager", "member", "viewer", "guest")
    }
    rows = api.as_(cast.guest).get(place(cast), {"role": "Manager"}).json()["results"]
    assert [row["user"] for row in rows] == [str(cast.manager.pk)]
    assert api.as_(cast.outsider).get(place(cast)).status_code == 404


@pytest.mark.parametrize("by", ["user_id", "user", "email"])
def test_somebody_is_added_by_id_or_address(api: Api, cast: Cast, by: str) -> None:
    body = {by: "OUTSIDER@example.org" if by == "email" else str(cast.outsider.pk)}
    reply = api.as_(cast.admin).post(place(cast), body)
    assert reply.status_code == 201
    assert reply["Location"] == place(cast, cast.outsider)
    assert (reply.json()["user"], reply.json()["role"]) == (str(cast.outsider.pk), "member")
    assert WorkspaceMember.objects.get(workspace=cast.workspace, user=cast.outsider).role == "guest"
    assert [name for name, _ in recorded()] == ["workspace.member_added", "member.added"]
    assert api.as_(cast.admin).get(f"/api/v1/projects/{cast.project.pk}/").json()["version"] == 2


def test_added_again_nothing_changes(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).post(place(cast), {"user_id": str(cast.viewer.pk), "role": "ADMIN"})
    assert (reply.status_code, reply.json()["role"]) == (200, "viewer")
    assert recorded() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user_id": str(uuid7())}, "user_id"),
        ({"user_id": "x"}, "user"),
        ({"email": "nobody"}, "email"),
        ({}, "user_id"),
        ({"user_id": str(uuid7()), "email": "a@example.org"}, "user_id"),
        ({"email": "a@example.org", "role": "owner"}, "role"),
        ({"email": "a@example.org", "rolle": "guest"}, "rolle"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, cast: Cast, body: dict[str, Any], field: str) -> None:
    reply = api.as_(cast.admin).post(place(cast), body)
    assert (reply.status_code, [error["field"] for error in reply.json()["errors"]]) == (400, [field])
    assert recorded() == []


def test_an_unknown_address_gets_an_invitation(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).post(place(cast), {"email": "New@Example.org", "role": "viewer"})
    assert reply.status_code == 201
    row = reply.json()
    assert (row["status"], row["email"], row["role"]) == ("invited", "New@Example.org", "viewer")
    assert row["project"] == str(cast.project.pk)
    assert reply["Location"] == f"/api/v1/projects/{cast.project.pk}/invitations/{row['id']}/"
    assert row["token"].startswith("wli_")
    newcomer = make_user("new", email="new@example.org")
    taken = api.as_(newcomer).post("/api/v1/workspaces/invitations/accept/", {"token": row["token"]})
    assert (taken.status_code, taken.json()["status"]) == (200, "accepted")
    assert role_of(cast, newcomer) == "viewer"
    assert WorkspaceMember.objects.get(workspace=cast.workspace, user=newcomer).role == "guest"
    assert not Invitation.objects.exists()


def test_an_invitation_raises_a_role_and_never_lowers_it(api: Api, cast: Cast) -> None:
    def accept(role: str, user: User) -> None:
        Invitation.objects.all().delete()
        User.objects.filter(pk=user.pk).update(email_key="gone@example.org")
        row = api.as_(cast.admin).post(place(cast), {"email": f"{user.username}@example.org", "role": role}).json()
        User.objects.filter(pk=user.pk).update(email_key=f"{user.username}@example.org")
        reply = api.as_(user).post("/api/v1/workspaces/invitations/accept/", {"token": row["token"]})
        assert reply.status_code == 200

    accept("manager", cast.viewer)
    accept("guest", cast.member)
    assert (role_of(cast, cast.viewer), role_of(cast, cast.member)) == ("manager", "member")


def test_invitations_are_for_those_who_manage_members(api: Api, cast: Cast) -> None:
    row = api.as_(cast.admin).post(place(cast), {"email": "new@example.org"}).json()
    invitations = f"/api/v1/projects/{cast.project.pk}/invitations/"
    assert api.as_(cast.manager).get(invitations).status_code == 403
    assert api.as_(cast.outsider).get(invitations).status_code == 404
    (listed,) = api.as_(cast.admin).get(invitations).json()["results"]
    assert listed["id"] == row["id"]
    assert "token" not in listed
    assert api.as_(cast.admin).get(f"{invitations}{row['id']}/").json() == listed
    far = f"/api/v1/projects/{cast.far_project.pk}/invitations/{row['id']}/"
    assert api.as_(cast.outsider).delete(far).status_code == 404
    assert api.as_(cast.member).delete(f"{invitations}{row['id']}/").status_code == 403
    assert api.as_(cast.admin).delete(f"{invitations}{row['id']}/").status_code == 204
    newcomer = api.as_(make_user("new"))
    assert newcomer.post("/api/v1/workspaces/invitations/accept/", {"token": row["token"]}).status_code == 404


def test_an_invitation_to_a_trashed_project_is_worth_nothing(api: Api, cast: Cast) -> None:
    row = api.as_(cast.admin).post(place(cast), {"email": "new@example.org"}).json()
    api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/")
    newcomer = make_user("new")
    reply = api.as_(newcomer).post("/api/v1/workspaces/invitations/accept/", {"token": row["token"]})
    assert reply.status_code == 404
    assert role_of(cast, newcomer) is None


def test_a_role_changes(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).patch(place(cast, cast.viewer), {"role": "MANAGER"})
    assert (reply.status_code, reply.json()["role"], reply["ETag"]) == (200, "manager", '"2"')
    assert recorded() == [("member.updated", {"members": [str(cast.viewer.pk)] * 2, "role": ["viewer", "manager"]})]
    assert api.as_(cast.admin).put(place(cast, cast.viewer), {}).status_code == 400
    stale = api.as_(cast.admin).patch(place(cast, cast.viewer), {"role": "guest"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["role"]) == (412, "manager")


def test_the_owner_stays_an_admin(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    reply = admin.patch(place(cast, cast.admin), {"role": "member"})
    assert (reply.status_code, reply.json()["code"]) == (409, "owner_is_admin")
    reply = admin.delete(place(cast, cast.admin))
    assert (reply.status_code, reply.json()["code"]) == (409, "last_admin")
    admin.patch(place(cast, cast.viewer), {"role": "admin"})
    reply = admin.delete(place(cast, cast.admin))
    assert (reply.status_code, reply.json()["code"]) == (409, "owner_stays")
    admin.patch(f"/api/v1/projects/{cast.project.pk}/", {"owner": str(cast.viewer.pk)})
    assert admin.delete(place(cast, cast.admin)).status_code == 204


def test_somebody_goes_and_with_them_their_place_in_the_workspace(api: Api, cast: Cast) -> None:
    other = make_project(cast.owner, cast.workspace, member=cast.viewer)
    for user in (cast.guest, cast.viewer):
        assert api.as_(cast.admin).delete(place(cast, user)).status_code == 204
        assert api.as_(cast.admin).delete(place(cast, user)).status_code == 404
        assert role_of(cast, user) is None
    seats = WorkspaceMember.objects.filter(workspace=cast.workspace)
    assert not seats.filter(user=cast.guest).exists()
    assert seats.filter(user=cast.viewer).exists()
    assert api.as_(cast.viewer).get(f"/api/v1/projects/{other.pk}/").status_code == 200
    assert [name for name, _ in recorded()] == ["workspace.member_removed", "member.removed", "member.removed"]


def test_anybody_may_leave(api: Api, cast: Cast) -> None:
    for user in (cast.guest, cast.viewer, cast.manager):
        assert api.as_(user).delete(place(cast, user)).status_code == 204


def test_only_admins_manage_members(api: Api, cast: Cast) -> None:
    newcomer = make_user()
    for name in ("manager", "member", "viewer", "guest"):
        client = api.as_(getattr(cast, name))
        other = cast.viewer if name != "viewer" else cast.guest
        assert client.post(place(cast), {"user_id": str(newcomer.pk)}).status_code == 403
        assert client.patch(place(cast, cast.guest), {"role": "admin"}).status_code == 403
        assert client.delete(place(cast, other)).status_code == 403
    for name in ("workspace_member", "outsider"):
        client = api.as_(getattr(cast, name))
        assert client.post(place(cast), {"user_id": str(newcomer.pk)}).status_code == 404
        assert client.get(place(cast, cast.guest)).status_code == 404
        assert client.delete(place(cast, cast.guest)).status_code == 404
    assert recorded() == []


def test_tokens_manage_members_with_the_scope_admin_only(api: Api, cast: Cast) -> None:
    newcomer = make_user()
    for scope, status in (("read", 403), ("write", 403), ("admin", 201)):
        reply = api.as_(cast.token(scope)).post(place(cast), {"user_id": str(newcomer.pk)})
        assert reply.status_code == status
    for scope, status in (("read", 403), ("write", 403), ("admin", 204)):
        assert api.as_(cast.token(scope, of="guest")).delete(place(cast, cast.guest)).status_code == status
