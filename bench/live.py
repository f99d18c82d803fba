"""A thousand open boards while others write: that all end alike, how late the news is, what an idle socket costs.

    .venv/bin/python bench/live.py [--on sqlite|postgres] [--sockets 1000] [--projects 100] [--rate 50] [--seconds 60]

`sqlite` is the server as it comes, alone. `postgres` needs PostgreSQL (TEST_POSTGRES_URL) and redis-server; database,
Redis and port are its own and go afterwards. Server, writers and clients share this machine.

A change's time is the `updated_at` that the write gave the task, before its commit; the news is late by what passes
from there until the client has read the frame. Each client holds one board, one of ten as a guest; at the end it must
be exactly what a fresh GET answers to that person.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DATABASE = "workloom_bench_live"
TASKS_EACH = 20
WRITERS = 4
Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def surroundings(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The settings of the installation under test, and what stands behind them."""
    settings = {"DATA_DIR": str(folder), "PORT": str(free_port()), "LOG_LEVEL": "WARNING", "SECRET_KEY": "b" * 50}
    settings |= {"THROTTLE_USER_RATE": "10000000/hour", "THROTTLE_ANON_RATE": "10000000/hour"}
    if kind == "sqlite":
        yield settings
        return
    import psycopg  # noqa: PLC0415 - SQLite does without

    server = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    port = free_port()
    redis = subprocess.Popen(
        [shutil.which("redis-server") or "redis-server", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    with psycopg.connect(server, autocommit=True) as control:
        control.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        control.execute(f"CREATE DATABASE {DATABASE}")
        try:
            url = f"{server.rpartition('/')[0]}/{DATABASE}"
            yield settings | {"DATABASE_URL": url, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        finally:
            control.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            redis.terminate()
            redis.wait()


def fill(projects: int, sockets: int) -> tuple[list[Json], list[str]]:
    """People, projects and tasks; returns one board for each socket, and the tokens of those who write."""
    import django  # noqa: PLC0415 - the settings must stand in the environment first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - the settings must stand in the environment first

    call_command("migrate", verbosity=0)
    from tests.factories import access_token, make_project, make_user, make_workspace  # noqa: PLC0415 - the settings must stand in the environment first
    from tests.work.tasks.making import make_tasks  # noqa: PLC0415 - the settings must stand in the environment first

    boss = make_user("boss")
    workspace = make_workspace(boss)
    each = sockets // projects
    boards: list[Json] = []
    for number in range(projects):
        people = [make_user(f"person{number}x{at}") for at in range(each)]
        guests, members = people[: each // 10], people[each // 10 :]
        project = make_project(boss, workspace, key=f"B{number}", member=members, guest=guests)
        make_tasks(project, boss, [f"Task {at}" for at in range(TASKS_EACH)], assignees=tuple(one.pk for one in guests))
        boards += [
            {"token": access_token(one), "project": str(project.pk), "guests": [str(guest.pk) for guest in guests]}
            for one in people
        ]
    tokens = [access_token(boss) for _ in range(WRITERS)]
    from django.db import connections  # noqa: PLC0415 - the settings must stand in the environment first

    connections.close_all()
    return boards, tokens


@contextlib.contextmanager
def serving(workers: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=os.environ | {"WORKERS": str(workers)},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Connection("").ask("GET", "/livez")[0] == 200:
                    break
            time.sleep(0.1)
        else:
            sys.exit("The server did not start.")
        yield server
    finally:
        server.terminate()
        server.wait()


class Connection:
    """One kept connection to the server."""

    def __init__(self, token: str) -> None:
        self._port = int(os.environ["PORT"])
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} if token else {}
        self._http = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        self._http.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._http.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read and answer.getheader(
            "Content-Type"
        ) == "application/json" else None


class Writers:
    """So many changes a second, spread over all projects: of every kind that a board shows."""

    def __init__(self, tokens: list[str], boards: list[Json], rate: float, seconds: float) -> None:
        self.answered: dict[tuple[str, int], float] = {}
        self.late, self.done, self.wrong = 0.0, 0, 0
        self._guests = {board["project"]: board["guests"] for board in boards}
        self._rate, self._total = rate, int(rate * seconds)
        self._next = iter(range(self._total))
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._threads = [threading.Thread(target=self._write, args=(token,)) for token in tokens]

    def run(self) -> float:
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()
        return time.monotonic() - self._began

    def _write(self, token: str) -> None:
        connection, chance = Connection(token), random.Random(token)
        known: dict[str, list[str]] = {}
        while True:
            with self._lock:
                number = next(self._next, None)
            if number is None:
                return
            due = self._began + number / self._rate
            time.sleep(max(0.0, due - time.monotonic()))
            self.late = max(self.late, time.monotonic() - due)
            project = chance.choice(list(self._guests))
            if project not in known:
                page = connection.ask("GET", f"/api/v1/tasks/?project={project}&fields=id&page_size=200")[1]
                known[project] = [row["id"] for row in page["results"]]
            self._change(connection, chance, project, known[project])

    def _change(self, connection: Connection, chance: random.Random, project: str, tasks: list[str]) -> None:
        kind = chance.choice(("title", "title", "status", "move", "assign", "create", "delete"))
        task = chance.choice(tasks) if tasks else ""
        path = f"/api/v1/tasks/{task}/"
        if kind == "create" or not task:
            status, row = connection.ask("POST", "/api/v1/tasks/", {"project": project, "title": f"New {time.time()}"})
            tasks += [row["id"]] if row else []
        elif kind == "title":
            status, row = connection.ask("PATCH", path, {"title": f"Now {time.time()}"})
        elif kind == "status":
            slug = chance.choice(("todo", "in_progress", "review", "done"))
            status, row = connection.ask("PATCH", path + "status/", {"status": slug})
        elif kind == "move":
            status, row = connection.ask("POST", path + "move/", {"after": chance.choice(tasks)})
        elif kind == "assign":
            people = self._guests[project] if chance.random() < 0.5 else []
            status, row = connection.ask("PATCH", path + "assign/", {"assignees": people})
        else:
            status, row = connection.ask("DELETE", path)
            tasks.remove(task)
        with self._lock:
            self.done += 1
            self.wrong += status not in {200, 201, 204, 404, 400, 409}
            if row and "version" in row and status < 300:
                self.answered[row["id"], row["version"]] = time.time()


def memory_of(server: subprocess.Popen[bytes]) -> int:
    """Kilobytes of the server's processes, what they share counted once."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(
        int(line.split()[1])
        for pid in children
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )


def processor_seconds(server: subprocess.Popen[bytes]) -> float:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    if not ordered:
        return "none"
    picks = {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in (("p50", 0.5), ("p99", 0.99))
    }
    return (
        "  ".join(f"{name} {value * 1000:.0f} ms" for name, value in picks.items())
        + f"  max {ordered[-1] * 1000:.0f} ms"
    )


def measure(wanted: argparse.Namespace, boards: list[Json], tokens: list[str], folder: Path) -> bool:
    (folder / "boards.json").write_text(json.dumps(boards))
    with serving(wanted.workers) as server:
        before = memory_of(server)
        clients = subprocess.Popen(
            [sys.executable, str(HERE / "live_clients.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert clients.stdin is not None
        assert clients.stdout is not None
        print(clients.stdout.readline().strip(), flush=True)
        idle = memory_of(server)
        clients.stdout.readline()
        spent = processor_seconds(server)
        writers = Writers(tokens, boards, wanted.rate, wanted.seconds)
        took = writers.run()
        spent = processor_seconds(server) - spent
        clients.stdin.write("finish\n")
        clients.stdin.flush()
        verdict = json.loads(clients.stdout.readline())
        clients.wait()
    received = json.loads((folder / "received.json").read_text())
    from_write = [at - datetime.fromisoformat(written).timestamp() for _, _, written, at in received]
    from_answer = [
        at - writers.answered[task, version] for task, version, _, at in received if (task, version) in writers.answered
    ]
    print(
        f"changes           {writers.done} in {took:.1f} s ({writers.done / took:.1f}/s), refused {writers.wrong}, behind time by {writers.late:.2f} s at most"
    )
    print(f"messages          {verdict['messages']} to {verdict['clients']} sockets, {verdict['closed']} closed")
    print(f"write to client   {spread(from_write)}")
    print(f"answer to client  {spread(from_answer)}  (negative: before the writer knew)")
    print(
        f"boards            {verdict['equal']} of {verdict['clients']} exactly as a fresh GET; {verdict['tasks']} tasks on them"
    )
    print(
        f"an idle socket    {(idle - before) / len(boards):.1f} KiB ({before // 1024} MiB before, {idle // 1024} MiB with {len(boards)})"
    )
    print(f"the server's processor time  {spent / took * 100:.0f} % of one core")
    return bool(verdict["equal"] == verdict["clients"] and not verdict["closed"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is ended
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    with tempfile.TemporaryDirectory(prefix="workloom-bench-") as name, surroundings(wanted.on, Path(name)) as settings:
        os.environ.update(settings)
        os.environ["DJANGO_SETTINGS_MODULE"] = "workloom.config.settings"
        print(
            f"{wanted.on}, {wanted.workers} worker(s), {wanted.sockets} sockets on {wanted.projects} boards, {wanted.rate:g} changes/s for {wanted.seconds:g} s"
        )
        boards, tokens = fill(wanted.projects, wanted.sockets)
        is_good = measure(wanted, boards, tokens, Path(name))
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
