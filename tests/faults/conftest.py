"""Stages with real processes of their own. Run by `make test-faults`, and for five seconds each by `make test`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from tests.faults.house import House
from tests.faults.processes import Keeper, keeping
from tests.faults.scene import Scene, scene
from tests.faults.servers import Postgres, Rabbit, Redis, Server, missing
from tests.machine import in_ci

Settings = dict[str, str]
Built = tuple[House, dict[str, Server]]


def _need(*servers: str) -> None:
    """Leave out what this machine cannot run, and say so; where every change is judged, that is a failure."""
    absent = missing(*servers)
    if absent:
        told = f"not installed here: {', '.join(absent)}"
        pytest.fail(told) if in_ci() else pytest.skip(told)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which PostgreSQL may look too, whoever runs it."""
    if sys.platform != "linux":
        pytest.skip("finds processes by /proc, which only Linux has")
    folder = tmp_path_factory.mktemp("faults")
    for each in (folder, folder.parent, folder.parent.parent):
        mode = S_IMODE(each.stat().st_mode)
        if (
            mode & 0o055 != 0o055
        ):  # only ever more: with --basetemp the outermost may be the folder that all users share
            each.chmod(mode | 0o055)
    return folder


@pytest.fixture(scope="session")
def postgres(place: Path) -> Iterator[Postgres]:
    _need("PostgreSQL")
    with keeping() as keeper:
        yield Postgres(keeper, place)


@pytest.fixture(scope="session")
def embedded(place: Path) -> Iterator[Scene]:
    """One command, one file: SQLite and nothing else."""

    def build(keeper: Keeper, settings: Settings) -> Built:
        return House(keeper, place / "embedded", {"JOBS": "embedded", **settings}), {}

    with scene("sqlite", build) as built:
        yield built


@pytest.fixture(scope="module")
def by_redis(place: Path, postgres: Postgres) -> Iterator[Scene]:
    """PostgreSQL, Redis for cache, hints and Celery, one worker and one beat."""
    _need("Redis")

    def build(keeper: Keeper, settings: Settings) -> Built:
        redis = Redis(keeper, place)
        places = {"DATABASE_URL": postgres.database("by_redis"), "REDIS_URL": redis.url}
        house = House(keeper, place / "by_redis", {"JOBS": "celery", **places, **settings})
        return house, {"postgres": postgres, "redis": redis}

    with scene("redis", build) as built:
        yield built


@pytest.fixture(scope="module")
def by_rabbit(place: Path, postgres: Postgres) -> Iterator[Scene]:
    """PostgreSQL, RabbitMQ for Celery, hints by PostgreSQL, one worker and one beat."""
    _need("RabbitMQ")

    def build(keeper: Keeper, settings: Settings) -> Built:
        rabbit = Rabbit(keeper, place)
        places = {"DATABASE_URL": postgres.database("by_rabbit"), "BROKER_URL": rabbit.url}
        house = House(keeper, place / "by_rabbit", {"JOBS": "celery", **places, **settings})
        return house, {"postgres": postgres, "rabbit": rabbit}

    with scene("rabbit", build) as built:
        yield built
