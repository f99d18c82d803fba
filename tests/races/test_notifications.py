from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.cast import Cast
from tests.races.together import at_once, sender
from tests.work.comments.making import make_comment
from tests.work.tasks.making import make_task
from workloom.core.clock import frozen, now
from workloom.core.mail.models import Mail
from workloom.events.publish import publish
from workloom.events.queries import log_rows, read_after
from workloom.outlets.notifications.actions import notify_of, remind, send_digests
from workloom.outlets.notifications.models import Digest, Notification, Preference, ReminderClock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 6


def at_that_time(act: Any, moment: Any) -> Any:
    with frozen(moment):
        return act()


def test_one_event_read_by_many_at_once_tells_each_once(transactional_cast: Cast) -> None:
    cast = transactional_cast
    make_task(cast.project, cast.admin, description="@manager", assignees=[cast.member.pk, cast.viewer.pk])
    publish()
    (event,) = read_after(0, 10)
    at_once([partial(notify_of, event)] * CROWD)
    assert Notification.objects.count() == 3
    assert Mail.objects.count() == 3


def test_ticks_at_once_make_one_digest_and_one_mail(transactional_cast: Cast) -> None:
    cast = transactional_cast
    task = make_task(cast.project, cast.admin)
    make_comment(task, cast.manager, "Hello")
    publish()
    for event in read_after(0, 10):
        notify_of(event)
    tomorrow = now() + timedelta(days=1)
    answers = at_once([partial(at_that_time, send_digests, tomorrow)] * CROWD)
    assert sum(answers) == 1
    assert (Digest.objects.count(), Mail.objects.filter(kind="digest").count()) == (1, 1)
    assert Notification.objects.get().digest == Digest.objects.get().pk


def test_ticks_at_once_remind_each_once(transactional_cast: Cast) -> None:
    cast = transactional_cast
    nine = (now() + timedelta(days=1)).replace(hour=9, minute=0, second=0)
    ReminderClock.objects.create(pk=1, done_until=nine - timedelta(minutes=1))
    make_task(cast.project, cast.admin, assignees=[cast.member.pk], due_date=nine.date())
    at_once([partial(at_that_time, remind, nine)] * CROWD)
    assert Counter(Notification.objects.values_list("kind", flat=True)) == {"due_soon": 2}
    assert Mail.objects.count() == 2


def test_one_wish_about_a_project_is_one_row(transactional_cast: Cast) -> None:
    cast = transactional_cast
    send, path = sender(cast.member), f"/api/v1/notifications/preferences/{cast.project.pk}/"
    kinds = ("assigned", "mentioned", "commented", "overdue", "due_soon", "status_changed")
    wishes = [{"kinds": {kind: {"mail": "digest"}}} for kind in kinds]
    answers = at_once([partial(send, "PATCH", path, wish) for wish in wishes])
    assert Counter(answer.status_code for answer in answers) == {200: CROWD}
    assert set(Preference.objects.get().kinds) == set(kinds)
    assert log_rows().count() == CROWD
