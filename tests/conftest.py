import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api import Api
from tests.called import Called
from tests.cast import Cast, make_cast
from tests.settings import KIND
from workloom.core import limits
from workloom.core.limit_stores import ProcessStore


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Called(), "called")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that is about one database is left out on the others: it is not skipped, there is nothing to run."""
    others = {"sqlite", "postgres", "mysql"} - {KIND}
    kept = [
        item
        for item in items
        if item.get_closest_marker(KIND) or not any(item.get_closest_marker(other) for other in others)
    ]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what tests say of the whole by `record_property("summary", …)`."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "summary":
                terminalreporter.write_line(text)


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Each test counts from zero: limits are kept outside of the transactions that undo the rest."""
    with limits.using(ProcessStore()):
        yield


@pytest.fixture(autouse=True)
def young_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is asked about its health in the first minute of a process, as long as workers may be starting."""
    monkeypatch.setattr("workloom.ops.parts.began", time.monotonic())


@pytest.fixture
def api(db: None, django_capture_on_commit_callbacks: Any) -> Api:
    """The server as a visitor sees it; `api.as_(user)` is somebody signed in."""
    return Api(django_capture_on_commit_callbacks)


@pytest.fixture
def cast(db: None) -> Cast:
    """One person for each role, and a stranger with a tenant of their own; see `Cast`."""
    return make_cast()


@pytest.fixture
def transactional_cast(transactional_db: None) -> Cast:
    """The cast, committed for all connections to see."""
    return make_cast()
