"""What one may listen to."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Missing
from workloom.outlets.realtime.rules import Seat
from workloom.people.rights.rules import Right
from workloom.work.projects.queries import projects_with


def access_seat(seat: Seat, projects: Collection[UUID] | None) -> Seat:
    """Return a seat for these projects, for all when None; raises Missing when one of them is not seen."""
    if projects is not None:
        _demand_seen(seat.actor, set(projects))
    return replace(seat, projects=None if projects is None else frozenset(projects))


def _demand_seen(actor: Actor, projects: set[UUID]) -> None:
    seen = set(projects_with(actor, Right.PROJECT_READ).filter(pk__in=projects).values_list("pk", flat=True))
    unseen = sorted(str(one) for one in projects - seen)
    if unseen:
        raise Missing(detail=f"There is no project {unseen[0]} that you may see. Nothing was changed.", projects=unseen)
