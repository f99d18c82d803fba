"""What is asked: for each work some thousand requests over the caller's own tasks, the same for every server.

A page that one server knows by its number another one knows by its cursor, so a target has a path for each server.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.side_by_side.data.story import Plan, made_up_words
from bench.side_by_side.works import USUAL
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.core.paging import Cursor
from workloom.events.models import Head
from workloom.people.accounts.models import Session, User
from workloom.people.accounts.rules.tokens import ACCESS, Claims, signer, write_token
from workloom.work.boards.models import Board
from workloom.work.labels.models import Label
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task

TITLE = "A task that the bench made"
SAMPLE, PAGES, WINDOW = 5000, 100, 100
STATUSES = ("backlog", "todo", "in_progress", "review", "done")


@dataclass(frozen=True, slots=True)
class Target:
    """One request; `usual_path` is the same for the usual server where it spells it otherwise. Bodies take turns."""

    method: str
    path: str
    bodies: tuple[str, ...] = ()
    usual_path: str = ""

    def path_for(self, server: str) -> str:
        """Return how a server spells the address."""
        return self.usual_path if server == USUAL and self.usual_path else self.path


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they see."""

    user: User
    token: str
    projects: list[Project]


def find_caller(plan: Plan) -> Caller:
    """Sign the caller in for a day."""
    user = User.objects.get(username_key="person0000")
    at, until = now(), now() + timedelta(days=1)
    session = Session.objects.create(
        id=uuid7(), user=user, rotated_at=at, created_at=at, last_seen_at=at, expires_at=until
    )
    claims = Claims(ACCESS, user.pk, session.pk, "bench", int(at.timestamp()), int(until.timestamp()))
    found = Project.objects.filter(memberships__user=user, inbox_of=None).order_by("key")
    projects = list(found)
    if len(projects) != plan.seen:
        raise LookupError(f"The caller sees {len(projects)} projects in place of {plan.seen}.")
    return Caller(user, write_token(claims, signer()), projects)


def targets_of(work: str, caller: Caller, plan: Plan) -> list[Target]:
    """Return what is asked for a work."""
    return _MAKERS[work](caller, plan, random.Random(plan.seed + 3))


def write_targets(targets: list[Target], server: str, path: Path) -> None:
    """Write them as the load generator reads them."""
    lines = ("\t".join([target.method, target.path_for(server), *target.bodies]) for target in targets)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sample(caller: Caller, rng: random.Random) -> list[Any]:
    """Return tasks of the caller by lot, as ids and slugs of their statuses."""
    seen = Task.objects.filter(project__in=caller.projects).order_by("pk").values_list("pk", "status__slug")
    return rng.sample(list(seen), min(SAMPLE, len(seen)))


def _one(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    return [Target("GET", f"/api/v1/tasks/{task}/") for task, _ in sample(caller, rng)]


def _list(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    return [Target("GET", f"{target.path}&expand=assignees,labels") for target in _ids(caller, plan, rng)]


def _ids(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    return [
        Target("GET", f"/api/v1/tasks/?project={project.pk}&status={status}&ordering=-created_at")
        for project in caller.projects
        for status in STATUSES
    ]


def _mine(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    """Pages all over the list, by the last row of the page before for those who read behind a cursor."""
    seen: list[tuple[Any, Any]] = list(
        Task.objects.filter(project__in=caller.projects).order_by("-created_at", "-pk").values_list("created_at", "pk")
    )
    pages = range(2, max(len(seen) // 50, 3))
    found = []
    for page in rng.sample(pages, min(PAGES, len(pages))):
        at, task = seen[(page - 1) * 50 - 1]
        cursor = Cursor("-created_at", at, task).encode()
        path = f"/api/v1/tasks/?ordering=-created_at&cursor={cursor}"
        found.append(Target("GET", path, usual_path=f"/api/v1/tasks/?page={page}"))
    return found


def _create(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    found = []
    for project in caller.projects:
        people = [str(key) for key in project.memberships.order_by("pk").values_list("user_id", flat=True)]
        labels = [str(key) for key in Label.objects.filter(place=project.pk).values_list("pk", flat=True)]
        for at in range(25):
            body = {
                "title": TITLE,
                "description": "What it is about, in a sentence or two, as people write it.",
                "project": str(project.pk),
                "priority": rng.choice(["low", "medium", "high", "urgent"]),
                "assignees": rng.sample(people, 1 + at % 2),
                "labels": rng.sample(labels, 2),
            }
            found.append(Target("POST", "/api/v1/tasks/", (msgspec.json.encode(body).decode(),)))
    return found


def _status(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    """Each task goes from status to status in turn, so that every request changes something."""
    found = []
    for task, slug in sample(caller, rng):
        start = STATUSES.index(slug) + 1
        bodies = tuple(f'{{"status": "{STATUSES[(start + at) % len(STATUSES)]}"}}' for at in range(len(STATUSES)))
        found.append(Target("PATCH", f"/api/v1/tasks/{task}/status/", bodies))
    return found


def _search(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    _, topics = made_up_words(plan.seed)
    return [Target("GET", f"/api/v1/search/?q={topic}&page_size=20") for topic in topics[: max(plan.tasks // 50, 1)]]


def _board(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    boards = Board.objects.filter(project__in=caller.projects).order_by("pk").values_list("pk", flat=True)
    return [Target("GET", f"/api/v1/boards/{board}/?window={WINDOW}") for board in boards]


def _events(caller: Caller, plan: Plan, rng: random.Random) -> list[Target]:
    last = Head.objects.get(pk=1).seq
    first, end = max(last - plan.tasks, 0), max(last - plan.tasks // 10, 1)
    return [Target("GET", f"/api/v1/events/?after={rng.randint(first, end)}&page_size=100") for _ in range(200)]


_MAKERS: dict[str, Callable[[Caller, Plan, random.Random], list[Target]]] = {
    "one": _one,
    "list": _list,
    "ids": _ids,
    "mine": _mine,
    "create": _create,
    "status": _status,
    "search": _search,
    "board": _board,
    "events": _events,
}
