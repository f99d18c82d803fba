"""The admin site shows everything and changes nothing by itself."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from tests.cast import Cast
from tests.factories import PASSWORD
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.events.queries import log_rows
from workloom.work.tasks.models import Task


@pytest.fixture
def browser(cast: Cast) -> Client:
    cast.operator.set_password(PASSWORD)
    cast.operator.save(update_fields=["password"])
    client = Client(raise_request_exception=False)
    assert client.post("/admin/login/", {"username": "operator", "password": PASSWORD}).status_code == 302
    return client


def everything() -> dict[str, list[Any]]:
    """Every row of every table but those of sessions."""
    left_out = {"sessions.session", "accounts.session", "core.limitcount"}
    models = [model for model in apps.get_models() if model._meta.label_lower not in left_out]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def test_every_page_is_of_the_kind_that_only_shows(browser: Client) -> None:
    assert admin.site._registry
    assert all(isinstance(page, ReadOnlyAdmin) for page in admin.site._registry.values())


def test_no_form_of_it_writes_a_row(browser: Client, cast: Cast) -> None:
    make_task(cast.project, cast.admin, assignees=(cast.member.pk,))
    before = everything()
    for model in admin.site._registry:
        names = model._meta
        url = f"/admin/{names.app_label}/{names.model_name}/"
        assert browser.get(url).status_code == 200, url
        assert browser.post(f"{url}add/", {"name": "x"}).status_code == 403, url
        for row in model._base_manager.all()[:2]:
            assert browser.get(f"{url}{row.pk}/change/").status_code == 200, url
            assert browser.post(f"{url}{row.pk}/change/", {"name": "x", "title": "x"}).status_code == 403, url
            assert browser.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403, url
        keys = [str(key) for key in model._base_manager.values_list("pk", flat=True)[:5]]
        browser.post(url, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert everything() == before


def test_its_buttons_go_through_actions_and_the_log(browser: Client, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    form = {"action": "trash", "_selected_action": [str(task.pk)]}
    assert browser.post("/admin/tasks/task/", form).status_code == 302
    assert Task.objects.get(pk=task.pk).trashed_at is not None
    browser.post("/admin/tasks/task/", {**form, "action": "restore"})
    assert Task.objects.get(pk=task.pk).trashed_at is None
    assert [name for name, _ in recorded("task.deleted", "task.restored")] == ["task.deleted", "task.restored"]
    assert set(
        log_rows().filter(type__startswith="task.", actor_id=cast.operator.pk).values_list("via", flat=True)
    ) == {"admin"}
