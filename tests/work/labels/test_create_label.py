from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from workloom.core.ids import uuid7
from workloom.events.queries import log_rows
from workloom.work.labels.models import Category, Label
from workloom.work.workspaces.models import Workspace

KINDS = pytest.mark.parametrize("kind", ["labels", "categories"])


def _errors(reply: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in reply.json()["errors"]]


@KINDS
def test_a_manager_makes_one_of_the_project(api: Api, cast: Cast, kind: str) -> None:
    body = {"project": str(cast.project.pk), "name": " Urgent bug ", "colour": "#FF0000"}
    reply = api.as_(cast.manager).post(f"/api/v1/{kind}/", body)
    assert reply.status_code == 201
    shown = reply.json()
    assert (shown["name"], shown["colour"], shown["version"]) == ("Urgent bug", "#ff0000", 1)
    assert (shown["project"], shown["workspace"]) == (str(cast.project.pk), str(cast.workspace.pk))
    assert reply["Location"] == f"/api/v1/{kind}/{shown['id']}/"
    assert reply["ETag"] == '"1"'
    assert api.as_(cast.guest).get(reply["Location"]).json() == shown
    singular = {"labels": "label", "categories": "category"}[kind]
    assert list(log_rows().values_list("type", "project_id")) == [(f"{singular}.created", cast.project.pk)]


@KINDS
def test_without_a_place_it_belongs_to_the_personal_workspace(api: Api, kind: str) -> None:
    person = make_user()
    reply = api.as_(person).post(f"/api/v1/{kind}/", {"name": "Errands"})
    assert reply.status_code == 201
    assert reply.json()["project"] is None
    assert reply.json()["workspace"] == str(Workspace.objects.get(personal_of=person).pk)


def test_the_colour_is_chosen_by_the_name(api: Api, cast: Cast) -> None:
    owner = api.as_(cast.owner)
    one = owner.post("/api/v1/labels/", {"name": "Bug", "workspace": str(cast.workspace.pk)}).json()
    other = owner.post("/api/v1/labels/", {"name": "bug", "project": str(cast.project.pk)}).json()
    assert one["colour"] == other["colour"]


@KINDS
def test_a_name_is_taken_in_any_case_but_only_in_its_own_place(api: Api, cast: Cast, kind: str) -> None:
    owner = api.as_(cast.owner)
    body = {"project": str(cast.project.pk), "name": "Straße"}
    assert owner.post(f"/api/v1/{kind}/", body).status_code == 201
    again = owner.post(f"/api/v1/{kind}/", {**body, "name": "STRASSE"})
    assert again.status_code == 400
    assert _errors(again) == [("name", "name_taken")]
    elsewhere = {"workspace": str(cast.workspace.pk), "name": "Straße"}
    assert owner.post(f"/api/v1/{kind}/", elsewhere).status_code == 201
    assert log_rows().count() == 2


def test_a_name_that_grows_when_folded_is_kept_as_it_is(api: Api, cast: Cast) -> None:
    body = {"project": str(cast.project.pk), "name": "ﷺ" * 200}
    assert api.as_(cast.manager).post("/api/v1/labels/", body).json()["name"] == "ﷺ" * 200
    assert _errors(api.as_(cast.manager).post("/api/v1/labels/", body)) == [("name", "name_taken")]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "required"),
        ({"name": "  "}, "name", "blank"),
        ({"name": "x" * 201}, "name", "max_length"),
        ({"name": 7}, "name", "invalid"),
        ({"name": "x", "colour": "red"}, "colour", "colour"),
        ({"name": "x", "shade": "red"}, "shade", "unknown_field"),
        ({"name": "x", "project": "1"}, "project", "invalid"),
        ({"name": "x", "project": str(uuid7())}, "project", "unknown_project"),
        ({"name": "x", "workspace": str(uuid7())}, "workspace", "unknown_workspace"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    api: Api, cast: Cast, body: dict[str, Any], field: str, code: str
) -> None:
    reply = api.as_(cast.owner).post("/api/v1/labels/", body)
    assert reply.status_code == 400
    assert _errors(reply) == [(field, code)]
    assert Label.objects.count() == 0


def test_a_project_of_another_workspace_than_the_one_named_is_a_contradiction(api: Api, cast: Cast) -> None:
    body = {"name": "x", "project": str(cast.project.pk), "workspace": str(cast.far_workspace.pk)}
    assert _errors(api.as_(cast.operator).post("/api/v1/labels/", body)) == [("workspace", "contradiction")]


@pytest.mark.parametrize(
    ("part", "status"),
    [("member", 403), ("viewer", 403), ("guest", 403), ("outsider", 400), ("workspace_member", 400), ("owner", 201)],
)
def test_who_may_make_labels_of_a_project(api: Api, cast: Cast, part: str, status: int) -> None:
    reply = api.as_(cast.people[part]).post("/api/v1/labels/", {"name": "x", "project": str(cast.project.pk)})
    assert reply.status_code == status
    assert Label.objects.filter(project=cast.project).count() == (status == 201)


@pytest.mark.parametrize(
    ("part", "status"), [("admin", 403), ("workspace_member", 403), ("outsider", 400), ("workspace_admin", 201)]
)
def test_who_may_make_categories_of_a_workspace(api: Api, cast: Cast, part: str, status: int) -> None:
    reply = api.as_(cast.people[part]).post("/api/v1/categories/", {"name": "x", "workspace": str(cast.workspace.pk)})
    assert reply.status_code == status
    assert Category.objects.filter(place=cast.workspace.pk).count() == (status == 201)


def test_a_token_for_some_projects_makes_labels_there_and_nowhere_else(api: Api, cast: Cast) -> None:
    token = api.as_(cast.token("write", of="owner", projects=[cast.project]))
    assert token.post("/api/v1/labels/", {"name": "x", "project": str(cast.project.pk)}).status_code == 201
    assert _errors(token.post("/api/v1/labels/", {"name": "x"})) == [("project", "required")]
    wide = token.post("/api/v1/labels/", {"name": "x", "workspace": str(cast.workspace.pk)})
    assert wide.status_code == 403


def test_an_id_of_ones_own_making_is_kept_and_cannot_be_used_twice(api: Api, cast: Cast) -> None:
    key = str(uuid7())
    body = {"id": key, "name": "x", "project": str(cast.project.pk)}
    assert api.as_(cast.manager).post("/api/v1/labels/", body).json()["id"] == key
    far = {"id": key, "name": "y", "project": str(cast.far_project.pk)}
    assert api.as_(cast.outsider).post("/api/v1/labels/", far).status_code == 409
