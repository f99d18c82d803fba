"""DELETE projects/[id]/ and POST projects/[id]/restore/."""

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from workloom.work.projects.models import Project


def place(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/"


def test_out_and_back(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    assert admin.delete(place(cast)).status_code == 204
    assert [admin.get(place(cast)).status_code, admin.delete(place(cast)).status_code] == [404, 404]
    reply = admin.post(f"{place(cast)}restore/")
    assert (reply.status_code, reply.json()["trashed_at"], reply.json()["version"]) == (200, None, 3)
    assert admin.get(place(cast)).status_code == 200
    assert admin.post(f"{place(cast)}restore/").status_code == 404
    assert [name for name, _ in recorded()] == ["project.trashed", "project.restored"]


def test_only_admins_delete_and_restore(api: Api, cast: Cast) -> None:
    for name in ("manager", "member", "viewer", "guest"):
        assert api.as_(getattr(cast, name)).delete(place(cast)).status_code == 403
    for name in ("workspace_member", "outsider"):
        assert api.as_(getattr(cast, name)).delete(place(cast)).status_code == 404
    assert api.as_(cast.workspace_admin).delete(place(cast)).status_code == 204
    for name in ("manager", "guest"):
        assert api.as_(getattr(cast, name)).post(f"{place(cast)}restore/").status_code == 403
    assert api.as_(cast.outsider).post(f"{place(cast)}restore/").status_code == 404
    assert Project.objects.get(pk=cast.project.pk).trashed_at is not None


def test_a_stale_version_deletes_nothing(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).delete(place(cast), headers={"If-Match": '"7"'})
    assert (reply.status_code, reply.json()["current"]["version"]) == (412, 1)


def test_who_restores_owns_what_its_owner_left(api: Api, cast: Cast) -> None:
    api.as_(cast.admin).delete(place(cast))
    seat = f"/api/v1/workspaces/{cast.workspace.pk}/members/{cast.admin.pk}/"
    assert api.as_(cast.owner).delete(seat).status_code == 204
    row = api.as_(cast.owner).post(f"{place(cast)}restore/").json()
    assert row["owner"] == str(cast.owner.pk)
    assert str(cast.owner.pk) in row["members"]
    assert str(cast.admin.pk) not in row["members"]
