"""What each listener holds in each project at this moment: four queries for a batch, from the one table of rights."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.prepared import prepared
from workloom.outlets.realtime.rules import Seat
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.rights.rules import ADMINISTERING, Right, Rights
from workloom.work.projects.access import rights_on
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.models import WorkspaceMember

_NAMED_AT_MOST = 50
"""Up to so many listeners the queries name them; beyond, they read all of the project's members."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Somebody's roles around a project, as `rights_on` takes them."""

    member_role: str | None = None
    workspace_role: str | None = None


_NO_ROLES = Roles()


class Seated:
    """Seats by whose they are: made once for as long as nobody comes or goes."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        self.of: dict[UUID, list[Seat]] = defaultdict(list)
        for seat in seats:
            self.of[seat.actor.person].append(seat)


class Standing:
    """Who may do what in the projects of a batch."""

    def __init__(self, projects: Collection[UUID], seated: Seated) -> None:
        self._seats = seated.of
        self._named = list(self._seats) if 0 < len(self._seats) <= _NAMED_AT_MOST else []
        rows = _projects(list(projects)) if projects else []
        self._workspace = {pk: workspace for pk, workspace, _ in rows}
        self.trashed = {pk for pk, _, trashed_at in rows if trashed_at is not None}
        self._roles = self._read_roles() if self._workspace else {}
        self._operators = set(_operators())
        self._known: dict[tuple[Any, ...], Rights] = {}

    def _read_roles(self) -> dict[UUID, dict[UUID, Roles]]:
        found: dict[UUID, dict[UUID, Roles]] = {project: {} for project in self._workspace}
        people = [self._named] if self._named else []
        for project, user, role in _members(list(self._workspace), *people):
            if user in self._seats:
                found[project][user] = Roles(role)
        keepers: dict[UUID, dict[UUID, str]] = defaultdict(dict)
        for workspace, user, role in _keepers(list(set(self._workspace.values())), *people):
            keepers[workspace][user] = role
        for project, workspace in self._workspace.items():
            for user, role in keepers[workspace].items():
                if user in self._seats:
                    found[project][user] = replace(found[project].get(user, _NO_ROLES), workspace_role=role)
        return found

    def listeners(self, projects: Iterable[UUID]) -> Iterator[Seat]:
        """Each seat of somebody who has anything to do with one of these projects."""
        people = {person for project in projects for person in self._roles.get(project, ())}
        for person in people | (self._operators & self._seats.keys()):
            yield from self._seats[person]

    def seats_of(self, person: UUID) -> list[Seat]:
        return self._seats.get(person, [])

    def rights(self, seat: Seat, project: UUID) -> Rights:
        """What may be done in a project that need not be there any more."""
        actor = seat.actor
        roles = self._roles.get(project, {}).get(actor.person, _NO_ROLES)
        is_operator = actor.id in self._operators and project in self._workspace
        is_outside = actor.projects is not None and project not in actor.projects
        key = (roles, actor.scopes, is_operator, is_outside)
        rights = self._known.get(key)
        if rights is None:
            rights = self._known[key] = rights_on(self._now(actor, is_operator=is_operator), project, roles)
        return rights

    def _now(self, actor: Actor, *, is_operator: bool) -> Actor:
        """As the person is at this moment; the connection may be older."""
        return replace(actor, is_operator=is_operator)

    def reads(self, seat: Seat, project: UUID, related: Collection[UUID]) -> bool:
        """Tell whether somebody sees a task of a project that is not in the trash."""
        if project in self.trashed:
            return False
        rights = self.rights(seat, project)
        return Right.TASK_READ in rights or (Right.TASK_READ_OWN in rights and seat.actor.person in related)


@prepared
def _projects(keys: Sequence[UUID]) -> QuerySet[Project, tuple[Any, ...]]:
    return Project.objects.filter(pk__in=keys).values_list("pk", "workspace_id", "trashed_at")


@prepared
def _members(projects: Sequence[UUID], *people: Sequence[UUID]) -> QuerySet[ProjectMember, tuple[UUID, UUID, str]]:
    """Of these people, or of everybody."""
    rows = ProjectMember.objects.filter(*_among(people), project__in=projects, user__is_active=True)
    return rows.values_list("project_id", "user_id", "role")


@prepared
def _keepers(workspaces: Sequence[UUID], *people: Sequence[UUID]) -> QuerySet[WorkspaceMember, tuple[UUID, UUID, str]]:
    """Of these people, or of everybody."""
    held = {"workspace__in": workspaces, "role__in": ADMINISTERING, "user__is_active": True}
    return WorkspaceMember.objects.filter(*_among(people), **held).values_list("workspace_id", "user_id", "role")


def _among(people: Sequence[Sequence[UUID]]) -> list[Q]:
    return [Q(user__in=named) for named in people]


@prepared
def _operators() -> QuerySet[User, UUID]:
    return people().filter(role="admin", is_active=True).values_list("pk", flat=True)
