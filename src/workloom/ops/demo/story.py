"""How the company's tasks came to be what they are: who did what when, over the last weeks. No database, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from workloom.ops.demo.company import Company, Item, Plan

FOUNDED = timedelta(days=90)
_WEEKS = timedelta(days=56)
_A_MINUTE = timedelta(minutes=1)
_LATEST = timedelta(minutes=40)
_SATURDAY = 5


class Verb(StrEnum):
    """What people do in this story."""

    MAKE = "make"
    LIST = "list"
    MOVE = "move"
    TICK = "tick"
    SAY = "say"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing done to one task; `text` is a status, an item, a comment or the blocking task's title."""

    at: datetime
    who: str
    verb: Verb
    project: str
    task: str
    text: str = ""
    due: date | None = None


_Act = tuple[str, Verb, str]
"""Who does what, and the words to it."""


def tell(company: Company, now: datetime) -> list[Happening]:
    """Return everything that happened up to now, in its order; the same each time for the same moment."""
    random = Random("lantern")  # noqa: S311 - a story, not a secret
    story = [step for plan in company.projects for step in _of_project(plan, now, random)]
    return sorted(story, key=lambda step: step.at)


def way_to(plan: Plan, status: str) -> list[str]:
    """Return the statuses that a task went through after its first one."""
    start = plan.way.index(plan.initial)
    if status in plan.way:
        return plan.way[start + 1 : plan.way.index(status) + 1]
    return [plan.way[start + 1], status] if _category(plan, status) == "in_progress" else [status]


def first_status(plan: Plan, status: str) -> str:
    """Return the status in which a task was made: ideas lie before the initial one."""
    before = plan.way[: plan.way.index(plan.initial)]
    return status if status in before or status == "Backlog" else plan.initial


def _category(plan: Plan, status: str) -> str:
    usual = {"Backlog": "backlog", "To do": "todo", "In progress": "in_progress", "Review": "review", "Done": "done"}
    return dict(plan.statuses).get(status) or usual.get(status, "cancelled")


def _of_project(plan: Plan, now: datetime, random: Random) -> Iterator[Happening]:
    finished = [item.title for item in plan.tasks if _category(plan, item.status) == "done"]
    made: dict[str, datetime] = {}
    for item in plan.tasks:
        if item.title in finished:
            share = (finished.index(item.title) + 0.5) / len(finished)
            end = now - _WEEKS * (1 - share) + timedelta(days=random.uniform(-1, 1))
        else:
            end = now - _quiet_since(_category(plan, item.status), random)
        acts = _acts(plan, item, random)
        times = _times(len(acts), (end - _lead(random), min(end, now - _LATEST)), random)
        made[item.title] = times[0]
        due = _due_date(item, now, times[-1] if acts[-1][1] is Verb.MOVE else None, random)
        for at, (who, verb, text) in zip(times, acts, strict=True):
            yield Happening(at, who, verb, plan.key, item.title, text, due if verb is Verb.MAKE else None)
    for item in plan.tasks:
        if item.blocked_by:
            at = max(made[item.title], made[item.blocked_by]) + _A_MINUTE
            yield Happening(at, plan.owner, Verb.BLOCK, plan.key, item.title, item.blocked_by)


def _quiet_since(category: str, random: Random) -> timedelta:
    """Return how long ago something last happened to an open task."""
    between = {"backlog": (14, 50), "todo": (1, 12), "cancelled": (8, 40)}.get(category, (0.1, 4))
    return timedelta(days=random.uniform(*between))


def _lead(random: Random) -> timedelta:
    return timedelta(days=random.uniform(2, 14))


def _acts(plan: Plan, item: Item, random: Random) -> list[_Act]:
    """Return what was done to one task, in order: moves, with ticks behind the first one and talk in between."""
    reporter = item.by or random.choice(plan.writers)
    mover = item.who[0] if item.who else reporter
    start = first_status(plan, item.status)
    way = way_to(plan, item.status) if item.status != start else []
    done = len(item.checklist) if item.status == plan.way[-1] else len(item.checklist) // 2 if way else 0
    acts = [(mover, Verb.MOVE, status) for status in way]
    acts[1:1] = [(mover, Verb.TICK, text) for text in item.checklist[:done]]
    for at, (who, text) in enumerate(item.comments):
        acts.insert((at + 1) * (len(acts) + 1) // (len(item.comments) + 1), (who, Verb.SAY, text))
    listed = [(reporter, Verb.LIST, "")] if item.checklist else []
    return [(reporter, Verb.MAKE, start), *listed, *acts]


def _times(count: int, span: tuple[datetime, datetime], random: Random) -> list[datetime]:
    """Spread so many moments over a span, the first and the last at its ends, as far as people work then."""
    first, last = span
    inner = sorted(random.random() for _ in range(count - 2))
    shares = [0.0, *inner, 1.0][:count]
    times = sorted(_at_work(first + (last - first) * share, last, random) for share in shares)
    for at in range(1, count):
        times[at] = max(times[at], times[at - 1] + _A_MINUTE)
    return times


def _at_work(moment: datetime, last: datetime, random: Random) -> datetime:
    """Return a working hour of the same day, of Friday for a weekend; the moment itself where that would be too late."""
    day = moment.date() - timedelta(days=max(0, moment.weekday() - _SATURDAY + 1))
    shifted = datetime.combine(day, time(random.randint(7, 15), random.randint(0, 59)), moment.tzinfo)
    return shifted if shifted <= last else moment


def _due_date(item: Item, now: datetime, moved: datetime | None, random: Random) -> date | None:
    """Return the day that company.toml names, or for half of what was moved one near its last move."""
    if item.due is not None:
        return now.date() + timedelta(days=item.due)
    if moved is not None and random.random() < 1 / 2:
        return moved.date() + timedelta(days=random.randint(-2, 4))
    return None
