"""What an actor may see of projects: every other room's lists start from here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from workloom.core.actor import Actor
from workloom.core.aliases import with_ids
from workloom.core.filters import flag, person, read_flag, reference, words
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.core.prepared import Question, prepared
from workloom.people.accounts import queries as accounts
from workloom.people.rights.rules import Right, Role, roles_with, scope_allows
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.projects.rows import ProjectRow
from workloom.work.workspaces.queries import (
    administered,
    admins_of,
    member_list,
    with_workspace_role,
    workspace_briefs,
)

M = TypeVar("M", bound=Model)


def projects_with(actor: Actor, right: Right) -> QuerySet[Project]:
    """Return the projects, not in the trash, in which the actor holds a right."""
    return Project.objects.filter(held(actor, right), trashed_at__isnull=True)


def listed_projects(actor: Actor) -> QuerySet[Project]:
    """Return what the list of projects shows: the listing itself leaves out the trash unless it is asked for."""
    return Project.objects.filter(held(actor, Right.PROJECT_READ))


def held(actor: Actor, right: Right) -> Q:
    """Return the condition on projects that the actor holds a right there, trash or not."""
    if not scope_allows(actor, right):
        return Q(pk__in=[])
    narrowed = Q(pk__in=actor.projects) if actor.projects is not None else Q()
    if actor.is_operator:
        return narrowed
    joined = ProjectMember.objects.filter(user=actor.id, role__in=roles_with(right))
    condition = Q(pk__in=joined.values("project"))
    if Role.ADMIN in roles_with(right):
        condition |= Q(workspace__in=administered(actor).values("workspace"))
    return narrowed & condition


def in_projects(actor: Actor, right: Right, column: str = "project") -> Q:
    """Return the condition that a row's project is one in which the actor holds a right."""
    return Q(**{f"{column}__in": projects_with(actor, right).values("pk")})


def with_roles(
    rows: QuerySet[M], person: UUID | None, project: str = "pk", workspace: str = "workspace"
) -> QuerySet[M]:
    """Add `member_role` and `workspace_role`, a person's own, to rows that name a project."""
    mine = ProjectMember.objects.filter(project=OuterRef(project), user=person)
    annotated = cast("QuerySet[M]", rows.annotate(member_role=Subquery(mine.values("role")[:1])))
    return with_workspace_role(annotated, person, workspace)


def members_of(project: UUID) -> QuerySet[ProjectMember]:
    """Return everybody in a project."""
    return ProjectMember.objects.filter(project=project)


def people_in(project: Project, people: Iterable[UUID]) -> set[UUID]:
    """Return those of these people who are in a project: its members, and its workspace's owners and admins."""
    people = list(people)
    joined = set(_joined_of(project.id, people)) if people else set()
    outside = [one for one in people if one not in joined]
    if outside:
        joined |= set(admins_of(project.workspace_id).filter(user__in=outside).values_list("user_id", flat=True))
    return joined


def asking_people_in(project: UUID, people: Iterable[UUID]) -> Question:
    """Return what `people_in` asks first, for `asked_together`."""
    return _joined_of.asking(project, list(people))


def version_of(project: UUID) -> int | None:
    """Return a project's version, which every change of it, its members or its workflow raises."""
    return _version_of.first(project)


def asking_version_of(project: UUID) -> Question:
    """Return what `version_of` asks, for `asked_together`."""
    return _version_of.asking(project)


@prepared
def _version_of(project: UUID) -> QuerySet[Project, int]:
    return Project.objects.filter(pk=project).values_list("version", flat=True)


@prepared
def _joined_of(project: UUID, people: list[UUID]) -> QuerySet[ProjectMember, UUID]:
    return ProjectMember.objects.filter(project=project, user__in=people).values_list("user_id", flat=True)


def unknown_people(people: Iterable[UUID]) -> list[UUID]:
    """Return those of these ids that belong to nobody who can take part."""
    people = list(people)
    known = set(accounts.people().filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    return [one for one in people if one not in known]


def member_ids(projects: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return each project's members in the order in which they came."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = ProjectMember.objects.filter(project__in=projects).order_by("created_at", "pk")
    for project, user in rows.values_list("project_id", "user_id"):
        found[project].append(user)
    return found


def _project_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[ProjectRow]:
    members = member_ids([line[0] for line in found])
    named: set[UUID] = set()
    for name, column in (("owner", 5), ("default_assignee", 6)):
        if name in wanted.expand:
            named |= {line[column] for line in found if line[column]}
    if "members" in wanted.expand:
        named |= {user for users in members.values() for user in users}
    people = accounts.person_rows(named, wanted) if named else {}
    workspaces = workspace_briefs([line[1] for line in found]) if "workspace" in wanted.expand else {}
    rows = []
    for key, workspace, short, name, description, owner, assignee, *rest in found:
        row = ProjectRow(
            key,
            workspaces.get(workspace, workspace),
            short,
            name,
            description,
            people[owner] if "owner" in wanted.expand else owner,
            [people[user] if "members" in wanted.expand else user for user in members[key]],
            people[assignee] if assignee and "default_assignee" in wanted.expand else assignee,
            *rest,
        )
        rows.append(row)
    return rows


def _joined(person_id: Any) -> QuerySet[ProjectMember, Any]:
    return ProjectMember.objects.filter(user=person_id).values("project")


def _in_trash(value: str, actor: Actor) -> Q:
    if not read_flag(value):
        return Q(trashed_at__isnull=True)
    restorable = Q(trashed_at__isnull=False, workspace__deleted_at__isnull=True)
    return restorable & held(actor, Right.PROJECT_DELETE)


PROJECT = Projection(
    ProjectRow,
    (
        "pk",
        "workspace",
        "key",
        "name",
        "description",
        "owner",
        "default_assignee",
        "time_zone",
        "is_archived",
        "tasks_count",
        "trashed_at",
        "version",
        "created_at",
        "updated_at",
    ),
    _project_rows,
    expandable=("workspace", "owner", "members", "default_assignee"),
)
PROJECTS = Listing(
    PROJECT,
    orders={
        "created_at": Order("created_at"),
        "updated_at": Order("updated_at"),
        "name": Order("name", str),
        "key": Order("key", str),
        "tasks_count": Order("tasks_count", int),
    },
    filters={
        "workspace": reference("workspace", "A workspace's id."),
        "owner": person(lambda user: Q(owner_id=user), help_text="A person's id, or me."),
        "member": person(
            lambda user: Q(pk__in=_joined(user)),
            help_text="A person's id, or me.",
        ),
        "is_archived": flag("is_archived", "Archived projects are listed with the others unless this is sent."),
        "search": words("search_key", "Words in name or key, in any case."),
        "trashed": Filter(_in_trash, kind="boolean", many=False, help="The trash, of projects that you may restore."),
    },
    hidden_unless={"trashed": Q(trashed_at__isnull=True)},
    aliases={
        **with_ids({name: name for name in ("workspace", "owner", "member")} | {"members": "member"}),
        "title": "name",
        "archived": "is_archived",
    },
)
PROJECT_ROLES = {str(role): str(role) for role in Role}
MEMBERS = member_list(PROJECT_ROLES, "A role in the project.")
