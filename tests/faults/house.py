"""The product's own processes, as somebody runs them: `serve`, Celery's workers and beats, one-shot commands."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.check import ROOT
from tests.faults.http import Cut, Door
from tests.faults.looking import Database
from tests.faults.processes import Keeper, Running, children_of, free_port, is_alive, listens, until

MANAGE = [sys.executable, str(ROOT / "manage.py")]
CELERY = [sys.executable, "-m", "celery", "-A", "workloom.config"]


@dataclass
class House:
    """One installation: a folder, a database, the processes that share them."""

    keeper: Keeper
    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    workers: list[Running] = field(default_factory=list)
    beats: list[Running] = field(default_factory=list)
    publishers: int = 0
    web: Running = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.settings = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
            "ADMIN_EMAIL": "boss@example.org",
            "ADMIN_PASSWORD": "correct horse battery",
            "JWT_ACCESS_TOKEN_LIFETIME": "1440",
            "THROTTLE_ANON_RATE": "1000000/hour",
            "THROTTLE_USER_RATE": "1000000/hour",
            **self.settings,
        }
        self.database = Database(
            self.settings.get("DATABASE_URL") or f"sqlite://{self.folder / 'data' / 'workloom.sqlite3'}"
        )
        self.web = self.keeper.start("web", [*MANAGE, "serve"], self.folder, **self.settings)
        self.wait_for_web()
        if self.settings["JOBS"] != "embedded":
            self.add_worker()
        if self.is_celery:
            self.add_beat()

    @property
    def is_celery(self) -> bool:
        return self.settings["JOBS"] == "celery"

    def wait_for_web(self) -> None:
        until(lambda: self._answers() or not self.web.is_running, "the server answers")
        assert self.web.is_running, f"The server ended:\n{self.web.said()[-3000:]}"

    def _answers(self) -> bool:
        try:
            with Door(self.port, timeout_s=2) as door:
                return door.ask("GET", "livez").status > 0
        except Cut:
            return False

    def add_worker(self) -> Running:
        name = f"worker-{len(self.workers) + 1}"
        command = [*CELERY, "worker", "--hostname", f"{name}@localhost"] if self.is_celery else [*MANAGE, "run_jobs"]
        self.workers.append(self.keeper.start(name, command, self.folder, **self.settings))
        return self.workers[-1]

    def add_beat(self) -> Running:
        name = f"beat-{len(self.beats) + 1}"
        words = ["beat", "--schedule", str(self.folder / f"{name}.schedule")]
        self.beats.append(self.keeper.start(name, [*CELERY, *words], self.folder, **self.settings))
        return self.beats[-1]

    def add_publisher(self) -> Running:
        """One more process that publishes without pause."""
        self.publishers += 1
        words = [sys.executable, "-m", "tests.faults.eager_publisher"]
        return self.keeper.start(f"publisher-{self.publishers}", words, self.folder, **self.settings)

    def kill_worker(self) -> None:
        """Kill a worker with all its processes, and start it again."""
        worker = self.workers[0]
        worker.end()
        self.forget(time.time())
        worker.start()

    def remove(self, one: Running) -> None:
        for group in (self.workers, self.beats):
            if one in group:
                group.remove(one)
        self.keeper.end(one)

    def fallen(self) -> list[str]:
        """Name the processes that should run and do not."""
        return [one.name for one in (self.web, *self.workers, *self.beats) if not one.is_running]

    def revive(self) -> None:
        """Start what has fallen, so that one fault is not counted against the next."""
        for one in (*self.workers, *self.beats):
            if not one.is_running:
                one.start()
                self.forget(time.time())

    def web_children(self) -> list[int]:
        return children_of(self.web.pid)

    def kill_web_child(self, pid: int) -> None:
        """Kill one of the processes that `serve` started, which starts another in its place."""
        before = set(self.web_children())
        os.kill(pid, 9)
        until(lambda: not is_alive(pid) and set(self.web_children()) - before, "a new process of serve")

    def kill_web(self) -> None:
        """Kill `serve` itself, and start it again once what it had started has ended by itself."""
        family = self.web_children()
        self.web.kill()
        until(lambda: not any(map(is_alive, family)), "the end of serve's processes")
        until(lambda: not listens(self.port), "a free port")
        self.forget(time.time())
        self.web.start()
        self.wait_for_web()

    def forget(self, moment: float) -> None:
        """Let the time pass for which what died at a moment still holds keys and jobs."""
        self.forget_claims()
        self.forget_leases(moment)

    def forget_claims(self) -> None:
        """Let the 90 seconds pass for which an Idempotency-Key is held for a process that died with it."""
        self.database.do("UPDATE http_keptanswer SET claimed_until = created_at WHERE status IS NULL")

    def forget_leases(self, moment: float) -> None:
        """Let the time pass for which work belongs to a worker that died: what was taken before then is free."""
        bound = str(UUID(int=int(moment * 1000) << 80))
        bound = bound.replace("-", "") if self.database.is_sqlite else bound
        for table in ("events_job", "mail_mail"):
            self.database.do(
                f"UPDATE {table} SET lease_until = created_at WHERE finished_at IS NULL AND lease < ?",  # noqa: S608 - our own names
                [bound],
            )
        self.database.do("UPDATE webhooks_delivery SET sending_until = created_at WHERE sending_until IS NOT NULL")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of the product's commands to its end."""
        return subprocess.run(
            [*MANAGE, *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **self.settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def breaking_consumer(self) -> Iterator[None]:
        """Make the tests' own consumer raise meanwhile."""
        switch = self.folder / "data" / "brittle-breaks"
        switch.touch()
        try:
            yield
        finally:
            switch.unlink()
