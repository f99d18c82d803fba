"""Jobs for tests with real workers: each notes what it does in a file."""

import threading
from pathlib import Path

from workloom.events.jobs import job

NOTE, FAIL, HANG = "messages.note", "messages.fail", "messages.hang"


class MadeToFail(RuntimeError):
    """What the tests asked for."""


def _write(path: str, word: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


@job(NOTE)
def note(path: str, word: str) -> None:
    _write(path, word)


@job(FAIL, tries=2)
def fail(path: str) -> None:
    _write(path, "failed")
    raise MadeToFail("as it was told")


@job(HANG, lease_s=2, lane="hooks")
def hang(path: str) -> None:
    """Hang when it is tried first."""
    is_first = not Path(path).exists()
    _write(path, "began")
    if is_first:
        threading.Event().wait()
    _write(path, "ended")
