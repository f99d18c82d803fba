# ruff: noqa: SLF001 - events have to be written as the product writes them, and without being numbered
"""How fast much is done at once: a bulk, an import, the publisher, and a project with very many members."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import msgspec
from django.db import transaction

from bench.side_by_side import undo
from bench.side_by_side.data.story import Plan
from bench.side_by_side.database import Database
from bench.side_by_side.figures import table
from bench.side_by_side.options import Options
from bench.side_by_side.servers import Server, ask, running
from bench.side_by_side.targets import Caller, find_caller
from bench.side_by_side.works import WORKLOOM
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events import record
from workloom.events.lines import write_lines
from workloom.events.publish import publish
from workloom.outlets.exchange.actions import WantedImport, request_import, run_import
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.events import TaskUpdated
from workloom.work.tasks.models import Task

Figure = tuple[str, float, float]
"""What, how much, and the least (or, for members, the most) that it has to be."""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(options: Options, database: Database) -> int:
    """Measure all of them; return 1 when one is too slow."""
    caller = find_caller(Plan(options.tasks))
    count = 50 if options.quick else 1000
    with running([WORKLOOM], database) as servers:
        server = servers[WORKLOOM]
        found = [bulk(server, caller, count), members(server, caller, count)]
    found += [publisher(caller, count * 5), imports(caller, count)]
    lines = [["rate", "is", "has to be"]]
    lines += [
        [name, f"{value:.2f}", f"{'at most' if 'members' in name else 'at least'} {bound:g}"]
        for name, value, bound in found
    ]
    print(f"\nmuch at once, {'SQLite' if database.is_sqlite else 'PostgreSQL'}\n{table(lines)}")
    bad = [name for name, value, bound in found if (value > bound if "members" in name else value < bound)]
    print(f"too slow: {', '.join(bad)}." if bad else "All of it is fast enough.")
    return 1 if bad and not options.quick else 0


def _send(server: Server, caller: Caller, path: str, body: object) -> None:
    status, answer = ask(server.port, "POST", path, caller.token, msgspec.json.encode(body).decode())
    if not 200 <= status < 300:
        raise LookupError(f"POST {path}: {status} {answer[:300]!r}")


def bulk(server: Server, caller: Caller, count: int) -> Figure:
    """Compare a bulk of new tasks with as many single calls, one after the other."""
    project = caller.projects[0]
    manager = ProjectMember.objects.filter(project=project, user=caller.user)
    manager.update(role="manager")
    try:
        with undo.taken_back([]):
            task = {"title": "One of many", "project": str(project.pk)}
            single = timed(lambda: [_send(server, caller, "/api/v1/tasks/", task) for _ in range(count)])
            many = {"operations": [{"op": "create", **task}] * count}
            return (
                "a bulk, times a single call's rate",
                single / timed(lambda: _send(server, caller, "/api/v1/tasks/bulk/", many)),
                5,
            )
    finally:
        manager.update(role="member")


def publisher(caller: Caller, count: int) -> Figure:
    """Let the publisher number events that nobody numbered yet."""
    task = Task.objects.filter(project=caller.projects[0]).select_related("project")[0]
    event = task_event(TaskUpdated, task, {"priority": ("low", "high")})
    with undo.taken_back([]):
        write_lines([record._line(event, caller.user.as_actor(), None) for _ in range(count)])
        return "events numbered a second", count / timed(publish), 5000


def imports(caller: Caller, count: int) -> Figure:
    """Import a table of tasks, as the project's owner, in a transaction that is given up."""
    lines = [f"Imported {at},What it is about,high" for at in range(count)]
    table_of_tasks = "\n".join(["title,description,priority", *lines]).encode()
    project = caller.projects[0]
    with transaction.atomic():
        wanted = WantedImport("csv", "tasks.csv", [table_of_tasks])
        work = request_import(project, wanted, actor=project.owner.as_actor())
        spent = timed(lambda: run_import(work.pk))
        work.refresh_from_db()
        made = Task.objects.filter(project=project, title__startswith="Imported ").count()
        transaction.set_rollback(True)
    if made != count:
        raise LookupError(f"The import made {made} tasks in place of {count}: {work.error}")
    return "tasks imported a second", count / spent, 1000


def members(server: Server, caller: Caller, count: int) -> Figure:
    """Compare a project of very many members with one of few, asked in turns for its list and its board."""
    crowded, lonely = caller.projects[:2]
    with crowd(crowded, count):
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(62):
            for is_crowded, project in ((True, crowded), (False, lonely)):
                board = project.boards.order_by("position")[0].pk
                for path in (f"/api/v1/tasks/?project={project.pk}&page_size=20", f"/api/v1/boards/{board}/?window=5"):
                    spent = timed(lambda path=path: ask(server.port, "GET", path, caller.token))  # type: ignore[misc] # the default binds the path of this turn
                    if turn > 1:
                        times[is_crowded].append(spent)
    return f"time with {count} members by that with 12", median(times[True]) / median(times[False]), 1.2


@contextmanager
def crowd(project: Project, count: int) -> Iterator[None]:
    """Let many people into a project for a while."""
    users = []
    for _ in range(count):
        name = f"crowd-{uuid7().hex}"
        user = User(username=name, username_key=name, name=name)
        user.set_unusable_password()
        user.note_names()
        users.append(user)
    User.objects.bulk_create(users)
    people = [user.pk for user in users]
    seats = [ProjectMember(project=project, user_id=user, role="member", created_at=now()) for user in people]
    ProjectMember.objects.bulk_create(seats)
    try:
        yield
    finally:
        ProjectMember.objects.filter(user__in=people).delete()
        undo.delete(User.objects.filter(pk__in=people))
