from pathlib import Path

import pytest

from workloom.config.serving import allowance
from workloom.config.serving.allowance import Allowance, Quiet, Usage


def allowed_after(*shares: float, most: int = 3, free_cores: float | None = 1.0) -> list[int]:
    """Return how many threads may work after windows of a second in which the process used so much of a core."""
    judge, at, spent, found = Allowance(most), 0.0, 0.0, []
    judge.begin(Usage(at, spent, 0.0))
    for share in shares:
        at, spent = at + 1.0, spent + share
        judge.look(Usage(at, spent, None if free_cores is None else at * free_cores))
        found.append(judge.now)
    return found


@pytest.mark.parametrize("free_cores", [1.0, None])
def test_more_threads_work_while_the_core_is_idle(free_cores: float | None) -> None:
    found = allowed_after(0.1, 0.3, 0.1, 0.5, 0.9, 0.9, 0.9, 0.5, free_cores=free_cores)
    assert found == [2, 3, 3, 3, 2, 1, 1, 1]


def test_a_small_share_of_a_machine_without_room_calls_for_no_more_threads() -> None:
    """There the database has the rest of the core, and another thread would only get in the way."""
    assert allowed_after(0.3, 0.25, 0.1, 0.1, 0.4, 0.4, 0.25, free_cores=0.1) == [1, 1, 2, 3, 2, 1, 1]


def test_a_moment_is_too_short_to_judge() -> None:
    judge = Allowance(4)
    judge.begin(Usage(0.0, 0.0, 0.0))
    judge.look(Usage(0.01, 0.0, 0.01))
    assert judge.now == 1


@pytest.mark.parametrize(
    ("seconds", "share", "free_cores", "is_stuck"),
    [
        (0.01, 0.0, 1.0, False),
        (0.02, 0.1, 1.0, True),
        (0.02, 0.5, 1.0, False),
        (0.02, 0.3, 0.0, False),
        (0.02, 0.3, None, True),
        (0.09, 1.0, 1.0, False),
        (0.11, 1.0, 1.0, True),
    ],
)
def test_who_waits_is_stuck_sooner_than_who_works(
    seconds: float, share: float, free_cores: float | None, *, is_stuck: bool
) -> None:
    quiet = Quiet(0.02)
    quiet.begin(Usage(0.0, 0.0, 0.0))
    rested = None if free_cores is None else seconds * free_cores
    assert quiet.is_stuck(Usage(seconds, seconds * share, rested)) is is_stuck


def test_the_clocks_are_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    uptime = tmp_path / "uptime"
    monkeypatch.setattr(allowance, "_UPTIME", uptime)
    assert Usage.now().rested is None
    uptime.write_text("350735.47 234388.90\n")
    first = Usage.now()
    assert first.rested == 234388.90
    uptime.write_text("350736.47 234390.90\n")
    second = Usage.now()
    assert second.at >= first.at
    assert second.spent >= first.spent
    assert second.had_room_since(first)
