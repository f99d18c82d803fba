"""What one may ask of the bench."""

import argparse
from dataclasses import dataclass

from bench.side_by_side.works import BY_NAME

PARTS = ("side", "port", "growth", "rates", "cost")
_QUICK_ROUNDS, _QUICK_SECONDS, _QUICK_TASKS = 1, 1, 2000


@dataclass(frozen=True, slots=True)
class Options:
    """How much of what, on which database."""

    parts: tuple[str, ...]
    databases: tuple[str, ...]
    works: tuple[str, ...]
    rounds: int
    seconds: int
    tasks: int
    sizes: tuple[int, ...]
    quick: bool
    with_worker: bool


def _names(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}")
    return names


def read_options(arguments: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measures Workloom beside two other servers.")
    works, databases = tuple(BY_NAME), ("postgres", "sqlite")
    parser.add_argument(
        "--parts", type=lambda text: _names(text, PARTS), default=("side", "port"), help=", ".join(PARTS)
    )
    parser.add_argument("--on", type=lambda text: _names(text, databases), default=databases, help="postgres, sqlite")
    parser.add_argument("--works", type=lambda text: _names(text, works), default=works, help=", ".join(works))
    parser.add_argument("--rounds", type=int, help="rounds that have to count (5)")
    parser.add_argument("--seconds", type=int, help="of each measurement (4)")
    parser.add_argument("--tasks", type=int, help="in the database (200000)")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="tasks, for the part growth")
    parser.add_argument(
        "--quick", action="store_true", help="a rehearsal: little data, one round, every round counts, no verdict"
    )
    parser.add_argument(
        "--with-worker", action="store_true", help="let Workloom's worker of the queue follow the log meanwhile"
    )
    sent = parser.parse_args(arguments)
    usual = (_QUICK_ROUNDS, _QUICK_SECONDS, _QUICK_TASKS) if sent.quick else (5, 4, 200_000)
    return Options(
        parts=sent.parts,
        databases=sent.on,
        works=sent.works,
        rounds=sent.rounds or usual[0],
        seconds=sent.seconds or usual[1],
        tasks=sent.tasks or usual[2],
        sizes=tuple(int(size) for size in sent.sizes.split(",")),
        quick=sent.quick,
        with_worker=sent.with_worker,
    )
