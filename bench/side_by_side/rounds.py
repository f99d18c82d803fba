"""Measuring in turns: every server once per round, in shuffled order, until enough rounds were undisturbed."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.side_by_side import wrk
from bench.side_by_side.database import FOLDER, Database
from bench.side_by_side.figures import Measure, medians
from bench.side_by_side.machine import Share, read_stat, seconds_by, share, spent
from bench.side_by_side.servers import Server, database_pids
from bench.side_by_side.targets import Caller, Target, write_targets

TRIES = 4
"""So many times the wanted rounds are tried before a work counts as too disturbed."""
Round = dict[str, tuple[Measure, Share]]


@dataclass
class Kept:
    """The rounds that count, and how many did not."""

    rounds: list[dict[str, Measure]] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    def medians(self) -> dict[str, Measure]:
        """Return the median of each server."""
        return {name: medians([one[name] for one in self.rounds]) for name in self.rounds[0]}


def gather(once: Callable[[int], Round], *, wanted: int, keep_all: bool = False, in_turn: bool = False) -> Kept:
    """Go round until enough rounds count; a round in which one server was disturbed counts for none.

    `in_turn` says that the requests wait for each other.
    """
    kept = Kept()
    for number in range(wanted * TRIES):
        found = once(number)
        bad = [
            f"{name} {one.foreign:.0%} foreign, {one.used:.0%} used"
            for name, (_, one) in found.items()
            if not one.counts(in_turn=in_turn)
        ]
        if bad and not keep_all:
            kept.discarded.append("; ".join(bad))
            continue
        kept.rounds.append({name: measure for name, (measure, _) in found.items()})
        if len(kept.rounds) == wanted:
            break
    return kept


def in_turns(servers: Sequence[str], number: int) -> list[str]:
    """Return the servers in the order of a round."""
    return random.Random(number).sample(list(servers), len(servers))


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks, where, and for how long each time."""

    caller: Caller
    database: Database
    seconds: int


def measure(server: Server, targets: list[Target], scene: Scene, *, seed: int) -> tuple[Measure, Share]:
    """Load one server, and tell whose processor time that took."""
    path = FOLDER / "targets.txt"
    write_targets(targets, server.name, path)

    def load(seconds: int, lot: int) -> wrk.Run:
        try:
            return wrk.run(server.url, path, scene.caller.token, seconds=seconds, seed=lot)
        except wrk.NoFigures as error:
            asked = f"{server.name}, {targets[0].method} {targets[0].path}"
            raise wrk.NoFigures(f"{asked}: {error} Its log is {FOLDER / server.log_name}.") from error

    load(1, seed + 1000)
    before = read_stat()
    app, base = seconds_by(server.pids()), seconds_by(database_pids(scene.database))
    run = load(scene.seconds, seed)
    if not run.requests:
        raise wrk.NoFigures(f"{server.name} answered nothing in {scene.seconds} s. Measure longer: --seconds.")
    after = read_stat()
    app_spent = spent(app, seconds_by(server.pids()))
    base_spent = spent(base, seconds_by(database_pids(scene.database)))
    per_request = 1e6 / run.requests
    found = Measure(run.per_second, run.p50_ms, run.p99_ms, app_spent * per_request, base_spent * per_request)
    return found, share(before, after, app_spent + base_spent + run.own_seconds)
