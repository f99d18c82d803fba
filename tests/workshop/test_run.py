import socket
from collections.abc import Iterator

import pytest

from tests import run
from tests.run import Outcome, answers, summary


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite itself is running already: here only the choice of databases and the sum are tested."""
    monkeypatch.setattr(run, "pytest", lambda *asked: outcome(asked[1], tests=3))
    for variable in ("TEST_POSTGRES_URL", "TEST_MYSQL_URL"):
        monkeypatch.setenv(variable, "postgres://127.0.0.1:1/x")


def outcome(name: str, *, tests: int = 0, failures: int = 0, code: int = 0) -> Outcome:
    return Outcome(name, code=code, counts={"tests": tests, "failures": failures, "errors": 0, "skipped": 0})


def test_a_server_answers_or_does_not(listening: int) -> None:
    assert answers(f"mysql://root@127.0.0.1:{listening}/x")
    assert not answers("postgres://127.0.0.1:1/x")


@pytest.mark.usefixtures("nothing_runs")
def test_a_missing_database_is_told_and_forgiven_at_home(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert [(each.name, each.ran, each.code) for each in run.suite()] == [
        ("SQLite", True, 0),
        ("PostgreSQL", False, 0),
        ("MariaDB", False, 0),
    ]
    assert "TEST_POSTGRES_URL names another one" in capsys.readouterr().out


@pytest.mark.usefixtures("nothing_runs")
def test_a_missing_database_is_a_failure_where_every_change_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    outcomes = run.suite()
    assert [each.code for each in outcomes] == [0, 1, 1]
    assert summary([], outcomes, 1) == 1


def test_the_summary_adds_up_and_says_which_ran(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [outcome("SQLite", tests=5), outcome("PostgreSQL", tests=4), Outcome("MariaDB", ran=False)]
    assert summary([], outcomes, 61.4) == 0
    said = capsys.readouterr().out
    assert "MariaDB     not run" in said
    assert said.endswith("===== 0 failed, 9 passed, 0 skipped in 61s =====\n")


def test_faults_are_played_once_whatever_the_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def note(_kind: str, name: str, arguments: list[str]) -> Outcome:
        asked.append(arguments)
        return outcome(name)

    monkeypatch.setattr(run, "pytest", note)
    outcomes = [*run.suite(), run.faults()]
    assert [each.name for each in outcomes][-1] == "Faults"
    assert ["--ignore=tests/faults" in arguments for arguments in asked] == [*[True] * (len(asked) - 1), False]
    assert asked[-1][0] == "tests/faults"


@pytest.mark.parametrize(
    ("broken", "outcomes"),
    [
        (["types"], [outcome("SQLite", tests=5)]),
        ([], [outcome("SQLite", tests=5, failures=1, code=1)]),
        ([], [outcome("SQLite", tests=0, code=4)]),
        ([], [outcome("SQLite", tests=5), outcome("MariaDB", tests=5, code=3)]),
    ],
)
def test_any_failure_fails_the_whole(broken: list[str], outcomes: list[Outcome]) -> None:
    assert summary(broken, outcomes, 1) == 1
