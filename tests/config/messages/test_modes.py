"""One suite for all ways to work the queue, with real processes: embedded, and Celery by Redis and by RabbitMQ."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from kombu.connection import Connection

from tests.architecture.sources import ROOT
from tests.config.messages.kinds import jobs as known
from tests.config.messages.wires import Wire
from tests.faults.processes import Keeper, Running, keeping, listens, until
from tests.machine import in_ci
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events.jobs import enqueue
from workloom.events.lives import count_living
from workloom.events.models import Job, JobState, WorkerLife
from workloom.events.workers import LANES

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BROKERS = {"redis": (6379, "redis://127.0.0.1:{port}/9"), "rabbitmq": (5672, "amqp://guest:guest@127.0.0.1:{port}//")}
CELERY = [sys.executable, "-m", "celery", "-A", "workloom.config"]


def here(mode: str) -> Any:
    """A mode whose broker this machine may lack."""
    port = BROKERS[mode][0]
    lacks = pytest.mark.skipif(not listens(port) and not in_ci(), reason=f"no {mode} on port {port}")
    return pytest.param(mode, marks=lacks)


def database_url() -> str:
    """Where the tests' own database is, for other processes."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    kind = {"postgresql": "postgres", "mysql": "mysql"}[connection.vendor]
    who = f"{known['USER']}:{quote(known['PASSWORD'], safe='')}@" if known["PASSWORD"] else f"{known['USER']}@"
    return f"{kind}://{who}{known['HOST']}:{known['PORT']}/{known['NAME']}"


