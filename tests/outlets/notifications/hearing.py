"""What the log made people hear, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import override_settings

from tests.work.tasks.making import acting
from workloom.core.clock import now
from workloom.core.mail.models import Mail
from workloom.events.consumers import run_consumers
from workloom.events.models import Consumer
from workloom.events.publish import publish
from workloom.events.queries import last_seq
from workloom.outlets.notifications.models import Notification
from workloom.people.accounts.models import User
from workloom.people.accounts.rules.notices import NoticeKind
from workloom.work.tasks.access import access_task, rights_on_task, role_on
from workloom.work.tasks.actions import edit_task, watch_task
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import TaskInput

ONLY_US = {"notifications": "workloom.outlets.notifications.consumer.consume"}


@contextmanager
def heard() -> Iterator[None]:
    """Let people be told of what the block does, and of nothing before it."""
    with override_settings(CONSUMERS=ONLY_US):
        publish()
        place = {"seq": last_seq(), "moved_at": now()}
        Consumer.objects.update_or_create(pk="notifications", defaults=place)
        yield
        publish()
        run_consumers()


def told(person: User) -> list[str]:
    """The kinds of what somebody was told in the application, oldest first."""
    rows = Notification.objects.filter(user=person, is_listed=True).order_by("created_at", "id")
    return list(rows.values_list("kind", flat=True))


def mailed(person: User) -> list[str]:
    """The kinds of letters that wait for somebody, oldest first."""
    return list(Mail.objects.filter(person_id=person.pk).order_by("created_at", "id").values_list("kind", flat=True))


def edit(task: Task, by: User, **fields: Any) -> Task:
    """Change a task as somebody who may."""
    found = access_task(acting(by), str(task.pk), lock=True)
    return edit_task(
        found,
        TaskInput(**fields),
        rights=rights_on_task(acting(by), found),
        role=role_on(acting(by), found),
        actor=acting(by),
    )


def watch(task: Task, *people: User) -> None:
    """Let people be told of a task."""
    for person in people:
        watch_task(task, person.pk, actor=acting(person))


def say(person: User, *, mail: str = "", in_app: bool | None = None, kinds: tuple[str, ...] = ()) -> None:
    """Let somebody want kinds (all unless named) to be told so."""
    part = {**({"mail": mail} if mail else {}), **({} if in_app is None else {"in_app": in_app})}
    said = dict.fromkeys(kinds or tuple(NoticeKind), part)
    person.notification_settings = {**person.notification_settings, "kinds": said}
    person.save(update_fields=["notification_settings"])
