"""From measurements to a table, a line that sums it up, and a verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.side_by_side.works import WORKLOOM, Bound, Work


@dataclass(frozen=True, slots=True)
class Measure:
    """One server's work in one round; processor time in microseconds per request."""

    per_second: float
    p50_ms: float
    p99_ms: float
    app_us: float
    database_us: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """What W is of another server, beside what it has to be."""

    work: str
    server: str
    value: float
    bound: Bound | None

    @property
    def is_below_floor(self) -> bool:
        """Tell whether the bench fails by it."""
        return self.bound is not None and self.value < self.bound.floor

    @property
    def distance(self) -> float:
        """How much of the goal is reached; 1 and more is all of it."""
        return self.value / self.bound.goal if self.bound else 1.0


def medians(found: Sequence[Measure]) -> Measure:
    """Return the median of each figure."""
    return Measure(
        *(
            median(getattr(one, name) for one in found)
            for name in ("per_second", "p50_ms", "p99_ms", "app_us", "database_us")
        )
    )


def ratios(work: Work, found: Mapping[str, Measure], bounds: Mapping[str, Bound]) -> list[Ratio]:
    """Compare W with each other server that was measured."""
    ours = found[WORKLOOM].per_second
    return [
        Ratio(work.name, server, ours / one.per_second, bounds.get(server))
        for server, one in found.items()
        if server != WORKLOOM
    ]


def table(lines: Sequence[Sequence[str]]) -> str:
    """Set lines in columns, the first to the left and the others to the right."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ).rstrip()


HEAD = (
    *("work", "", "req/s", "p50 ms", "p99 ms", "app us", "database us", "rounds"),
    *("W is", "floor", "goal", "of the goal"),
)


def lines_of(work: Work, found: Mapping[str, Measure], against: Sequence[Ratio], rounds: int) -> list[list[str]]:
    """Write one work's part of the table: a line for each server, W's ratio beside the server it is of."""
    by_server, lines = {ratio.server: ratio for ratio in against}, []
    for at, (server, one) in enumerate(found.items()):
        figures = [f"{one.per_second:.0f}", f"{one.p50_ms:.2f}", f"{one.p99_ms:.1f}", f"{one.app_us:.0f}"]
        line = ["" if at else work.title, server, *figures, f"{one.database_us:.0f}", str(rounds)]
        ratio = by_server.get(server)
        if ratio is None:
            line += [""] * 4
        elif ratio.bound is None:
            line += [f"{ratio.value:.2f} x {server}", "", "", ""]
        else:
            bound = ratio.bound
            line += [f"{ratio.value:.2f} x {server}", f"{bound.floor:g}", f"{bound.goal:g}", f"{ratio.distance:.0%}"]
        lines.append(line)
    return lines


def summary(found: Iterable[Ratio], unmeasured: Sequence[str]) -> str:
    """Say in one line how it went."""
    judged = [ratio for ratio in found if ratio.bound is not None]
    reached = [ratio for ratio in judged if ratio.distance >= 1]
    below = [f"{one.work} {one.value:.2f} x {one.server}" for one in judged if one.is_below_floor]
    parts = [f"{len(reached)} of {len(judged)} goals reached"]
    if judged:
        worst = min(judged, key=lambda one: one.distance)
        parts.append(f"the farthest: {worst.work}, {worst.distance:.0%} of {worst.bound.goal:g} x {worst.server}")  # type: ignore[union-attr] # judged ones have bounds
    parts.append(f"below the floor: {', '.join(below)}" if below else "none below its floor")
    if unmeasured:
        parts.append(f"too disturbed to be judged: {', '.join(unmeasured)}")
    return "; ".join(parts) + "."


def exit_code(found: Iterable[Ratio], unmeasured: Sequence[str]) -> int:
    """Return 1 when something is below its floor, 2 when something could not be judged."""
    if any(ratio.is_below_floor for ratio in found):
        return 1
    return 2 if unmeasured else 0
