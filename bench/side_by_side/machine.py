"""What the machine did while something was measured: whose time it was, and whether the measurement counts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MOST_FOREIGN, LEAST_USED, LEAST_USED_IN_TURN = 0.10, 0.80, 0.40
"""The last is for works whose requests have to wait for each other, as SQLite's writers do: one core at most is theirs."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Stat:
    """The processor seconds of /proc/stat since the machine started: worked for somebody, for the network, and all."""

    worked: float
    interrupts: float
    total: float


def read_stat(text: str | None = None) -> Stat:
    """Read the first line of /proc/stat; time that the hypervisor took counts as work for somebody else."""
    line = (text if text is not None else Path("/proc/stat").read_text(encoding="ascii")).partition("\n")[0]
    user, nice, system, idle, waiting, irq, softirq, steal = (int(one) / _TICKS for one in line.split()[1:9])
    worked = user + nice + system + steal
    return Stat(worked, irq + softirq, worked + irq + softirq + idle + waiting)


def seconds_of(pids: list[int]) -> float:
    """Return the processor seconds of processes and of their children that have ended; those that are gone count nothing."""
    return sum(seconds_by(pids).values())


def seconds_by(pids: list[int]) -> dict[int, float]:
    """Return the same for each process."""
    return {pid: _seconds(pid) for pid in pids}


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Return what processes used in between: those that came count whole, those that went no longer."""
    return sum(max(seconds - before.get(pid, 0.0), 0.0) for pid, seconds in after.items())


def _seconds(pid: int) -> float:
    return sum(int(one) for one in _fields(pid)[11:15]) / _TICKS


def _fields(pid: int) -> list[str]:
    """Return what Linux tells of a process behind its name: its state, its parent, ...; nothing when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in children.read_text(encoding="ascii").split()]
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def resident_mib(pid: int) -> float:
    """Return a process's memory in MiB: what is its own, and its share of what it has in common with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """How a measurement's time was used: by others, and at all."""

    foreign: float
    used: float

    def counts(self, *, in_turn: bool = False) -> bool:
        """Tell, by the rule set beforehand, whether what was measured is kept."""
        return self.foreign <= MOST_FOREIGN and self.used >= (LEAST_USED_IN_TURN if in_turn else LEAST_USED)


def share(before: Stat, after: Stat, ours: float) -> Share:
    """Compare the machine's time with that of the processes that were measured."""
    total = max(after.total - before.total, 1e-9)
    worked = after.worked - before.worked
    used = worked + after.interrupts - before.interrupts
    return Share(max(worked - ours, 0.0) / total, used / total)
