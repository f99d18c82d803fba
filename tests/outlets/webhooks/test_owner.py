"""A webhook sends what its owner may read, for as long as they may."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.log import recorded
from tests.outlets.webhooks.hooking import drain_at, make_hook
from tests.outlets.webhooks.receiving import Receiver
from tests.work.tasks.making import make_task
from workloom.core.clock import frozen, now
from workloom.outlets.webhooks.models import Webhook
from workloom.people.accounts.models import User
from workloom.work.projects.actions import purge_old_projects
from workloom.work.projects.models import ProjectMember


def demoted(cast: Cast, second: User) -> None:
    ProjectMember.objects.filter(project=cast.project, user=second).update(role="manager")


def removed(cast: Cast, second: User) -> None:
    ProjectMember.objects.filter(project=cast.project, user=second).delete()


def deactivated(cast: Cast, second: User) -> None:
    User.objects.filter(pk=second.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [demoted, removed, deactivated])
def test_who_administers_no_more_gets_no_more(
    api: Api, cast: Cast, receiver: Receiver, leave: Callable[[Cast, User], None]
) -> None:
    second = cast.manager
    ProjectMember.objects.filter(project=cast.project, user=second).update(role="admin")
    hook = make_hook(cast, receiver, by=second)
    make_task(cast.project, cast.admin)
    drain()
    assert len(receiver.got) == 1
    make_task(cast.project, cast.admin)
    leave(cast, second)
    drain()
    assert len(receiver.got) == 1
    assert (hook.row.is_active, hook.row.disabled_reason) == (False, "owner_left")
    assert [one.state for one in hook.deliveries()] == ["delivered", "failed"]
    assert len(recorded("webhook.disabled")) == 1
    admin = api.as_(cast.admin)
    shown = admin.patch(hook.path, {"is_active": True}).json()
    assert (shown["is_active"], shown["owner"], shown["disabled_reason"]) == (True, str(cast.admin.pk), "")
    make_task(cast.project, cast.admin)
    drain()
    assert len(receiver.got) == 2


def test_whoever_changes_it_answers_for_it(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    owner = api.as_(cast.owner)
    assert owner.patch(hook.path, {"events": ["task.created"]}).json()["owner"] == str(cast.owner.pk)
    changes = recorded("webhook.updated")[-1][1]
    assert changes["owner"] == [str(cast.admin.pk), str(cast.owner.pk)]


def test_a_project_in_the_trash_says_so_and_its_webhooks_are_not_seen(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver, "project.*", "task.*")
    make_task(cast.project, cast.admin)
    assert api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/").status_code == 204
    drain()
    assert receiver.types == ["task.created", "project.trashed"]
    assert api.as_(cast.admin).get(hook.path).status_code == 404
    assert api.as_(cast.admin).get("/api/v1/webhooks/").json()["results"] == []
    assert api.as_(cast.admin).post(f"/api/v1/projects/{cast.project.pk}/restore/").status_code == 200
    drain()
    assert receiver.types[-1] == "project.restored"
    assert api.as_(cast.admin).get(hook.path).status_code == 200


def test_a_project_that_is_purged_takes_its_webhooks_along(api: Api, cast: Cast, receiver: Receiver) -> None:
    make_hook(cast, receiver, "*")
    receiver.will(500)
    make_task(cast.project, cast.admin)
    api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/")
    drain()
    with frozen(now() + timedelta(days=31)):
        assert purge_old_projects() == 1
    assert Webhook.objects.count() == 0
    count = len(receiver.got)
    drain_at(now() + timedelta(days=31))
    assert len(receiver.got) == count


def test_the_owner_of_a_workspace_webhook_who_leaves_gets_no_more(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver, of_workspace=True, by=cast.workspace_admin)
    path = f"/api/v1/workspaces/{cast.workspace.pk}/members/{cast.workspace_admin.pk}/"
    assert api.as_(cast.owner).patch(path, {"role": "member"}).status_code == 200
    make_task(cast.project, cast.admin)
    drain()
    assert receiver.got == []
    assert hook.row.disabled_reason == "owner_left"
