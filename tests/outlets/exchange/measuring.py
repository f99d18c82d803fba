"""Running a script in a process of its own and asking the system for its peak of memory."""

import os
import subprocess
import sys
from pathlib import Path

# Not getrusage: a child begins with the peak of the process that started it.
PEAK = """
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
"""


def run_measured(script: str, argument: Path) -> tuple[int, int]:
    """Run a script that prints a count and `peak()`; return the count and the kilobytes."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK + script, str(argument)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    count, peak = map(int, done.stdout.split())
    return count, peak
