"""One run of wrk, the load generator, and what it says."""

import json
import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
_SCRIPT = Path(__file__).with_name("requests.lua")
_MARK = "FIGURES "


class NoFigures(Exception):
    """wrk said something else than figures, or of answers that were none."""


@dataclass(frozen=True, slots=True)
class Run:
    """Requests and seconds, latencies in milliseconds, and wrk's own processor seconds."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    own_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.requests / self.seconds


def missing() -> str | None:
    """Say what to do when wrk is not there."""
    return None if shutil.which("wrk") else "wrk is missing. Install it: apt install wrk (Debian), brew install wrk."


def read_figures(text: str) -> Run:
    """Read what our script wrote; raises NoFigures when an answer was no success."""
    line = next((line for line in text.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise NoFigures(f"wrk said no figures:\n{text}")
    found = json.loads(line.removeprefix(_MARK))
    if found["refused"] or found["broken"]:
        raise NoFigures(f"Of {found['requests']} answers {found['refused']} were refusals, {found['broken']} broken.")
    return Run(found["requests"], found["microseconds"] / 1e6, found["p50"] / 1e3, found["p99"] / 1e3)


def run(url: str, targets: Path, token: str, *, seconds: int, seed: int) -> Run:
    """Load one server for some seconds, of which wrk takes whole ones only."""
    before = _own_seconds()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", str(_SCRIPT), url]
    done = subprocess.run([*command, "--", str(targets), token, str(seed)], capture_output=True, text=True, check=False)
    found = read_figures(done.stdout + done.stderr)
    return Run(found.requests, found.seconds, found.p50_ms, found.p99_ms, _own_seconds() - before)


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
