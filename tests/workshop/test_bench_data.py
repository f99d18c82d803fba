"""What the bench loads is what the product would have written, as far as anybody can tell."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count, F

from bench.side_by_side.data.load import load
from bench.side_by_side.data.story import Plan, made_up_words, members_of, task_facts
from tests.api import Api
from workloom.core.models import SearchRow
from workloom.events.models import Consumer, Head, LogRow
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Assignment, Task, TaskLabel, Watcher

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
SMALL = Plan(tasks=90, people=12, projects=5, seen=2, members=6)


def test_no_word_stands_inside_another_one() -> None:
    words, topics = made_up_words(1)
    assert {len(word) for word in [*words, *topics]} == {8}
    assert len({*words, *topics}) == len(words) + len(topics) == 2400


def test_the_same_plan_gives_the_same_tasks() -> None:
    assert list(task_facts(SMALL, UNTIL)) == list(task_facts(SMALL, UNTIL))


def test_tasks_are_spread_as_the_plan_says() -> None:
    facts = list(task_facts(Plan(4000), UNTIL))
    assert set(Counter(one.project for one in facts).values()) == {40}
    assert sum(len(one.assignees) for one in facts) == 6000
    assert all(len(set(one.labels)) == 2 for one in facts)
    assert [one.created_at for one in facts] == sorted({one.created_at for one in facts})
    assert max(one.created_at for one in facts) < UNTIL
    assert {one.status for one in facts} == {0, 1, 2, 3, 4}


def test_only_members_work_on_tasks_and_the_caller_sees_some_projects() -> None:
    members = members_of(SMALL)
    assert [0 in people for people in members] == [True, True, False, False, False]
    assert all({*one.assignees, one.reporter} <= set(members[one.project]) for one in task_facts(SMALL, UNTIL))


def test_dates_to_come_lie_far_ahead() -> None:
    dates = [one.due_date for one in task_facts(Plan(2000), UNTIL) if one.due_date]
    assert all(day < UNTIL.date() or day > (UNTIL + timedelta(days=600)).date() for day in dates)
    assert 400 < len(dates) < 800


@pytest.fixture
def loaded(db: None) -> None:
    load(SMALL, lambda _: None)


def test_a_loaded_database_keeps_the_products_promises(loaded: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert Task.objects.count() == SearchRow.objects.count() == 90
    assert Assignment.objects.count() == 135
    assert TaskLabel.objects.count() == 180
    assert Watcher.objects.filter(user=F("task__reporter")).count() == 90
    for project in Project.objects.filter(inbox_of=None).annotate(there=Count("tasks")):
        ranks = list(project.tasks.order_by("number").values_list("rank", flat=True))
        assert project.there == project.tasks_count == project.next_number - 1 == 18
        assert ranks == sorted(set(ranks))
    head = Head.objects.get(pk=1)
    assert LogRow.objects.filter(type="task.created").count() == 90
    assert LogRow.objects.filter(seq__isnull=True).count() == 0
    assert set(Consumer.objects.values_list("seq", flat=True)) == {head.seq}
    call_command("verify_log")
    assert "The log is what was written." in capsys.readouterr().out


def test_the_caller_sees_and_finds_their_part_of_it(loaded: None, api: Api) -> None:
    caller = api.as_(User.objects.get(username="person0000"))
    found = caller.get("/api/v1/tasks/?page_size=200").json()["results"]
    assert len(found) == 36
    topic = found[0]["title"].split()[-1]
    hits = caller.get(f"/api/v1/search/?q={topic}").json()["results"]
    assert found[0]["id"] in {hit["task"] for hit in hits}
