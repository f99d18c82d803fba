import pytest

from tests.api import Api
from tests.cast import Cast
from workloom.core.actor import SYSTEM
from workloom.events.queries import log_rows
from workloom.work.labels.actions import create_tag
from workloom.work.labels.models import Category, Label
from workloom.work.labels.queries import CATEGORY, LABEL
from workloom.work.labels.rules import NewTag


def make_label(cast: Cast, name: str = "Bug") -> Label:
    return create_tag(LABEL, (cast.workspace.pk, cast.project.pk), NewTag(name), actor=SYSTEM)


def make_wide_category(cast: Cast, name: str = "Support") -> Category:
    return create_tag(CATEGORY, (cast.workspace.pk, None), NewTag(name), actor=SYSTEM)


def test_a_rename_shows_at_once_and_is_recorded(api: Api, cast: Cast) -> None:
    label = make_label(cast)
    reply = api.as_(cast.manager).patch(f"/api/v1/labels/{label.pk}/", {"name": "Defect"})
    assert reply.status_code == 200
    assert (reply.json()["name"], reply.json()["version"]) == ("Defect", 2)
    row = log_rows().get(type="label.updated")
    assert row.object_version == 2
    assert row.private == {**(row.private or {}), "changes": {"name": ["Bug", "Defect"]}}


def test_another_case_of_its_own_name_is_free(api: Api, cast: Cast) -> None:
    label = make_label(cast)
    assert api.as_(cast.manager).patch(f"/api/v1/labels/{label.pk}/", {"name": "BUG"}).json()["name"] == "BUG"


def test_a_taken_name_is_refused(api: Api, cast: Cast) -> None:
    make_label(cast, "Feature")
    label = make_label(cast)
    reply = api.as_(cast.manager).patch(f"/api/v1/labels/{label.pk}/", {"name": "FEATURE"})
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [("name", "name_taken")]
    label.refresh_from_db()
    assert (label.name, label.version) == ("Bug", 1)


def test_sending_back_what_was_read_changes_nothing(api: Api, cast: Cast) -> None:
    category = make_wide_category(cast)
    owner = api.as_(cast.owner)
    path = f"/api/v1/categories/{category.pk}/"
    shown = owner.get(path).json()
    assert owner.put(path, shown).json() == shown
    assert not log_rows().filter(type="category.updated").exists()


def test_it_stays_where_it_belongs(api: Api, cast: Cast) -> None:
    label = make_label(cast)
    reply = api.as_(cast.manager).patch(f"/api/v1/labels/{label.pk}/", {"project": str(cast.far_project.pk)})
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [("project", "read_only")]


def test_an_edit_of_another_field_is_merged_and_of_the_same_field_refused(api: Api, cast: Cast) -> None:
    label = make_label(cast)
    path, stale = f"/api/v1/labels/{label.pk}/", {"If-Match": '"1"'}
    manager = api.as_(cast.manager)
    manager.patch(path, {"name": "Defect"})
    assert manager.patch(path, {"colour": "#000000"}, headers=stale).status_code == 200
    refused = manager.patch(path, {"name": "Fault"}, headers=stale)
    assert refused.status_code == 412
    assert refused.json()["current"]["name"] == "Defect"


@pytest.mark.parametrize(("part", "status"), [("member", 403), ("viewer", 403), ("outsider", 404), ("manager", 200)])
def test_who_may_change_a_label_of_a_project(api: Api, cast: Cast, part: str, status: int) -> None:
    label = make_label(cast)
    reply = api.as_(cast.people[part]).patch(f"/api/v1/labels/{label.pk}/", {"name": "Defect"})
    assert reply.status_code == status


@pytest.mark.parametrize(
    ("part", "status"), [("admin", 403), ("guest", 403), ("outsider", 404), ("workspace_admin", 200), ("operator", 200)]
)
def test_who_may_change_a_category_of_a_workspace(api: Api, cast: Cast, part: str, status: int) -> None:
    category = make_wide_category(cast)
    reply = api.as_(cast.people[part]).patch(f"/api/v1/categories/{category.pk}/", {"name": "Help"})
    assert reply.status_code == status


def test_a_token_for_some_projects_reads_what_they_use_and_changes_no_workspace(api: Api, cast: Cast) -> None:
    category = make_wide_category(cast)
    token = api.as_(cast.token("write", of="owner", projects=[cast.project]))
    assert token.get(f"/api/v1/categories/{category.pk}/").status_code == 200
    assert token.patch(f"/api/v1/categories/{category.pk}/", {"name": "Help"}).status_code == 403
    far = api.as_(cast.token("write", of="outsider", projects=[cast.far_project]))
    assert far.get(f"/api/v1/categories/{category.pk}/").status_code == 404
