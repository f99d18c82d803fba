"""The servers: started once, all beside each other, and known by their processes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.side_by_side.database import FOLDER, ROOT, Database, administration, environment
from bench.side_by_side.machine import family, seconds_of
from bench.side_by_side.works import RAW, USUAL, WORKLOOM

READERS, WRITERS = 2, 3
"""Processes of each server: one for each core, and one more where each request ends with a wait for the disk, as on PostgreSQL.

With two more, each of the three servers writes less: their processes and the database's push each other off the cores.
"""
ONE_PORT = "one port"
_GRANIAN = str(Path(sys.executable).parent / "granian")
_APPLICATIONS = {
    USUAL: "bench.side_by_side.usual.wsgi:application",
    WORKLOOM: "workloom.config.wsgi:application",
    RAW: "bench.side_by_side.raw.app:application",
}
_PATIENCE_S = 60
_QUIET_LOOKS = 10


class NotStarted(Exception):
    """A server did not answer in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where one listens, and its first processes."""

    name: str
    port: int
    roots: tuple[int, ...]

    @property
    def url(self) -> str:
        """The address that it listens on."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_name(self) -> str:
        """The file of what it says, in the bench's folder."""
        return f"{self.name.replace(' ', '-')}.log"

    def pids(self) -> list[int]:
        """Return all of its processes."""
        return [pid for root in self.roots for pid in family(root)]


def commands(name: str, port: int, *, workers: int = READERS, with_worker: bool = False) -> list[list[str]]:
    """Return what starts a server; Workloom's worker of the queue is another process, which follows the log."""
    if name == ONE_PORT:
        return [[sys.executable, "manage.py", "serve"]]
    granian = [_GRANIAN, "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    granian += ["--workers", str(workers), "--blocking-threads", "1", "--log-level", "error", _APPLICATIONS[name]]
    worker = [[sys.executable, "manage.py", "run_jobs"]] if with_worker and name == WORKLOOM else []
    return [granian, *worker]


@contextmanager
def running(
    names: Sequence[str], database: Database, *, workers: int = READERS, with_worker: bool = False
) -> Iterator[dict[str, Server]]:
    """Run servers inside the block."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_running(name, database, workers, with_worker=with_worker)) for name in names}


@contextmanager
def _running(name: str, database: Database, workers: int, *, with_worker: bool) -> Iterator[Server]:
    port = free_port()
    said = FOLDER / f"{name.replace(' ', '-')}.log"
    own = {"PORT": str(port), "WORKERS": str(workers)} | (
        {"JOBS": "embedded"} if name == ONE_PORT and with_worker else {}
    )
    with said.open("wb") as log:
        processes = [
            subprocess.Popen(command, cwd=ROOT, env=environment(database) | own, stdout=log, stderr=log)
            for command in commands(name, port, workers=workers, with_worker=with_worker)
        ]
        try:
            _wait_until_up(name, port, processes, said)
            yield Server(name, port, tuple(process.pid for process in processes))
        finally:
            for process in processes:
                process.send_signal(signal.SIGINT)
            for process in processes:
                _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_up(name: str, port: int, processes: Sequence["subprocess.Popen[bytes]"], said: Path) -> None:
    began = time.monotonic()
    while not _answers(port):
        if any(process.poll() is not None for process in processes) or time.monotonic() - began > _PATIENCE_S:
            raise NotStarted(f"The server {name} did not start.\n{said.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        ask(port, "GET", "/api/v1/tasks/")
    except (OSError, http.client.HTTPException):
        return False
    return True


def ask(port: int, method: str, path: str, token: str = "", body: str = "") -> tuple[int, bytes]:
    """Send one request, and return status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers: dict[str, Any] = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_idle(server: Server, database: Database) -> None:
    """Wait for what the load generator has left behind: requests that nobody waits for any more still write."""
    quiet, last, began = 0, -1.0, time.monotonic()
    while quiet < _QUIET_LOOKS:
        if time.monotonic() - began > _PATIENCE_S:
            raise NotStarted(f"The server {server.name} does not come to rest.")
        time.sleep(0.05)
        spent = seconds_of(server.pids())
        quiet = quiet + 1 if spent == last and not _busy_connections(database) else 0
        last = spent


def _busy_connections(database: Database) -> int:
    if database.is_sqlite:
        return 0
    name = database.url.rpartition("/")[2]
    with administration() as server:
        rows = server.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
            " AND state <> 'idle'",
            [name],
        )
        return int(rows.fetchone()[0])


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_pids(database: Database) -> list[int]:
    """Return the database's processes that work for the bench: those of its connections, and those that write for all."""
    if database.is_sqlite:
        return []
    name = database.url.rpartition("/")[2]
    with administration() as server:
        rows = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s OR datname IS NULL", [name])
        return [pid for (pid,) in rows.fetchall() if os.path.exists(f"/proc/{pid}")]  # noqa: PTH110 - no path of a file
