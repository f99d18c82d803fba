"""What it takes to run: memory of each process, and the time from the command to the first answer."""

import time
from pathlib import Path

from bench.side_by_side import machine, rounds
from bench.side_by_side.data.story import Plan
from bench.side_by_side.database import Database
from bench.side_by_side.figures import table
from bench.side_by_side.options import Options
from bench.side_by_side.servers import ONE_PORT, running
from bench.side_by_side.targets import find_caller, targets_of

MOST_MIB, MOST_START_S = 200.0, 3.0
_REST_S = 5


def run(options: Options, database: Database) -> int:
    """Start `make run` on the loaded database, let it rest, load it, and look at its processes."""
    plan = Plan(options.tasks)
    scene = rounds.Scene(find_caller(plan), database, options.seconds)
    began = time.monotonic()
    with running([ONE_PORT], database, with_worker=True) as servers:
        started = time.monotonic() - began
        server = servers[ONE_PORT]
        time.sleep(_REST_S)
        rest = {pid: machine.resident_mib(pid) for pid in server.pids()}
        names = {pid: _name(pid) for pid in rest}
        rounds.measure(server, targets_of("list", scene.caller, plan), scene, seed=1)
        loaded = {pid: machine.resident_mib(pid) for pid in server.pids()}
    lines = [["process", "at rest, MiB", "after load, MiB"]]
    lines += [[names[pid], f"{rest[pid]:.0f}", f"{loaded.get(pid, 0.0):.0f}"] for pid in rest]
    lines.append(["all", f"{sum(rest.values()):.0f}", f"{sum(loaded.values()):.0f}"])
    print(f"\nthe embedded server, shared memory counted once\n{table(lines)}")
    print(
        f"at rest {sum(rest.values()) / MOST_MIB:.0%} of {MOST_MIB:g} MiB; first answer after {started / MOST_START_S:.0%} of {MOST_START_S:g} s."
    )
    return 0 if options.quick or (sum(rest.values()) <= MOST_MIB and started <= MOST_START_S) else 1


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return f"{pid} {words.strip().rpartition('/')[2][:40]}"
