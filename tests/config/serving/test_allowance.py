import threading
import time
from pathlib import Path

import pytest

from workloom.config.serving import allowance
from workloom.config.serving.allowance import Allowance, Clocks, Quiet, Usage


def allowed_after(*shares: float, most: int = 3) -> list[int]:
    """Return how many threads may work after windows of a second in which the process wanted so much of a core."""
    judge, at, wanted, found = Allowance(most), 0.0, 0.0, []
    judge.begin(Usage(at, wanted))
    for share in shares:
        at, wanted = at + 1.0, wanted + share
        judge.look(Usage(at, wanted))
        found.append(judge.now)
    return found


def test_more_threads_work_while_the_core_is_idle() -> None:
    assert allowed_after(0.1, 0.3, 0.1, 0.5, 0.9, 0.9, 0.9, 0.5) == [2, 3, 3, 3, 2, 1, 1, 1]


def test_a_moment_is_too_short_to_judge() -> None:
    judge = Allowance(4)
    judge.begin(Usage(0.0, 0.0))
    judge.look(Usage(0.01, 0.0))
    assert judge.now == 1


@pytest.mark.parametrize(
    ("seconds", "share", "is_stuck"),
    [(0.01, 0.0, False), (0.019, 0.1, True), (0.02, 0.5, False), (0.08, 1.0, False), (0.11, 1.0, True)],
)
def test_who_waits_is_stuck_sooner_than_who_works(seconds: float, share: float, *, is_stuck: bool) -> None:
    quiet = Quiet(0.02)
    quiet.begin(Usage(0.0, 0.0))
    assert quiet.is_stuck(Usage(seconds, seconds * share)) is is_stuck


def test_who_waits_for_a_core_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "schedstat"
    told.write_text("5000000000 2000000000 17\n")
    monkeypatch.setattr(allowance, "_OF_THIS_THREAD", str(told))
    clocks = Clocks()
    for _ in range(2):
        clocks.add_this_thread()
    first, spent = clocks.read(), time.process_time()
    assert 0 <= spent - (first.wanted - 4.0) < 1.0
    told.write_text("5000000000 2500000000 18\n")
    second = clocks.read()
    assert second.at >= first.at
    assert 1.0 <= second.wanted - first.wanted < 2.0


def test_a_thread_of_this_system_is_counted_where_it_tells() -> None:
    clocks = Clocks()

    def count() -> None:
        clocks.add_this_thread()
        clocks.read()

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    assert len(clocks._files) == Path("/proc/thread-self/schedstat").exists()


def test_a_system_that_does_not_tell_counts_what_the_process_has_got(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "_OF_THIS_THREAD", "/nowhere/schedstat")
    clocks = Clocks()
    clocks.add_this_thread()
    before = time.process_time()
    assert before <= clocks.read().wanted <= time.process_time()
