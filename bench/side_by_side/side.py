"""The side-by-side bench: the same data, the same token, the same answers, and then the clock."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.side_by_side import figures, rounds, undo
from bench.side_by_side.compare import Differs, require_same
from bench.side_by_side.data.story import Plan
from bench.side_by_side.database import Database
from bench.side_by_side.options import Options
from bench.side_by_side.servers import ONE_PORT, READERS, WRITERS, Server, ask, running, wait_until_idle
from bench.side_by_side.targets import Caller, Target, find_caller, targets_of
from bench.side_by_side.works import BY_NAME, SERVERS, WORKLOOM, Bound, Work, bounds_of, servers_of, takes_part
from bench.side_by_side.works import ONE_PORT as ONE_PORT_BOUND

COMPARED = 12


def run(options: Options, database: Database) -> int:
    """Compare, measure, print; return the exit code."""
    works = [BY_NAME[name] for name in options.works if takes_part(BY_NAME[name], sqlite=database.is_sqlite)]
    names = [name for name in SERVERS if any(name in servers_of(work, sqlite=database.is_sqlite) for work in works)]
    print(f"\n{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {options.tasks:,} tasks: ", end="")
    print(", ".join(f"{name} is {SERVERS[name]}" for name in names), flush=True)
    told = _Told([list(figures.HEAD)], [], [])
    for writes, workers in ((False, READERS), (True, READERS if database.is_sqlite else WRITERS)):
        if alike := [work for work in works if work.writes is writes]:
            with running(names, database, workers=workers, with_worker=options.with_worker) as servers:
                _measure(alike, servers, database, options, told)
    print(figures.table(told.lines))
    print(figures.summary(told.found, told.unmeasured))
    return 0 if options.quick else figures.exit_code(told.found, told.unmeasured)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is printed at the end."""

    lines: list[list[str]]
    found: list[figures.Ratio]
    unmeasured: list[str]


def _measure(
    works: Sequence[Work], servers: Mapping[str, Server], database: Database, options: Options, told: _Told
) -> None:
    """Compare the answers of the same servers to all of these works, then measure one work after the other."""
    plan = Plan(options.tasks)
    caller = find_caller(plan)
    scene = rounds.Scene(caller, database, options.seconds)
    targets = {work.name: targets_of(work.name, caller, plan) for work in works}
    among = {work.name: {name: servers[name] for name in servers_of(work, sqlite=database.is_sqlite)} for work in works}
    for work in works:
        _compare(work, among[work.name], targets[work.name], caller, options)
    print(f"the answers are the same: {', '.join(work.title for work in works)}", flush=True)
    for work in works:
        kept = measure_work(work, among[work.name], targets[work.name], scene, options)
        if len(kept.rounds) < options.rounds:
            told.unmeasured.append(work.name)
        if kept.rounds:
            middle = kept.medians()
            ratios = figures.ratios(work, middle, bounds_of(work, sqlite=database.is_sqlite))
            told.found.extend(ratios)
            told.lines.extend(figures.lines_of(work, middle, ratios, len(kept.rounds)))


def measure_work(
    work: Work,
    servers: Mapping[str, Server],
    targets: list[Target],
    scene: rounds.Scene,
    options: Options,
) -> rounds.Kept:
    """Measure one work on all of its servers, in turns."""
    changed = [target.path.split("/")[4] for target in targets] if work.name == "status" else []

    def once(number: int) -> rounds.Round:
        found: rounds.Round = {}
        for name in rounds.in_turns(list(servers), number):
            with _undoing(work, changed, options, tidied=True):
                found[name] = rounds.measure(servers[name], targets, scene, seed=number)
                wait_until_idle(servers[name], scene.database)
        return {name: found[name] for name in servers}

    in_turn = work.writes and scene.database.is_sqlite
    kept = rounds.gather(once, wanted=options.rounds, keep_all=options.quick, in_turn=in_turn)
    for text in kept.discarded:
        print(f"{work.name}: a round does not count: {text}", flush=True)
    return kept


def _undoing(
    work: Work, changed: list[str], options: Options, *, tidied: bool = False
) -> contextlib.AbstractContextManager[None]:
    if not work.writes:
        return contextlib.nullcontext()
    return undo.taken_back(changed, followed=options.with_worker, tidied=tidied)


def _compare(
    work: Work, servers: Mapping[str, Server], targets: Sequence[Target], caller: Caller, options: Options
) -> None:
    """Ask all servers the same, over all of the targets' range."""
    step = max(len(targets) // COMPARED, 1)
    for target in targets[::step]:
        answers = {}
        for name, server in servers.items():
            changed = [target.path.split("/")[4]] if work.name == "status" else []
            with _undoing(work, changed, options):
                answers[name] = _answer(server, target, caller)
        require_same(work.name, answers, writes=work.writes, among=WORKLOOM)


def _answer(server: Server, target: Target, caller: Caller) -> object:
    body = target.bodies[0] if target.bodies else ""
    status, text = ask(server.port, target.method, target.path_for(server.name), caller.token, body)
    if not 200 <= status < 300:
        raise Differs(f"{server.name} answers {target.method} {target.path}: {status} {text[:500]!r}")
    return json.loads(text)


def run_one_port(options: Options, database: Database) -> int:
    """Measure the one port of `make run` against WSGI alone, over works that only read."""
    plan = Plan(options.tasks)
    caller = find_caller(plan)
    scene = rounds.Scene(caller, database, options.seconds)
    works = [BY_NAME[name] for name in options.works if not BY_NAME[name].writes]
    works = [work for work in works if takes_part(work, sqlite=database.is_sqlite)]
    print(f"\none port of `make run` against WSGI alone, {options.tasks:,} tasks")
    head = ["work", "WSGI req/s", "one port req/s", "ratio", "floor", "goal", "rounds"]
    lines, found, unmeasured = [head], list[figures.Ratio](), list[str]()
    with running([WORKLOOM, ONE_PORT], database, with_worker=options.with_worker) as servers:
        for work in works:
            targets = targets_of(work.name, caller, plan)
            kept = measure_work(work, servers, targets, scene, options)
            if len(kept.rounds) < options.rounds:
                unmeasured.append(work.name)
            if kept.rounds:
                middle = kept.medians()
                ratio = middle[ONE_PORT].per_second / middle[WORKLOOM].per_second
                found.append(figures.Ratio(work.name, "WSGI", ratio, ONE_PORT_BOUND))
                lines.append(_one_port_line(work, middle, ratio, ONE_PORT_BOUND, len(kept.rounds)))
    print(figures.table(lines))
    print(figures.summary(found, unmeasured))
    return 0 if options.quick else figures.exit_code(found, unmeasured)


def _one_port_line(
    work: Work, middle: Mapping[str, figures.Measure], ratio: float, bound: Bound, count: int
) -> list[str]:
    rates = [f"{middle[name].per_second:.0f}" for name in (WORKLOOM, ONE_PORT)]
    return [work.title, *rates, f"{ratio:.2f}", f"{bound.floor:g}", f"{bound.goal:g}", str(count)]
