"""What words mean here, which moves are allowed, and what every project begins with: pure decisions."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workloom.core.errors import Conflict, Forbidden
from workloom.core.text import fold, slug, trimmed
from workloom.people.rights.rules import Role

LONGEST_SLUG = 60
LONGEST_KEY = 255
COMPLETED = "completed"
"""What other task APIs call their one finished status."""


class Guard(StrEnum):
    """A condition on the task that a move may ask for."""

    ASSIGNEE_SET = "assignee_set"
    DUE_DATE_SET = "due_date_set"
    ESTIMATE_SET = "estimate_set"
    DESCRIPTION_SET = "description_set"
    SUBTASKS_DONE = "subtasks_done"
    CHECKLISTS_DONE = "checklists_done"
    BLOCKERS_DONE = "blockers_done"


UNMET: Mapping[Guard, str] = {
    Guard.ASSIGNEE_SET: "it needs an assignee",
    Guard.DUE_DATE_SET: "it needs a due date",
    Guard.ESTIMATE_SET: "it needs an estimate",
    Guard.DESCRIPTION_SET: "it needs a description",
    Guard.SUBTASKS_DONE: "its subtasks are not all done",
    Guard.CHECKLISTS_DONE: "its checklists are not all done",
    Guard.BLOCKERS_DONE: "tasks that block it are not all done",
}
Facts = Mapping[str, Callable[[], bool]]


@dataclass(frozen=True, slots=True)
class StatusDraft:
    """A status to be; `colour` is chosen by category when empty."""

    label: str
    category: str
    slug: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move away from the status in question; no roles means every role that may move tasks."""

    target: str
    roles: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


DEFAULT = (
    StatusDraft("Backlog", "backlog", "backlog"),
    StatusDraft("To do", "todo", "todo"),
    StatusDraft("In progress", "in_progress", "in_progress"),
    StatusDraft("Review", "review", "review"),
    StatusDraft("Done", "done", "done"),
    StatusDraft("Cancelled", "cancelled", "cancelled"),
)
DEFAULT_INITIAL = "todo"
CATEGORY_COLOURS = {
    "backlog": "#94a3b8",
    "todo": "#64748b",
    "in_progress": "#2563eb",
    "review": "#7c3aed",
    "done": "#16a34a",
    "cancelled": "#78716c",
}


def word_key(text: str) -> str:
    """Return the form in which a status's name is compared: any case, with - or space for _."""
    plain = fold(trimmed(text))
    key = slug(plain, fallback=plain)
    return key if len(key) <= LONGEST_KEY else key[:190] + hashlib.sha256(key.encode()).hexdigest()


def new_slug(label: str, taken: Collection[str]) -> str:
    """Make a slug out of a label that no other status of the project has."""
    stem = slug(label, fallback="status")[:LONGEST_SLUG].strip("_")
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem[: LONGEST_SLUG - 6].rstrip('_')}_{number}"
    return found


def judge_move(source: str, target: str, moves: Iterable[Move], *, role: Role | None, facts: Facts) -> None:
    """Raise Conflict where the workflow or a guard forbids a move, Forbidden where only the role does.

    Admins are held to moves and guards, not to the roles listed: they could list themselves.
    """
    known = {move.target: move for move in moves}
    move = known.get(target)
    if move is None:
        allowed = sorted(known)
        raise Conflict(
            "transition_not_allowed",
            f"The workflow has no move from {source} to {target}. From {source}: {', '.join(allowed) or 'none'}.",
            allowed=allowed,
        )
    if move.roles and role not in {None, Role.ADMIN, *move.roles}:
        raise Forbidden(
            "transition_not_allowed_for_role",
            f"The move from {source} to {target} is for {', '.join(move.roles)}.",
            roles=list(move.roles),
        )
    failed = [name for name in move.guards if name in facts and not facts[name]()]
    if failed:
        reasons = ", ".join(UNMET[Guard(name)] for name in failed)
        raise Conflict("guard_failed", f"The task cannot go to {target} yet: {reasons}.", guards=failed)
