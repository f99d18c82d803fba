"""What is measured, and what has to come of it: ratios of requests per second."""

from dataclasses import dataclass

USUAL, WORKLOOM, RAW = "A", "W", "D"
SERVERS = {USUAL: "the usual REST framework code", WORKLOOM: "Workloom", RAW: "raw SQL and an encoder"}


@dataclass(frozen=True, slots=True)
class Bound:
    """What W should be of another server's rate, and what it must be."""

    goal: float
    floor: float


@dataclass(frozen=True, slots=True)
class Work:
    """One row of the table; `bounds` are by server, on PostgreSQL and on SQLite."""

    name: str
    title: str
    bounds: dict[str, Bound]
    on_sqlite: dict[str, Bound] | None
    servers: tuple[str, ...] = (USUAL, WORKLOOM, RAW)
    writes: bool = False


def _bounds(by_usual: tuple[float, float], by_raw: tuple[float, float]) -> dict[str, Bound]:
    return {USUAL: Bound(*by_usual), RAW: Bound(*by_raw)}


WORKS = (
    Work("one", "one task", _bounds((8, 6), (0.45, 0.33)), {}),
    Work("list", "list, 50 tasks, expanded", _bounds((10, 7), (0.60, 0.40)), {USUAL: Bound(12, 12)}),
    Work("ids", "list, 50 tasks, ids only", _bounds((12, 7), (0.60, 0.40)), {}),
    Work("mine", "my tasks, 20 projects", _bounds((15, 7), (0.60, 0.40)), {}),
    Work("create", "create a task", _bounds((4, 4), (0.40, 0.40)), {USUAL: Bound(2, 2)}, writes=True),
    Work("status", "change the status", _bounds((6, 5), (0.40, 0.35)), {}, writes=True),
    Work("search", "search, best 20", _bounds((4, 2.5), (0.70, 0.60)), None),
    Work("board", "board, 500 cards", _bounds((15, 10), (0.70, 0.45)), {}),
    Work("events", "events after N, 100", {RAW: Bound(0.60, 0.40)}, None, servers=(WORKLOOM, RAW)),
)
ONE_PORT = Bound(0.85, 0.75)
BY_NAME = {work.name: work for work in WORKS}


def servers_of(work: Work, *, sqlite: bool) -> tuple[str, ...]:
    """Return who takes part: nobody wrote the raw server for SQLite."""
    return tuple(server for server in work.servers if not (sqlite and server == RAW))


def bounds_of(work: Work, *, sqlite: bool) -> dict[str, Bound]:
    """Return what is demanded on a database."""
    return (work.on_sqlite or {}) if sqlite else work.bounds


def takes_part(work: Work, *, sqlite: bool) -> bool:
    """Tell whether a work is measured on a database."""
    return not sqlite or work.on_sqlite is not None
