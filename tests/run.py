"""`make test`: the checks, then the suite on SQLite and on each database server that answers, the faults, and one summary."""

import os
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.check import ROOT, check
from tests.machine import in_ci

SERVERS = {
    "postgres": ("PostgreSQL", "TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
    "mysql": ("MariaDB", "TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql"),
}
FAULTS = "tests/faults"
COUNTED = ("tests", "failures", "errors", "skipped")


@dataclass
class Outcome:
    name: str
    ran: bool = True
    code: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))

    @property
    def failed(self) -> int:
        return self.counts["failures"] + self.counts["errors"]

    @property
    def passed(self) -> int:
        return self.counts["tests"] - self.failed - self.counts["skipped"]

    def line(self) -> str:
        if not self.ran:
            return f"{self.name:<11} not run"
        return f"{self.name:<11} {self.passed} passed, {self.failed} failed, {self.counts['skipped']} skipped"


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=2):
            return True
    except OSError:
        return False


def pytest(kind: str, name: str, arguments: list[str]) -> Outcome:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # The older of the report's two shapes may carry what a test says of itself, as those of the faults do.
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
            *arguments,
        ]
        print(f"\n== {name} ==", flush=True)
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"TEST_DB": kind}, check=False)
        outcome = Outcome(name, code=done.returncode)
        if report.exists():
            suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - written by the line above
            outcome.counts = {key: int(suite.get(key, "0")) if suite is not None else 0 for key in COUNTED}
        return outcome


def suite() -> list[Outcome]:
    arguments = ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "worksteal", f"--ignore={FAULTS}"]
    outcomes = [pytest("sqlite", "SQLite", arguments)]
    for kind, (name, variable, usual) in SERVERS.items():
        if answers(os.environ.get(variable, usual)):
            outcomes.append(pytest(kind, name, arguments))
        else:
            print(f"\n== {name} == does not answer; {variable} names another one", flush=True)
            outcomes.append(Outcome(name, ran=False, code=1 if in_ci() else 0))
    return outcomes


def faults() -> Outcome:
    """Processes are killed one fault after the other, whatever the database of the rest: they have their own."""
    return pytest("sqlite", "Faults", [FAULTS, "-p", "no:randomly"])


def summary(broken: list[str], outcomes: list[Outcome], seconds: float) -> int:
    print(f"\nchecks      {'failed: ' + ', '.join(broken) if broken else 'all passed'}")
    for outcome in outcomes:
        print(outcome.line())
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    failed += len(broken) + sum(1 for o in outcomes if o.code and not o.failed)
    skipped = sum(o.counts["skipped"] for o in outcomes)
    print(f"===== {failed} failed, {passed} passed, {skipped} skipped in {seconds:.0f}s =====", flush=True)
    return 1 if failed else 0


def main(paths: list[str]) -> int:
    began = time.monotonic()
    if paths:
        kind = os.environ.get("TEST_DB", "sqlite")
        return pytest(kind, kind, paths).code
    broken = check(thorough=True)
    return summary(broken, [*suite(), faults()], time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
