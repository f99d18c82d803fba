from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from workloom.ops.demo.company import load
from workloom.ops.demo.founding import moves_of
from workloom.ops.demo.story import FOUNDED, Happening, Verb, first_status, tell, way_to

COMPANY = load()
PLANS = {plan.key: plan for plan in COMPANY.projects}
A_MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def by_task(story: list[Happening]) -> dict[tuple[str, str], list[Happening]]:
    found: dict[tuple[str, str], list[Happening]] = defaultdict(list)
    for step in story:
        found[step.project, step.task].append(step)
    return found


def test_the_company_names_only_what_it_has() -> None:
    people = {person.username for person in COMPANY.people}
    assert len(people) == 8
    assert 140 <= sum(len(plan.tasks) for plan in COMPANY.projects) <= 160
    for plan in COMPANY.projects:
        titles = [item.title for item in plan.tasks]
        assert len(titles) == len(set(titles)), plan.key
        seen = {*plan.writers, *plan.guests, *plan.viewers}
        assert seen <= people
        labels = {name for name, _ in plan.labels}
        for item in plan.tasks:
            assert set(item.labels) <= labels, item.title
            assert set(item.who) <= {*plan.writers, *plan.guests}, item.title
            assert item.blocked_by in {"", *titles}, item.title
            assert {who for who, _ in item.comments} <= {*seen, "mara", "jonas"}, item.title


@pytest.mark.parametrize("hours", range(0, 24 * 14, 7))
def test_at_any_moment_the_story_ends_in_the_past_and_in_good_order(hours: int) -> None:
    now = A_MONDAY + timedelta(hours=hours)
    story = tell(COMPANY, now)
    assert story[0].at > now - FOUNDED
    assert story[-1].at < now
    assert [step.at for step in story] == sorted(step.at for step in story)
    settled: dict[tuple[str, str], datetime] = {}
    for key, steps in by_task(story).items():
        plan = PLANS[key[0]]
        assert [step.verb for step in steps].count(Verb.MAKE) == 1
        assert steps[0].verb is Verb.MAKE
        item = next(item for item in plan.tasks if item.title == key[1])
        moves = [step.text for step in steps if step.verb is Verb.MOVE]
        assert (moves or [steps[0].text])[-1] == item.status
        settled[key] = max(step.at for step in steps if step.verb in {Verb.MAKE, Verb.MOVE})
    for plan in COMPANY.projects:
        for item in plan.tasks:
            if item.blocked_by and item.status == plan.way[-1]:
                assert settled[plan.key, item.blocked_by] < settled[plan.key, item.title]


def test_the_same_moment_tells_the_same_story() -> None:
    assert tell(COMPANY, A_MONDAY) == tell(COMPANY, A_MONDAY)


def test_work_is_finished_in_every_one_of_the_last_weeks() -> None:
    ends = {plan.key: plan.way[-1] for plan in COMPANY.projects}
    finished = [
        step.at for step in tell(COMPANY, A_MONDAY) if step.verb is Verb.MOVE and step.text == ends[step.project]
    ]
    weeks = Counter((A_MONDAY - at).days // 7 for at in finished)
    assert all(weeks[week] >= 4 for week in range(7))


def test_most_things_happen_on_working_days() -> None:
    story = tell(COMPANY, A_MONDAY)
    assert sum(step.at.weekday() >= 5 for step in story) < len(story) / 10


def test_the_way_to_a_status_begins_behind_the_first_one() -> None:
    shop, care = PLANS["SHOP"], PLANS["CARE"]
    assert (first_status(shop, "Backlog"), first_status(shop, "Review")) == ("Backlog", "To do")
    assert way_to(shop, "Review") == ["In progress", "Review"]
    assert way_to(shop, "Dropped") == ["Dropped"]
    assert way_to(care, "Waiting for the customer") == ["Working on it", "Waiting for the customer"]


def test_guards_stand_on_the_step_that_they_watch() -> None:
    moves = {(move.source, move.target): move.guards for move in moves_of(PLANS["SHOP"])}
    assert moves["Review", "Ready to ship"] == ("assignee_set", "checklists_done")
    assert moves["Ready to ship", "Review"] == ()
    assert ("Review", "Done") not in moves
    assert ("Done", "Dropped") not in moves
