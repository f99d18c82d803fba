"""The same questions with ever more tasks, and what a hundred times as much costs.

Each size has a database and a server of its own, asked one question after the other; the figure is the median time of
an answer, so that a disturbance of some seconds does not show.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

if __name__ == "__main__":
    import django

    django.setup()

from bench.side_by_side.data.story import Plan
from bench.side_by_side.database import ROOT, Database, environment, prepared
from bench.side_by_side.figures import table
from bench.side_by_side.options import Options
from bench.side_by_side.servers import ask, running
from bench.side_by_side.targets import Target, find_caller, targets_of
from bench.side_by_side.works import WORKLOOM
from workloom.core.paging import Cursor
from workloom.work.boards.models import Board

MOST = {"one": 2.0, "list": 2.0, "deep": 2.0, "board": 2.0, "events": 2.0, "mine": 3.0}
"""Time at the largest size by time at the smallest."""
WORKS = (*MOST, "search")
TURNS, EACH = 5, 20
_WINDOW = 10
"""Cards of each column: so many there are at the smallest size too."""


def asked(plan: Plan) -> dict[str, list[Target]]:
    """Return what is asked at one size; deep pages are the last ones of each project, and boards show as much at each size."""
    caller = find_caller(plan)
    found = {name: targets_of(name, caller, plan)[:200] for name in WORKS if name not in ("deep", "board")}
    found["deep"] = []
    boards = Board.objects.filter(project__in=caller.projects).order_by("pk").values_list("pk", flat=True)
    found["board"] = [Target("GET", f"/api/v1/boards/{board}/?window={_WINDOW}") for board in boards]
    for project in caller.projects:
        rows = project.tasks.order_by("created_at", "pk").values_list("created_at", "pk")[:60]
        at, task = list(rows)[-1]
        cursor = Cursor("-created_at", at, task).encode()
        found["deep"].append(Target("GET", f"/api/v1/tasks/?project={project.pk}&ordering=-created_at&cursor={cursor}"))
    return found


def measure(database: Database) -> dict[str, float]:
    """Return milliseconds per answer of each work, and how many hits the searches have on average."""
    plan = Plan(database.tasks)
    token = find_caller(plan).token
    times: dict[str, list[float]] = {name: [] for name in WORKS}
    with running([WORKLOOM], database) as servers:
        port = servers[WORKLOOM].port
        works = asked(plan)
        for turn in range(-1, TURNS):  # the first turn only warms up
            for name, targets in works.items():
                for target in (targets * EACH)[turn * EACH % len(targets) :][:EACH]:
                    began = time.perf_counter()
                    status, body = ask(port, target.method, target.path, token)
                    if turn >= 0:
                        times[name].append((time.perf_counter() - began) * 1000)
                    if status != 200:
                        raise LookupError(f"{target.path}: {status} {body[:300]!r}")
        paths = [f"{target.path}&count=true" for target in works["search"][:EACH]]
        hits = [json.loads(ask(port, "GET", path, token)[1])["count"] for path in paths]
    return {**{name: median(found) for name, found in times.items()}, "hits": sum(hits) / len(hits)}


def verdict(sizes: Sequence[int], found: Sequence[dict[str, float]]) -> tuple[str, list[str]]:
    """Return the table, and the works that grew too much; search may grow as its matches do."""
    head = ["work", *[f"{size:,} tasks, ms" for size in sizes], "growth", "at most"]
    lines, grown = [head], []
    for name in WORKS:
        growth = found[-1][name] / found[0][name]
        most = MOST.get(name, max(found[-1]["hits"] / max(found[0]["hits"], 1), 1.0))
        lines.append([name, *[f"{one[name]:.2f}" for one in found], f"{growth:.2f}", f"{most:.2f}"])
        if growth > most:
            grown.append(f"{name} {growth:.2f} x")
    return table(lines), grown


def run(options: Options) -> int:
    """Measure each size in a process of its own, and compare."""
    found = []
    for size in options.sizes:
        database = prepared(size, sqlite=False)
        command = [sys.executable, "-m", "bench.side_by_side.growth", str(size)]
        done = subprocess.run(command, cwd=ROOT, env=environment(database), capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout + done.stderr)
            return 1
        found.append(json.loads(done.stdout.splitlines()[-1]))
    text, grown = verdict(options.sizes, found)
    print(f"\ngrowth, PostgreSQL\n{text}")
    print(f"grew too much: {', '.join(grown)}." if grown else "Nothing grew too much.")
    return 1 if grown and not options.quick else 0


if __name__ == "__main__":
    print(json.dumps(measure(Database(os.environ["DATABASE_URL"], int(sys.argv[1]), is_sqlite=False))))
