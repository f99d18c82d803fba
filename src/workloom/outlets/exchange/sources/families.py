"""Parents: found by id or title, never in a circle, never too deep, and always before their children."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from workloom.core.text import fold
from workloom.outlets.exchange.plan import Task
from workloom.outlets.exchange.sources import limits

Lose = Callable[[str, str, str], None]

_UNKNOWN: Final = "The parent is not in the file; the task comes in without it."
_CIRCLE: Final = "Tasks are each other's parents in a circle; the circle is opened."
_DEEP: Final = f"Tasks are nested deeper than {limits.NESTED} levels; what is below stands on its own."


def in_families(tasks: Mapping[str, Task], aliases: Mapping[str, str], lose: Lose) -> list[Task]:
    """Return the tasks in their order, but parents first, with parents that hold."""
    parents = dict(_known_parents(tasks, aliases, lose))
    for source_id in _circles(parents):
        lose("parent_cycle", _CIRCLE, source_id)
        parents[source_id] = None
    depths: dict[str, int] = {}
    for task in sorted(tasks.values(), key=lambda one: one.order):
        for source_id in _unplaced_line(task.source_id, parents, depths):
            above = parents[source_id]
            depth = depths[above] + 1 if above else 0
            if depth > limits.NESTED:
                lose("too_deep", _DEEP, source_id)
                parents[source_id], depth = None, 0
            depths[source_id] = depth
    return [
        replace(tasks[one], parent=parents[one]) if parents[one] != tasks[one].parent else tasks[one] for one in depths
    ]


def _known_parents(
    tasks: Mapping[str, Task], aliases: Mapping[str, str], lose: Lose
) -> Iterator[tuple[str, str | None]]:
    for source_id, task in tasks.items():
        parent = task.parent
        if parent is not None and parent not in tasks:
            parent = aliases.get(fold(parent))
            if parent not in tasks:
                lose("unknown_parent", _UNKNOWN, f"{source_id}: {task.parent}")
                parent = None
        yield source_id, parent


def _circles(parents: Mapping[str, str | None]) -> list[str]:
    """Name one task of each circle."""
    sound: set[str] = set()
    found = []
    for start in parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in sound and at not in path:
            path[at] = None
            at = parents[at]
        if at is not None and at in path:
            found.append(at)
        sound.update(path)
    return found


def _unplaced_line(source_id: str, parents: Mapping[str, str | None], placed: Mapping[str, int]) -> list[str]:
    """The task and those above it that have no place yet, from the top."""
    line = []
    at: str | None = source_id
    while at is not None and at not in placed:
        line.append(at)
        at = parents[at]
    return line[::-1]