class Crew:
    """The processes that work the queue in one mode."""

    def __init__(self, mode: str, keeper: Keeper, folder: Path) -> None:
        self.mode, self.keeper, self.folder = mode, keeper, folder
        self.settings = {
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "tests.config.messages.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }
        self.wire: Wire | None = None
        if mode in BROKERS:
            port, url = BROKERS[mode]
            self.wire = Wire(port)
            self.settings |= {"JOBS": "celery", "BROKER_URL": url.format(port=self.wire.port)}

    @property
    def is_celery(self) -> bool:
        return self.mode in BROKERS

    def worker(self, number: int = 1) -> Running:
        command = [*CELERY, "worker", "-n", f"number{number}@%h"] if self.is_celery else self.manage("run_jobs")
        return self.keeper.start(f"worker{number}", command, self.folder, **self.settings)

    def beat(self, number: int = 1) -> Running | None:
        if not self.is_celery:
            return None
        return self.keeper.start(f"beat{number}", [*CELERY, "beat"], self.folder, **self.settings)

    @staticmethod
    def manage(*words: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *words]

    def elsewhere(self, script: str) -> Running:
        """A process that is neither worker nor test, as a web process would be."""
        return self.keeper.start("elsewhere", self.manage("shell", "-v0", "-c", script), self.folder, **self.settings)

    def leave(self) -> None:
        """Take away what stays in the broker."""
        if self.wire is None:
            return
        name = "import django; django.setup(); from workloom.config.messages.app import app; print(app.conf.task_default_queue)"
        asked = self.keeper.start("asked", [sys.executable, "-c", name], self.folder, **self.settings)
        asked.process.wait(60)
        client: Any = Connection
        with client(self.settings["BROKER_URL"]) as broker:
            broker.channel().queue_delete(asked.said().split()[-1])
        self.wire.cut()


@pytest.fixture(scope="module", params=["embedded", here("redis"), here("rabbitmq")])
def crew(
    request: pytest.FixtureRequest, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crew]:
    with keeping() as keeper:
        made = Crew(request.param, keeper, tmp_path_factory.mktemp(request.param))
        yield made
        keeper.end_all()
        made.leave()


by_celery = pytest.mark.parametrize("crew", [here("redis"), here("rabbitmq")], indirect=True, scope="module")


@pytest.fixture(scope="module")
def processes(crew: Crew) -> list[Running | None]:
    """One worker, and a beat where there is one, for all tests that leave them alive."""
    return [crew.worker(), crew.beat()]


@pytest.fixture
def notes(tmp_path: Path) -> Callable[[], list[str]]:
    """What jobs noted so far."""
    path = tmp_path / "notes"
    return lambda: path.read_text().split() if path.exists() else []


def state_of(job: UUID) -> str:
    return str(Job.objects.get(pk=job).state)


def hurry(job: UUID) -> bool:
    """Shorten the pause before the next try."""
    waiting = Job.objects.filter(pk=job, lease__isnull=True, attempts=1)
    return bool(waiting.update(run_at=now()))


def asked_for(name: str, path: Path, **args: str) -> UUID:
    """Enqueue a job that notes in a file."""
    job = enqueue(name, {"path": str(path), **args})
    assert job is not None
    return job


def until_someone_works(folder: Path) -> None:
    job = asked_for(known.NOTE, folder / "first", word="here")
    until(lambda: state_of(job) == JobState.DONE, "somebody works")


@pytest.mark.usefixtures("processes")
def test_a_job_is_done_and_its_worker_shows_life(tmp_path: Path, notes: Callable[[], list[str]]) -> None:
    job = asked_for(known.NOTE, tmp_path / "notes", word="hello")
    until(lambda: state_of(job) == JobState.DONE, "the job is done")
    assert notes() == ["hello"]
    until(count_living, "a sign of life", seconds=20)


@pytest.mark.usefixtures("processes")
def test_a_job_that_raises_is_tried_again_and_then_listed(tmp_path: Path, notes: Callable[[], list[str]]) -> None:
    job = asked_for(known.FAIL, tmp_path / "notes")
    until(lambda: hurry(job), "the first try has failed")
    until(lambda: state_of(job) == JobState.FAILED, "the job is given up")
    assert notes() == ["failed", "failed"]
    assert "MadeToFail: as it was told" in Job.objects.get(pk=job).error


def test_two_workers_and_two_beats_do_each_job_once(
    crew: Crew, processes: list[Running], tmp_path: Path, notes: Callable[[], list[str]]
) -> None:
    others = [one for one in (crew.worker(2), crew.beat(2)) if one]
    words = [str(number) for number in range(60)]
    for word in words:
        asked_for(known.NOTE, tmp_path / "notes", word=word)
    until(lambda: not Job.objects.filter(state=JobState.QUEUED).exists(), "all jobs are done")
    assert sorted(notes(), key=int) == words
    for one in others:
        crew.keeper.end(one)


def test_what_a_killed_worker_had_is_done_by_another_after_its_lease(
    crew: Crew, processes: list[Running], tmp_path: Path, notes: Callable[[], list[str]]
) -> None:
    job = asked_for(known.HANG, tmp_path / "notes")
    until(lambda: notes() == ["began"], "the job hangs")
    processes[0].kill()
    processes[0].start()
    until(lambda: state_of(job) == JobState.DONE, "another worker did it")
    assert notes() == ["began", "began", "ended"]


def test_receivers_that_hang_hold_back_nothing_else(
    crew: Crew, processes: list[Running], tmp_path: Path, notes: Callable[[], list[str]]
) -> None:
    hanging = [tmp_path / f"hangs-{number}" for number in range(LANES["hooks"])]
    for path in hanging:
        asked_for(known.HANG, path)
    until(lambda: all(path.exists() for path in hanging), "all seats for receivers are taken")
    asked_for(known.NOTE, tmp_path / "notes", word="still")
    until(lambda: notes() == ["still"], "other work is done")
    assert Job.objects.filter(name=known.HANG, state=JobState.QUEUED).count() == len(hanging)
    Job.objects.all().delete()
    processes[0].kill()
    processes[0].start()


@by_celery
def test_work_asked_for_while_the_broker_is_away_is_done_later(
    crew: Crew, processes: list[Running], tmp_path: Path, notes: Callable[[], list[str]]
) -> None:
    assert crew.wire is not None
    until_someone_works(tmp_path)
    crew.wire.cut()
    script = f"from workloom.events.jobs import enqueue; enqueue('messages.note', {{'path': {str(tmp_path / 'notes')!r}, 'word': 'late'}})"
    asked = crew.elsewhere(script)
    assert asked.process.wait(60) == 0
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1
    crew.wire.mend()
    until(lambda: notes() == ["late"], "the job is done")


@by_celery
def test_celery_is_woken_by_its_broker_without_any_beat(
    crew: Crew, processes: list[Running], tmp_path: Path, notes: Callable[[], list[str]]
) -> None:
    until_someone_works(tmp_path)  # by a tick of the beat, which therefore is there and can be told to end
    processes[1].process.send_signal(signal.SIGTERM)
    assert processes[1].process.wait(20) == 0
    script = f"""
import time
from workloom.events.jobs import enqueue
from workloom.events.models import Job
enqueue('messages.note', {{'path': {str(tmp_path / "notes")!r}, 'word': {str(uuid7())!r}}})
while Job.objects.filter(state='queued').exists():
    time.sleep(0.05)
"""
    asked = crew.elsewhere(script)
    assert asked.process.wait(60) == 0, asked.said()
    assert len(notes()) == 1
    processes[1].start()


def test_a_worker_that_is_told_to_end_ends_in_good_order(crew: Crew, processes: list[Running], tmp_path: Path) -> None:
    until_someone_works(tmp_path)
    processes[0].process.send_signal(signal.SIGTERM)
    assert processes[0].process.wait(20) == 0
    assert WorkerLife.objects.get().ended_at is not None
    assert "lost its footing" not in processes[0].said()
    processes[0].start()
