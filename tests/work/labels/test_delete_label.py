from tests.api import Api
from tests.cast import Cast
from workloom.core.actor import SYSTEM
from workloom.events.queries import log_rows
from workloom.work.labels.actions import create_tag
from workloom.work.labels.models import Category, Label
from workloom.work.labels.queries import CATEGORY, LABEL
from workloom.work.labels.rules import NewTag


def test_a_deleted_label_leaves_its_tasks(api: Api, cast: Cast) -> None:
    label = create_tag(LABEL, (cast.workspace.pk, cast.project.pk), NewTag("Bug"), actor=SYSTEM)
    manager = api.as_(cast.manager)
    body = {"title": "A", "project": str(cast.project.pk), "labels": [str(label.pk)]}
    task = manager.post("/api/v1/tasks/", body).json()
    assert task["labels"] == [str(label.pk)]
    assert manager.delete(f"/api/v1/labels/{label.pk}/").status_code == 204
    after = manager.get(f"/api/v1/tasks/{task['id']}/").json()
    assert after["labels"] == []
    assert after["version"] > task["version"]
    assert manager.get(f"/api/v1/labels/{label.pk}/").status_code == 404
    assert log_rows().get(type="label.deleted").object_id == label.pk


def test_a_deleted_category_leaves_its_tasks(api: Api, cast: Cast) -> None:
    category = create_tag(CATEGORY, (cast.workspace.pk, None), NewTag("Support"), actor=SYSTEM)
    body = {"title": "A", "project": str(cast.project.pk), "category": str(category.pk)}
    task = api.as_(cast.manager).post("/api/v1/tasks/", body).json()
    assert task["category"] == str(category.pk)
    assert api.as_(cast.owner).delete(f"/api/v1/categories/{category.pk}/").status_code == 204
    assert api.as_(cast.manager).get(f"/api/v1/tasks/{task['id']}/").json()["category"] is None
    assert not Category.objects.exists()


def test_a_member_deletes_no_label(api: Api, cast: Cast) -> None:
    label = create_tag(LABEL, (cast.workspace.pk, cast.project.pk), NewTag("Bug"), actor=SYSTEM)
    assert api.as_(cast.member).delete(f"/api/v1/labels/{label.pk}/").status_code == 403
    assert Label.objects.filter(pk=label.pk).exists()
    assert not log_rows().filter(type="label.deleted").exists()


def test_a_label_changed_in_the_meantime_is_not_deleted(api: Api, cast: Cast) -> None:
    label = create_tag(LABEL, (cast.workspace.pk, cast.project.pk), NewTag("Bug"), actor=SYSTEM)
    reply = api.as_(cast.manager).delete(f"/api/v1/labels/{label.pk}/", headers={"If-Match": '"7"'})
    assert reply.status_code == 412
    assert reply.json()["current"]["id"] == str(label.pk)
