"""workspaces/[id]/invitations/ and workspaces/invitations/accept/."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user, personal_token
from tests.log import recorded
from workloom.core.clock import now
from workloom.events.queries import log_rows
from workloom.people.accounts.models import User
from workloom.work.workspaces.actions import seat_verified_person
from workloom.work.workspaces.models import Invitation, WorkspaceMember

ACCEPT = "/api/v1/workspaces/invitations/accept/"


def place(cast: Cast) -> str:
    return f"/api/v1/workspaces/{cast.workspace.pk}/invitations/"


def invite(api: Api, cast: Cast, email: str = "new@example.org", **body: Any) -> dict[str, Any]:
    reply = api.as_(cast.owner).post(place(cast), {"email": email, **body})
    assert reply.status_code == 201
    return dict(reply.json())


def role_of(cast: Cast, user: User) -> str | None:
    return WorkspaceMember.objects.filter(workspace=cast.workspace, user=user).values_list("role", flat=True).first()


def test_the_secret_is_shown_once(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.workspace_admin).post(place(cast), {"email": "New@Example.org", "role": "ADMIN"})
    row = reply.json()
    assert reply["Location"] == f"{place(cast)}{row['id']}/"
    assert (row["email"], row["role"], row["status"], row["project"]) == ("New@Example.org", "admin", "invited", None)
    assert row["invited_by"] == str(cast.workspace_admin.pk)
    (listed,) = api.as_(cast.owner).get(place(cast)).json()["results"]
    assert {**listed, "token": row["token"]} == row
    assert api.as_(cast.owner).get(reply["Location"]).json() == listed
    assert Invitation.objects.get().secret_hash != row["token"]
    assert not [entry for entry in log_rows().values("changes", "private") if row["token"] in str(entry)]
    assert recorded() == [("invitation.created", {"email": [None, "New@Example.org"], "role": [None, "admin"]})]


def test_the_person_invited_takes_the_place(api: Api, cast: Cast) -> None:
    row = invite(api, cast, "NEW@example.org")
    ann = make_user("new")
    reply = api.as_(ann).post(ACCEPT, {"token": row["token"]})
    assert reply.status_code == 200
    assert reply.json() == {**{name: row[name] for name in row if name != "token"}, "status": "accepted"}
    assert role_of(cast, ann) == "member"
    assert api.as_(ann).post(ACCEPT, {"token": row["token"]}).status_code == 404
    assert api.as_(cast.owner).get(place(cast)).json()["results"] == []


def test_neither_the_address_nor_the_secret_is_enough(api: Api, cast: Cast) -> None:
    row = invite(api, cast)
    impostor = make_user("impostor", email="new@example.org", is_verified=False)
    assert api.as_(impostor).get(f"/api/v1/workspaces/{cast.workspace.pk}/").status_code == 404
    assert api.as_(impostor).post(ACCEPT, {"token": "wli_guess"}).status_code == 404
    reply = api.as_(cast.outsider).post(ACCEPT, {"token": row["token"]})
    assert (reply.status_code, reply.json()["code"]) == (403, "other_address")
    assert role_of(cast, impostor) is None
    assert role_of(cast, cast.outsider) is None


def test_registering_with_the_address_gives_nothing_by_itself(api: Api, cast: Cast) -> None:
    invite(api, cast)
    body = {"email": "new@example.org", "password": "correct horse battery"}
    person = User.objects.get(pk=api.post("/api/v1/auth/register/", body).json()["id"])
    assert role_of(cast, person) is None
    assert Invitation.objects.count() == 1


def test_a_proven_address_gives_every_place_kept_for_it(api: Api, cast: Cast) -> None:
    invite(api, cast, role="admin")
    members = f"/api/v1/projects/{cast.project.pk}/members/"
    assert api.as_(cast.admin).post(members, {"email": "new@example.org"}).status_code == 201
    ann = make_user("new", is_verified=False)
    seat_verified_person(ann, actor=ann.as_actor())
    assert role_of(cast, ann) is None
    ann.is_verified = True
    seat_verified_person(ann, actor=ann.as_actor())
    assert role_of(cast, ann) == "admin"
    assert cast.project.memberships.get(user=ann).role == "member"
    assert not Invitation.objects.exists()


def test_invited_again_the_old_secret_dies(api: Api, cast: Cast) -> None:
    first, second = invite(api, cast), invite(api, cast, role="guest")
    assert (first["id"], second["version"], second["role"]) == (second["id"], 2, "guest")
    ann = make_user("new")
    assert api.as_(ann).post(ACCEPT, {"token": first["token"]}).status_code == 404
    assert api.as_(ann).post(ACCEPT, {"token": second["token"]}).status_code == 200
    assert role_of(cast, ann) == "guest"


def test_an_invitation_raises_a_role_and_never_lowers_it(api: Api, cast: Cast) -> None:
    for user, role, expected in ((cast.guest, "member", "member"), (cast.workspace_admin, "guest", "admin")):
        row = invite(api, cast, str(user.email), role=role)
        assert api.as_(user).post(ACCEPT, {"token": row["token"]}).status_code == 200
        assert role_of(cast, user) == expected


def test_invitations_end_after_30_days_or_when_withdrawn(api: Api, cast: Cast) -> None:
    row = invite(api, cast)
    ann = api.as_(make_user("new"))
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    assert ann.post(ACCEPT, {"token": row["token"]}).status_code == 404
    assert api.as_(cast.owner).get(place(cast)).json()["results"] == []
    assert api.as_(cast.owner).get(f"{place(cast)}{row['id']}/").status_code == 404
    row = invite(api, cast)
    assert api.as_(cast.owner).delete(f"{place(cast)}{row['id']}/").status_code == 204
    assert ann.post(ACCEPT, {"token": row["token"]}).status_code == 404
    assert [name for name, _ in recorded()][-1] == "invitation.withdrawn"


def test_a_deleted_workspace_takes_its_invitations_along(api: Api, cast: Cast) -> None:
    row = invite(api, cast)
    api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/")
    assert api.as_(cast.owner).delete(f"/api/v1/workspaces/{cast.workspace.pk}/").status_code == 204
    assert api.as_(make_user("new")).post(ACCEPT, {"token": row["token"]}).status_code == 404


def test_invitations_are_for_owners_and_admins(api: Api, cast: Cast) -> None:
    row = invite(api, cast)
    one = f"{place(cast)}{row['id']}/"
    before = recorded()
    for name, status in (("workspace_member", 403), ("admin", 403), ("guest", 403), ("outsider", 404)):
        client = api.as_(getattr(cast, name))
        assert client.get(place(cast)).status_code == status
        assert client.get(one).status_code == status
        assert client.post(place(cast), {"email": "b@example.org"}).status_code == status
        assert client.delete(one).status_code == status
    far = f"/api/v1/workspaces/{cast.far_workspace.pk}/invitations/{row['id']}/"
    assert api.as_(cast.outsider).get(far).status_code == 404
    assert api.as_(cast.outsider).delete(far).status_code == 404
    assert recorded() == before


def test_personal_tokens_take_no_places(api: Api, cast: Cast) -> None:
    row = invite(api, cast)
    ann = make_user("new")
    for scope in ("read", "write", "admin"):
        assert api.as_(personal_token(ann, scope)).post(ACCEPT, {"token": row["token"]}).status_code == 403
    assert api.post(ACCEPT, {"token": row["token"]}).status_code == 401
    assert role_of(cast, ann) is None


@pytest.mark.parametrize("body", [{}, {"email": "nobody"}, {"email": "a@example.org", "role": "boss"}, {"email": 7}])
def test_what_cannot_be_taken_is_refused(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    assert api.as_(cast.owner).post(place(cast), body).status_code == 400
    assert not Invitation.objects.exists()


def test_where_addresses_are_proven_only_verified_accounts_are_added_by_address(
    api: Api, cast: Cast, settings: Any
) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = True
    impostor = make_user("impostor", email="boss@example.org", is_verified=False)
    members = f"/api/v1/workspaces/{cast.workspace.pk}/members/"
    reply = api.as_(cast.owner).post(members, {"email": "boss@example.org"})
    assert (reply.status_code, reply.json()["status"]) == (201, "invited")
    assert role_of(cast, impostor) is None
    reply = api.as_(cast.owner).post(members, {"email": str(cast.outsider.email)})
    assert (reply.status_code, reply.json()["user"]) == (201, str(cast.outsider.pk))
