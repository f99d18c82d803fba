from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.work.labels.actions import create_tag, import_labels
from workloom.work.labels.models import Label
from workloom.work.labels.queries import LABEL, labels_usable_in
from workloom.work.labels.rules import NewTag, name_key
from workloom.work.projects.models import Project
from workloom.work.workspaces.models import Workspace


def _make(workspace: Workspace, project: Project | None, *names: str) -> None:
    for name in names:
        create_tag(LABEL, (workspace.pk, project.pk if project else None), NewTag(name), actor=SYSTEM)


def _names(api: Api, **query: Any) -> list[str]:
    reply = api.get("/api/v1/labels/", {"ordering": "name", **query})
    assert reply.status_code == 200, reply.json()
    return [row["name"] for row in reply.json()["results"]]


@pytest.fixture
def labels(cast: Cast) -> None:
    _make(cast.workspace, cast.project, "zebra", "Alpha")
    _make(cast.workspace, None, "wide")
    _make(cast.far_workspace, cast.far_project, "far")
    _make(cast.far_workspace, None, "far and wide")


@pytest.mark.usefixtures("labels")
@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("guest", ["Alpha", "wide", "zebra"]),
        ("admin", ["Alpha", "wide", "zebra"]),
        ("owner", ["Alpha", "wide", "zebra"]),
        ("workspace_member", ["wide"]),
        ("outsider", ["far", "far and wide"]),
        ("operator", ["Alpha", "far", "far and wide", "wide", "zebra"]),
    ],
)
def test_one_sees_the_labels_of_what_one_sees(api: Api, cast: Cast, part: str, seen: list[str]) -> None:
    assert _names(api.as_(cast.people[part])) == seen


@pytest.mark.usefixtures("labels")
def test_filters(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    assert _names(admin, project=str(cast.project.pk)) == ["Alpha", "zebra"]
    assert _names(admin, project="none") == ["wide"]
    assert _names(admin, workspace=str(cast.workspace.pk)) == ["Alpha", "wide", "zebra"]
    assert _names(admin, usable_in=str(cast.project.pk)) == ["Alpha", "wide", "zebra"]
    assert _names(admin, usable_in=str(cast.far_project.pk)) == []
    assert _names(admin, search="ALPH") == ["Alpha"]
    assert _names(admin, search="%") == []
    assert _names(admin, ordering="-name") == ["zebra", "wide", "Alpha"]


@pytest.mark.usefixtures("labels")
def test_a_token_for_some_projects_sees_what_they_use(api: Api, cast: Cast) -> None:
    assert _names(api.as_(cast.token("read", of="operator", projects=[cast.far_project]))) == ["far", "far and wide"]


def test_labels_of_a_project_in_the_trash_are_not_seen(api: Api, cast: Cast) -> None:
    _make(cast.workspace, cast.project, "hidden")
    Project.objects.filter(pk=cast.project.pk).update(trashed_at=now())
    assert _names(api.as_(cast.owner)) == []
    label = Label.objects.get()
    assert api.as_(cast.owner).get(f"/api/v1/labels/{label.pk}/").status_code == 404


@pytest.mark.parametrize("query", [{"projekt": "x"}, {"project": "x"}, {"ordering": "colour"}, {"expand": "project"}])
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    reply = api.as_(cast.admin).get("/api/v1/labels/", query)
    assert reply.status_code == 400
    assert [one["field"] for one in reply.json()["errors"]] == list(query)


@pytest.mark.parametrize("kind", ["labels", "categories"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast, kind: str) -> None:
    person = api.as_(cast.admin)
    person.get(f"/api/v1/{kind}/")
    costs = []
    for number in (3, 300):
        _fill(cast, number)
        with CaptureQueriesContext(connection) as queries:
            assert person.get(f"/api/v1/{kind}/", {"page_size": 200}).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def _fill(cast: Cast, number: int) -> None:
    place = {"workspace": cast.workspace, "project": cast.project, "place": cast.project.pk}
    times = {"created_at": now(), "updated_at": now()}
    names = [f"n{number}-{at}" for at in range(number)]
    Label.objects.bulk_create(
        Label(**place, **times, name=name, name_key=name_key(name), colour="#000000") for name in names
    )


@pytest.mark.usefixtures("labels")
def test_a_project_uses_its_own_labels_and_those_of_its_workspace(cast: Cast) -> None:
    usable = Label.objects.in_bulk(labels_usable_in(cast.project, list(Label.objects.values_list("pk", flat=True))))
    assert sorted(label.name for label in usable.values()) == ["Alpha", "wide", "zebra"]


def test_an_import_uses_labels_that_are_there_and_makes_the_others(cast: Cast) -> None:
    _make(cast.workspace, None, "Bug")
    wanted = [NewTag("bug"), NewTag("New", colour="#123456"), NewTag("NEW")]
    found = import_labels(cast.project, wanted, actor=SYSTEM)
    assert [label.name for label in found] == ["Bug", "New", "New"]
    assert found[1].project_id == cast.project.pk
    assert import_labels(cast.project, wanted, actor=SYSTEM) == found


def test_unknown_ids_find_nothing(api: Api, cast: Cast) -> None:
    assert api.as_(cast.admin).get(f"/api/v1/labels/{uuid7()}/").status_code == 404
    assert api.as_(cast.admin).get("/api/v1/labels/not-an-id/").status_code == 404
