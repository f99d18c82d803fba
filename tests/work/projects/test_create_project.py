"""POST projects/."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_operator, make_user, personal_token
from tests.log import recorded
from workloom.core.ids import uuid7
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.models import Workspace, WorkspaceMember

PROJECTS = "/api/v1/projects/"


def fields(reply: Any) -> list[str]:
    return [error["field"] for error in reply.json()["errors"]]


def test_a_name_is_enough(api: Api) -> None:
    ann = make_user("ann", time_zone="Europe/Berlin")
    reply = api.as_(ann).post(PROJECTS, {"name": "  Night shift  "})
    assert reply.status_code == 201
    row = reply.json()
    home = Workspace.objects.get(personal_of=ann)
    assert reply["Location"] == f"/api/v1/projects/{row['id']}/"
    assert reply["ETag"] == '"1"'
    assert row | {"id": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "workspace": str(home.pk),
        "key": "NS",
        "name": "Night shift",
        "description": "",
        "owner": str(ann.pk),
        "members": [str(ann.pk)],
        "default_assignee": None,
        "time_zone": "Europe/Berlin",
        "is_archived": False,
        "tasks_count": 0,
        "trashed_at": None,
        "version": 1,
        "created_at": "",
        "updated_at": "",
    }
    assert ProjectMember.objects.get(project=row["id"]).role == "admin"


def test_everything_can_be_said_at_once(api: Api, cast: Cast) -> None:
    key = uuid7()
    body = {
        "id": str(key),
        "workspace_id": str(cast.workspace.pk),
        "key": "eng",
        "title": "Engineering",
        "description": "What\nwe build",
        "members": [str(cast.member.pk), str(cast.outsider.pk), str(cast.member.pk)],
        "default_assignee": str(cast.member.pk),
        "time_zone": "Asia/Tokyo",
        "is_archived": True,
    }
    reply = api.as_(cast.workspace_member).post(PROJECTS, body)
    assert reply.status_code == 201, reply.json()
    row = reply.json()
    assert (row["id"], row["key"], row["name"]) == (str(key), "ENG", "Engineering")
    assert row["description"] == "What\nwe build"
    assert set(row["members"]) == {str(one.pk) for one in (cast.member, cast.outsider, cast.workspace_member)}
    assert row["default_assignee"] == str(cast.member.pk)
    assert (row["time_zone"], row["is_archived"]) == ("Asia/Tokyo", True)
    roles = dict(ProjectMember.objects.filter(project=key).values_list("user__username", "role"))
    assert roles == {"workspace-member": "admin", "member": "member", "outsider": "member"}


def test_who_comes_from_outside_becomes_a_guest_of_the_workspace(api: Api, cast: Cast) -> None:
    body = {"name": "New", "workspace": str(cast.workspace.pk), "members": [str(cast.outsider.pk)]}
    assert api.as_(cast.owner).post(PROJECTS, body).status_code == 201
    assert WorkspaceMember.objects.get(workspace=cast.workspace, user=cast.outsider).role == "guest"


def test_somebody_else_can_be_the_owner_and_the_maker_stays_an_admin(api: Api, cast: Cast) -> None:
    body = {"name": "New", "workspace": str(cast.workspace.pk), "owner": str(cast.member.pk)}
    row = api.as_(cast.workspace_member).post(PROJECTS, body).json()
    assert row["owner"] == str(cast.member.pk)
    roles = dict(ProjectMember.objects.filter(project=row["id"]).values_list("user__username", "role"))
    assert roles == {"workspace-member": "admin", "member": "admin"}


def test_a_project_is_made_with_workflow_and_board(api: Api) -> None:
    row = api.as_(make_user()).post(PROJECTS, {"name": "New"}).json()
    project = Project.objects.get(pk=row["id"])
    assert project.statuses.count() == 6
    assert project.boards.count() == 1


def test_the_log_has_it(api: Api, cast: Cast) -> None:
    row = api.as_(cast.owner).post(PROJECTS, {"name": "New", "workspace": str(cast.workspace.pk)}).json()
    ((_, changes),) = recorded("project.created")
    assert changes == {
        "key": [None, "NEW"],
        "name": [None, "New"],
        "description": [None, ""],
        "owner": [None, str(cast.owner.pk)],
        "time_zone": [None, "UTC"],
        "members": [None, [str(cast.owner.pk)]],
    }
    assert row["version"] == 1


def test_a_key_made_from_the_name_avoids_those_taken(api: Api) -> None:
    ann = api.as_(make_user())
    assert [ann.post(PROJECTS, {"name": "Engineering"}).json()["key"] for _ in range(3)] == ["ENG", "ENG2", "ENG3"]


def test_a_key_that_is_taken_is_refused(api: Api) -> None:
    ann = api.as_(make_user())
    first = ann.post(PROJECTS, {"name": "One", "key": "ENG"}).json()
    reply = ann.post(PROJECTS, {"name": "Two", "key": "eng"})
    assert (reply.status_code, reply.json()["code"], fields(reply)) == (409, "key_taken", ["key"])
    ann.patch(f"{PROJECTS}{first['id']}/", {"key": "DEV"})
    assert ann.post(PROJECTS, {"name": "Two", "key": "ENG"}).json()["code"] == "key_taken"
    ann.delete(f"{PROJECTS}{first['id']}/")
    assert ann.post(PROJECTS, {"name": "Two", "key": "DEV"}).json()["code"] == "key_taken"


def test_the_same_key_fits_in_another_workspace(api: Api, cast: Cast) -> None:
    body = {"name": "New", "key": "NEAR"}
    assert api.as_(cast.owner).post(PROJECTS, body).status_code == 201


@pytest.mark.parametrize("key", ["A", "ABCDEFGHIJK", "1AB", "A-B", "ÄB", "A B", "", 12, None, "ſs"])
def test_a_key_that_is_none_is_refused(api: Api, key: object) -> None:
    reply = api.as_(make_user()).post(PROJECTS, {"name": "New", "key": key})
    assert (reply.status_code, fields(reply)) == (400, ["key"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": 7}, "name"),
        ({"name": "New", "description": "x" * 100_001}, "description"),
        ({"name": "New", "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "New", "is_archived": "maybe"}, "is_archived"),
        ({"name": "New", "id": "5"}, "id"),
        ({"name": "New", "id": "7b7f0b39-66a8-4b0c-8d5c-2f0a37a1a3f1"}, "id"),
        ({"name": "New", "members": ["nobody"]}, "members.0"),
        ({"name": "New", "nmae": "x"}, "nmae"),
        ({"name": "New", "version": 3}, "version"),
        ({"name": "New", "tasks_count": 3}, "tasks_count"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, body: dict[str, Any], field: str) -> None:
    reply = api.as_(make_user()).post(PROJECTS, body)
    assert (reply.status_code, fields(reply)) == (400, [field])
    assert not Project.objects.exists()


@pytest.mark.parametrize("field", ["owner", "members", "default_assignee"])
def test_unknown_people_are_named(api: Api, field: str) -> None:
    somebody = str(uuid7())
    body = {"name": "New", field: [somebody] if field == "members" else somebody}
    reply = api.as_(make_user()).post(PROJECTS, body)
    assert (reply.status_code, fields(reply)) == (400, [field])
    assert not Project.objects.exists()


def test_the_default_assignee_must_be_a_member(api: Api, cast: Cast) -> None:
    body = {"name": "New", "default_assignee": str(cast.outsider.pk)}
    reply = api.as_(cast.owner).post(PROJECTS, body)
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "not_a_member")


def test_placeholders_and_deactivated_people_are_not_added(api: Api, cast: Cast) -> None:
    ghosts = [make_user(is_placeholder=True, is_active=False), make_user(is_active=False)]
    reply = api.as_(cast.owner).post(PROJECTS, {"name": "New", "members": [str(one.pk) for one in ghosts]})
    assert (reply.status_code, fields(reply)) == (400, ["members", "members"])


def test_an_id_that_exists_is_refused_without_detail(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.outsider).post(PROJECTS, {"name": "New", "id": str(cast.project.pk)})
    assert reply.status_code == 409
    assert "Near" not in reply.content.decode()


def test_who_may_make_projects_in_a_workspace(api: Api, cast: Cast) -> None:
    body = {"name": "New", "workspace": str(cast.workspace.pk)}
    allowed = {
        name: api.as_(person).post(PROJECTS, body).status_code
        for name, person in cast.people.items()
        if name != "guest"
    }
    assert allowed == {
        "owner": 201,
        "workspace_admin": 201,
        "workspace_member": 201,
        "operator": 201,
        "admin": 403,
        "manager": 403,
        "member": 403,
        "viewer": 403,
        "outsider": 404,
    }


def test_tokens_make_projects_when_they_write_and_are_not_limited(api: Api, cast: Cast) -> None:
    def status(*scopes: str, limited: bool = False) -> int:
        token = cast.token(*scopes, of="owner", projects=[cast.project] if limited else None)
        body = {"name": "New", "workspace": str(cast.workspace.pk)}
        return int(api.as_(token).post(PROJECTS, body).status_code)

    assert (status("read"), status("write"), status("admin")) == (403, 201, 201)
    assert (status("write", limited=True), status("admin", limited=True)) == (403, 403)
    before = Project.objects.count()
    assert (
        api.as_(cast.token("admin", of="owner", projects=[cast.project])).post(PROJECTS, {"name": "N"}).status_code
        == 403
    )
    assert Project.objects.count() == before


def test_visitors_make_nothing(api: Api) -> None:
    assert api.post(PROJECTS, {"name": "New"}).status_code == 401
    assert not Project.objects.exists()


def test_a_rehearsal_writes_nothing(api: Api) -> None:
    reply = api.as_(make_operator()).post(f"{PROJECTS}?dry_run=true", {"name": "New"})
    assert (reply.status_code, reply.json()["key"]) == (201, "NEW")
    assert not Project.objects.exists()


def test_sent_twice_with_one_key_it_is_made_once(api: Api) -> None:
    ann = api.as_(personal_token(make_user(), "write"))
    replies = [ann.post(PROJECTS, {"name": "New"}, headers={"Idempotency-Key": "a"}) for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert Project.objects.filter(name="New").count() == 1
