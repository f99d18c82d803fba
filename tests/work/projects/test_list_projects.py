"""GET projects/ and projects/[id]/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project, make_user, make_workspace
from workloom.work.projects.actions import ensure_home, trash_project
from workloom.work.projects.models import Project

PROJECTS = "/api/v1/projects/"


def keys(reply: Any) -> set[str]:
    assert reply.status_code == 200, reply.json()
    return {row["key"] for row in reply.json()["results"]} - {"INBOX"}


def test_everybody_sees_what_they_are_in(api: Api, cast: Cast) -> None:
    seen = {name: keys(api.as_(person).get(PROJECTS)) for name, person in cast.people.items()}
    near = {"NEAR"}
    assert seen == {
        "owner": near,
        "workspace_admin": near,
        "workspace_member": set(),
        "admin": near,
        "manager": near,
        "member": near,
        "viewer": near,
        "guest": near,
        "outsider": {"FAR"},
        "operator": {"NEAR", "FAR"},
    }


def test_a_project_that_one_is_not_in_does_not_exist(api: Api, cast: Cast) -> None:
    place = f"{PROJECTS}{cast.project.pk}/"
    allowed = {name: api.as_(person).get(place).status_code for name, person in cast.people.items()}
    assert [name for name, status in allowed.items() if status != 200] == ["workspace_member", "outsider"]
    assert {allowed["workspace_member"], allowed["outsider"]} == {404}
    assert api.get(place).status_code == 401


def test_tokens_see_only_their_projects(api: Api, cast: Cast) -> None:
    other = make_project(cast.admin, cast.workspace, key="OTHER")
    assert keys(api.as_(cast.token("read")).get(PROJECTS)) == {"NEAR", "OTHER"}
    limited = api.as_(cast.token("admin", projects=[other, cast.far_project]))
    assert keys(limited.get(PROJECTS)) == {"OTHER"}
    assert limited.get(f"{PROJECTS}{cast.project.pk}/").status_code == 404
    assert limited.get(f"{PROJECTS}{cast.far_project.pk}/").status_code == 404
    of_operator = api.as_(cast.token("admin", of="operator", projects=[other]))
    assert keys(of_operator.get(PROJECTS)) == {"OTHER"}


def test_filters(api: Api, cast: Cast) -> None:
    ann = make_user()
    here = make_workspace(ann)
    make_project(ann, here, key="ONE", name="Straße und Brücke", member=cast.outsider)
    make_project(cast.outsider, here, key="TWO", name="Tunnel", member=ann)
    Project.objects.filter(key="TWO").update(is_archived=True)

    def found(**query: Any) -> set[str]:
        return keys(api.as_(ann).get(PROJECTS, query))

    assert found() == {"ONE", "TWO"}
    assert found(workspace=here.pk) == found(workspace_id=here.pk) == {"ONE", "TWO"}
    assert found(workspace=cast.workspace.pk) == set()
    assert found(owner="me") == found(owner_id=ann.pk) == {"ONE"}
    assert found(**{"owner!": "me"}) == {"TWO"}
    assert found(member=cast.outsider.pk) == {"ONE", "TWO"}
    assert found(member=cast.guest.pk) == set()
    assert found(is_archived="true") == {"TWO"}
    assert found(is_archived="false") == {"ONE"}
    assert found(search="BRÜCKE straße") == {"ONE"}
    assert found(search="STRASSE") == {"ONE"}
    assert found(search="tw") == {"TWO"}
    assert found(search="100%_") == set()


@pytest.mark.parametrize(
    "query",
    [
        {"workspace": "7"},
        {"owner": "nobody"},
        {"is_archived": "maybe"},
        {"search": "a\x00b"},
        {"colour": "red"},
        {"ordering": "description"},
        {"fields": "id,secret"},
        {"expand": "tasks"},
        {"trashed": "any"},
    ],
)
def test_what_the_list_does_not_know_is_refused(api: Api, query: dict[str, str]) -> None:
    reply = api.as_(make_user()).get(PROJECTS, query)
    assert (reply.status_code, [error["field"] for error in reply.json()["errors"]]) == (400, list(query))


@pytest.mark.parametrize("order", ["name", "-name", "title", "key", "-updated_at", "created_at", "tasks_count"])
def test_orders_and_pages(api: Api, order: str) -> None:
    ann = make_user()
    here = make_workspace(ann)
    for name in ("b", "a", "c"):
        make_project(ann, here, name=name)
    whole = [row["id"] for row in api.as_(ann).get(PROJECTS, {"ordering": order}).json()["results"]]
    paged, place = [], f"{PROJECTS}?ordering={order}&page_size=1"
    while place:
        reply = api.as_(ann).get(place).json()
        paged += [row["id"] for row in reply["results"]]
        place = reply["next"]
    assert paged == whole
    assert len(whole) == 4


def test_relations_are_shown_when_asked_for(api: Api, cast: Cast) -> None:
    query = {"expand": "owner,members,workspace,default_assignee", "search": "near"}
    (row,) = api.as_(cast.guest).get(PROJECTS, query).json()["results"]
    assert row["owner"] == {"id": str(cast.admin.pk), "username": "admin", "name": "Admin", "avatar": None}
    assert {one["username"] for one in row["members"]} == {"manager", "member", "viewer", "guest", "admin"}
    assert row["workspace"]["name"] == "Near"
    assert row["default_assignee"] is None
    (row,) = api.as_(cast.guest).get(PROJECTS, {"fields": "key,name", "search": "near"}).json()["results"]
    assert row == {"key": "NEAR", "name": "Near project"}


def test_an_unchanged_project_is_not_sent_again(api: Api, cast: Cast) -> None:
    place = f"{PROJECTS}{cast.project.pk}/"
    reply = api.as_(cast.guest).get(place)
    assert reply["ETag"] == '"1"'
    assert api.as_(cast.guest).get(place, headers={"If-None-Match": '"1"'}).status_code == 304


def test_the_trash_is_for_those_who_can_restore(api: Api, cast: Cast) -> None:
    trash_project(cast.project, actor=cast.admin.as_actor())
    seen = {name: keys(api.as_(person).get(PROJECTS, {"trashed": "true"})) for name, person in cast.people.items()}
    assert {name for name, found in seen.items() if found == {"NEAR"}} == {
        "owner",
        "workspace_admin",
        "admin",
        "operator",
    }
    assert keys(api.as_(cast.member).get(PROJECTS, {"trashed": "false"})) == set()
    assert keys(api.as_(cast.admin).get(PROJECTS)) == set()


@pytest.mark.parametrize("query", [{}, {"expand": "owner,members,workspace,default_assignee"}, {"page": "1"}])
def test_the_list_costs_the_same_for_3_and_300(api: Api, query: dict[str, str]) -> None:
    ann = make_user()
    ensure_home(ann.as_actor())
    here = make_workspace(ann)
    for _ in range(2):
        make_project(ann, here, member=make_user())
    client = api.as_(ann)
    client.get(PROJECTS)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PROJECTS, {"page_size": "200", **query}).status_code == 200
        return len(queries)

    few = cost()
    for _ in range(40):
        make_project(ann, here, member=[make_user(), make_user()])
    assert cost() == few
