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


def run_measured(script: str, argument: Path, **environment: str) -> list[int]:
    """Run a script that prints whole numbers, `peak()` in kilobytes among them, and return these."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK + script, str(argument)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3] / "src"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(number) for number in done.stdout.split()]
