"""Writers of SQLite take turns: threads, and processes by a lock beside the file."""

import fcntl
import threading
from pathlib import Path

import pytest

from workloom.core.sqlite.turns import Turns


def _is_free(lock: Path) -> bool:
    with lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_turn_holds_the_lock_and_lets_go(tmp_path: Path) -> None:
    mine, lock = Turns(), tmp_path / "x.sqlite3.turn"
    with mine.taken(str(tmp_path / "x.sqlite3")):
        assert not _is_free(lock)
        with mine.taken(str(tmp_path / "x.sqlite3")):  # as a write after a commit
            assert not _is_free(lock)
        assert not _is_free(lock)
    assert _is_free(lock)


def test_another_process_goes_first(tmp_path: Path) -> None:
    mine, lock, went = Turns(), tmp_path / "x.sqlite3.turn", threading.Event()

    def write() -> None:
        with mine.taken(str(tmp_path / "x.sqlite3")):
            went.set()

    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        writer = threading.Thread(target=write)
        writer.start()
        assert not went.wait(0.05)
    assert went.wait(5)
    writer.join()


def test_a_database_in_memory_has_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Turns().taken("file:memorydb_default?mode=memory&cache=shared"):
        pass
    assert list(tmp_path.iterdir()) == []
