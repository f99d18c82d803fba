"""Stages with real processes of their own. Run by `make test-faults`, and for five seconds each by `make test`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House
from tests.faults.people import sign_up
from tests.faults.processes import keeping
from tests.faults.scene import Scene
from tests.faults.servers import Postgres, Rabbit, Redis, missing
from tests.machine import in_ci


def _need(*servers: str) -> None:
    """Leave out what this machine cannot run, and say so; where every change is judged, that is a failure."""
    absent = missing(*servers)
    if absent:
        told = f"not installed here: {', '.join(absent)}"
        pytest.fail(told) if in_ci() else pytest.skip(told)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which PostgreSQL may look too, whoever runs it."""
    folder = tmp_path_factory.mktemp("faults")
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def embedded(place: Path) -> Iterator[Scene]:
    """One command, one file: SQLite and nothing else."""
    with keeping() as keeper:
        house = House(keeper, place / "embedded", {"JOBS": "embedded"})
        yield Scene("sqlite", house, sign_up(house.port))


@pytest.fixture(scope="session")
def postgres(place: Path) -> Iterator[Postgres]:
    _need("PostgreSQL")
    with keeping() as keeper:
        yield Postgres(keeper, place)


@pytest.fixture(scope="module")
def by_redis(place: Path, postgres: Postgres) -> Iterator[Scene]:
    """PostgreSQL, Redis for cache, hints and Celery, one worker and one beat."""
    _need("Redis")
    with keeping() as keeper:
        redis = Redis(keeper, place)
        settings = {"JOBS": "celery", "DATABASE_URL": postgres.database("by_redis"), "REDIS_URL": redis.url}
        house = House(keeper, place / "by_redis", settings)
        yield Scene("redis", house, sign_up(house.port), {"postgres": postgres, "redis": redis})


@pytest.fixture(scope="module")
def by_rabbit(place: Path, postgres: Postgres) -> Iterator[Scene]:
    """PostgreSQL, RabbitMQ for Celery, hints by PostgreSQL, one worker and one beat."""
    _need("RabbitMQ")
    with keeping() as keeper:
        rabbit = Rabbit(keeper, place)
        settings = {"JOBS": "celery", "DATABASE_URL": postgres.database("by_rabbit"), "BROKER_URL": rabbit.url}
        house = House(keeper, place / "by_rabbit", settings)
        yield Scene("rabbit", house, sign_up(house.port), {"postgres": postgres, "rabbit": rabbit})
