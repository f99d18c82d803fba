"""Which moves a workflow allows: pure decisions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workloom.core.errors import Conflict, Forbidden
from workloom.people.rights.rules import Role


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
class Move:
    """One allowed move away from the status in question; no roles means every role that may move tasks."""

    target: str
    roles: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


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
