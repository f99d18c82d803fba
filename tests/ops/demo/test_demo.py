import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.api import Api
from tests.architecture.sources import ROOT
from tests.factories import make_operator, make_user
from workloom.core.clock import now
from workloom.events.models import LogRow
from workloom.events.publish import publish
from workloom.ops.demo.fill import belongs_to_others
from workloom.people.accounts.models import User
from workloom.work.comments.models import Comment
from workloom.work.links.models import Link
from workloom.work.tasks.models import Task


def demo(**options: Any) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


@pytest.mark.slow
def test_the_company_is_made_once_looks_alive_and_is_in_the_catalogue(api: Api) -> None:
    make_user("somebody")
    said = demo(yes=True)
    password = re.search(r"Password: (\S+)", said)
    assert password is not None
    assert "Made Lantern Bikes and Harbour Repair Café: 4 projects, 148 tasks." in said
    counts = (User.objects.count(), Task.objects.count(), Comment.objects.count(), Link.objects.count())
    assert counts == (9, 148, 41, 4)
    assert "nothing was changed" in demo()
    assert counts == (User.objects.count(), Task.objects.count(), Comment.objects.count(), Link.objects.count())

    body = {"email": "mara@lantern.example", "password": password[1]}
    mara = api.as_(api.post("/api/v1/auth/login/", body).json()["access"])
    _looks_alive(mara)
    publish()  # the commit that numbers the log does not come in a test
    _is_told_at_its_time()
    _is_in_the_catalogue()


def _looks_alive(mara: Api) -> None:
    statistics = mara.get("/api/v1/tasks/statistics/").json()
    assert statistics["total"] == 121  # the other workspace is not hers
    assert sum(week["completed"] > 0 for week in statistics["completed_per_week"]) >= 7
    assert statistics["cycle_time"]["p50"] > timedelta(hours=6).total_seconds()
    assert 4 <= statistics["overdue"] <= 12
    boards = mara.get("/api/v1/boards/").json()["results"]
    assert len(boards) == 4  # one of them is her Inbox's
    found = mara.get("/api/v1/search/", {"q": "shimmies"}).json()["results"]
    assert [row["title"] for row in found] == ["Second frame with the longer stay"]


def _is_told_at_its_time() -> None:
    first, last = (
        LogRow.objects.filter(object_type="task").order_by("occurred_at")[0],
        LogRow.objects.order_by("seq").last(),
    )
    assert first.occurred_at < now() - timedelta(days=40)
    assert last is not None
    assert set(LogRow.objects.filter(object_type="task").values_list("via", flat=True)) == {"import"}
    assert not LogRow.objects.filter(seq=None).exists()
    people = User.objects.filter(email_key__endswith="@lantern.example").values_list("pk", flat=True)
    assert set(LogRow.objects.filter(object_type="task").values_list("actor_id", flat=True)) <= set(people)


def _is_in_the_catalogue() -> None:
    """What an event changes stands with its type, unless its meaning names no field at all."""
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    means = dict(re.findall(r"^\| `([a-z_.]+)` \|.*\| (.+) \|$", page, re.MULTILINE))
    for row in LogRow.objects.all():
        changed = {*row.changes, *(row.private or {})["changes"]}
        named = set(re.findall(r"`([a-z_]+)`", means[row.type]))
        assert not named or "and the like" in means[row.type] or changed <= named, row.type


@pytest.mark.django_db
def test_it_does_not_mix_with_what_belongs_to_others() -> None:
    make_operator("boss")
    assert not belongs_to_others()
    User.objects.all().delete()
    make_user("somebody")
    with pytest.raises(CommandError, match="--yes"):
        demo()
    assert User.objects.count() == 1
    assert LogRow.objects.count() == 0


@pytest.mark.django_db
def test_a_bad_password_makes_nothing() -> None:
    with pytest.raises(CommandError, match="at least"):
        demo(password="short")
    assert User.objects.count() == 0
