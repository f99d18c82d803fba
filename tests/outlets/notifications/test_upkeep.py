"""What goes: with time, with a task, with a person."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.outlets.notifications.hearing import heard, told
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task
from workloom.core.actor import SYSTEM
from workloom.core.clock import frozen, now
from workloom.outlets.notifications.actions import mark_read, send_digests, sweep_notifications
from workloom.outlets.notifications.models import Digest, Notification, Preference
from workloom.people.accounts.actions import anonymise_user
from workloom.people.accounts.models import User
from workloom.work.tasks.actions import purge_old, trash_task
from workloom.work.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> Task:
    with heard():
        made = make_task(cast.project, cast.admin, "Proofread", assignees=[cast.member.pk, cast.viewer.pk])
        make_comment(made, cast.admin, "@member")
    return made


def test_what_was_read_goes_after_ninety_days_and_the_rest_stays(cast: Cast, task: Task) -> None:
    mark_read(Notification.objects.get(user=cast.viewer, kind="assigned"))
    with frozen(now() + timedelta(days=89)):
        assert sweep_notifications() == 0
    with frozen(now() + timedelta(days=91)):
        assert sweep_notifications() == 1
    assert (told(cast.viewer), told(cast.member)) == (["commented"], ["assigned", "mentioned"])


def test_what_nobody_read_for_a_year_goes_too(cast: Cast, task: Task) -> None:
    with frozen(now() + timedelta(days=364)):
        assert sweep_notifications() == 0
    with frozen(now() + timedelta(days=366)):
        assert sweep_notifications() == 4
    assert Notification.objects.count() == 0


def test_old_digests_go_too(cast: Cast, task: Task) -> None:
    with frozen(now() + timedelta(days=2)):
        assert send_digests() == 1
    with frozen(now() + timedelta(days=93)):
        sweep_notifications()
    assert Digest.objects.count() == 0


def test_a_task_that_is_purged_takes_what_was_told_of_it_along(cast: Cast, task: Task) -> None:
    trash_task(task, actor=acting(cast.admin))
    with frozen(now() + timedelta(days=31)):
        assert purge_old() == 1
    assert Notification.objects.count() == 0


def test_somebody_who_is_anonymised_is_forgotten(cast: Cast, task: Task) -> None:
    at = now()
    User.objects.filter(pk=cast.member.pk).update(notification_settings={"digest_hour": 3}, reminder_hour=3)
    Preference.objects.create(user=cast.member, project=cast.project, created_at=at, updated_at=at)
    anonymise_user(cast.member.pk, actor=SYSTEM)
    assert (told(cast.member), Preference.objects.count()) == ([], 0)
    assert told(cast.viewer) == ["assigned", "commented"]
    member = User.objects.get(pk=cast.member.pk)
    assert (member.notification_settings, member.reminder_hour) == ({}, 9)


def test_their_name_leaves_what_others_were_told(cast: Cast, task: Task) -> None:
    anonymise_user(cast.admin.pk, actor=SYSTEM)
    row = Notification.objects.select_related("actor").get(user=cast.viewer, kind="commented")
    assert row.actor is not None
    assert "dmin" not in row.actor.shown_name
