"""Processes of the tests' own: each with its log in a file, none of them outliving the tests."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Ends with the tests even when these are killed; elsewhere than on Linux only their own end ends it.
_TIED = [found, "--pdeathsig", "KILL", "--"] if (found := shutil.which("setpriv")) else []
_INHERITED = {"PATH", "LANG"}
_PAUSE_S = 0.05


class NotSo(AssertionError):
    """What was waited for did not come about in time."""


def until(is_so: Callable[[], object], what: str, *, seconds: float = 120) -> Any:
    """Ask again and again until the answer is a yes, which is returned; `is_so` may raise OSError meanwhile."""
    deadline = time.monotonic() + seconds
    while True:
        answer, problem = _ask(is_so)
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise NotSo(f"{what}: not within {seconds:.0f} s ({problem or answer!r})")
        time.sleep(_PAUSE_S)


def _ask(is_so: Callable[[], object]) -> tuple[object, OSError | None]:
    try:
        return is_so(), None
    except OSError as error:
        return None, error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def children_of(pid: int) -> list[int]:
    """Return the processes that one started, as Linux tells."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in path.read_text().split()]
    return found


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def family_of(pid: int) -> list[int]:
    """Return a process with everything that it started, and so on."""
    return [pid, *(each for child in children_of(pid) for each in family_of(child))]


@dataclass
class Running:
    """One process that was started, and how to start it again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    user: str | None = None
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def start(self) -> None:
        inherited = {name: value for name, value in os.environ.items() if name in _INHERITED}
        change: dict[str, Any] = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*_TIED, *self.command],
                cwd=self.folder,
                env=inherited | dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **change,
            )

    def kill(self) -> None:
        """Send SIGKILL to this process and leave what it started alone."""
        self.process.kill()
        self.process.wait(20)

    def end(self) -> None:
        """Send SIGKILL to the process, what it started, and its whole session: nothing is left."""
        family = family_of(self.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(20)
        until(lambda: not any(map(is_alive, family)), f"the end of {self.name}", seconds=20)

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Keeper:
    """Starts processes and ends all that it started."""

    def __init__(self) -> None:
        self.running: list[Running] = []

    def start(
        self, name: str, command: list[str], folder: Path, *, user: str | None = None, **settings: str
    ) -> Running:
        started = Running(name, command, settings, folder, user)
        self.running.append(started)
        return started

    def end(self, one: Running) -> None:
        self.running.remove(one)
        one.end()

    def end_all(self) -> None:
        for one in reversed(self.running):
            one.end()
        self.running.clear()


@contextlib.contextmanager
def keeping() -> Iterator[Keeper]:
    """Lend a keeper, and end what it keeps whatever happens."""
    keeper = Keeper()
    try:
        yield keeper
    finally:
        keeper.end_all()
