"""What the benched installation holds, as plain values: the same for the same plan, whatever the database."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
_WORDS, _TOPICS = 2000, 400
_DAYS = 300
_STATUS_SHARES = (10, 30, 15, 10, 35, 0)
"""Of the six default statuses, in their order: five full columns, and none cancelled."""
_LATE_SHARE, _DUE_SHARE = 0.03, 0.3


@dataclass(frozen=True)
class Plan:
    """How much of everything. The caller is the first person, and a member of the first `seen` projects."""

    tasks: int
    people: int = 200
    projects: int = 100
    seen: int = 20
    members: int = 12
    labels: int = 10
    seed: int = 20261130


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task; people, labels, status and project are numbers of their places in the lists."""

    project: int
    title: str
    description: str
    status: int
    priority: int
    reporter: int
    assignees: tuple[int, ...]
    labels: tuple[int, ...]
    created_at: datetime
    due_date: date | None


def made_up_words(seed: int) -> tuple[list[str], list[str]]:
    """Return words of texts and topics of titles: all of one length, so that none is found inside another one."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < _WORDS + _TOPICS:
        found["".join(rng.choices(_SYLLABLES, k=4))] = None
    words = list(found)
    return words[:_WORDS], words[_WORDS:]


def members_of(plan: Plan) -> list[list[int]]:
    """Return the people of each project: the caller in those that they see, then others by lot."""
    rng = random.Random(plan.seed + 1)
    others = range(1, plan.people)
    found = []
    for project in range(plan.projects):
        caller = [0] if project < plan.seen else []
        found.append(caller + rng.sample(others, min(plan.members - len(caller), len(others))))
    return found


def task_facts(plan: Plan, until: datetime) -> Iterator[TaskFacts]:
    """Yield tasks in the order in which they were made; projects take turns, each round in another order."""
    rng = random.Random(plan.seed + 2)
    words, topics = made_up_words(plan.seed)
    members = members_of(plan)
    start, step = until - timedelta(days=_DAYS), timedelta(days=_DAYS) / max(plan.tasks, 1)
    turns: list[int] = []
    for at in range(plan.tasks):
        if not turns:
            turns = rng.sample(range(plan.projects), plan.projects)
        project = turns.pop()
        people = members[project]
        created = start + step * at
        yield TaskFacts(
            project=project,
            title=" ".join([*rng.choices(words, k=4), topics[at % len(topics)]]),
            description=" ".join(rng.choices(words, k=30)),
            status=rng.choices(range(6), _STATUS_SHARES)[0],
            priority=rng.randint(1, 4),
            reporter=rng.choice(people),
            assignees=tuple(rng.sample(people, min(1 + at % 2, len(people)))),
            labels=tuple(rng.sample(range(plan.labels), 2)),
            created_at=created.replace(microsecond=created.microsecond // 1000 * 1000),
            due_date=_due(rng, until),
        )


def _due(rng: random.Random, until: datetime) -> date | None:
    """A few are late; the others that have a date have it years ahead, so that a database stays as it is for long."""
    lot = rng.random()
    if lot < _LATE_SHARE:
        return (until - timedelta(days=rng.randint(2, 60))).astimezone(UTC).date()
    return (until + timedelta(days=rng.randint(700, 1500))).astimezone(UTC).date() if lot < _DUE_SHARE else None
