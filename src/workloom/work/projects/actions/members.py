"""Who is in a project, and as what. Every project that comes in here is locked by the caller."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict, FieldError, Invalid, Missing
from workloom.events.record import record
from workloom.people.rights.rules import Role, is_stronger
from workloom.work.projects.actions.recording import project_event
from workloom.work.projects.events import MemberAdded, MemberRemoved, MemberUpdated, ProjectEvent
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.actions import ensure_seats, give_up_guest_seats
from workloom.work.workspaces.models import Invitation, Workspace
from workloom.work.workspaces.queries import people_to_add

Roles = tuple[str | None, str | None]


@write
def add_member(project: Project, user: UUID, role: str, *, actor: Actor) -> tuple[ProjectMember, bool]:
    """Give a person a role; whoever has one keeps it. The flag tells whether they are new."""
    member = ProjectMember.objects.filter(project=project, user_id=user).first()
    if member is not None:
        return member, False
    (member,) = seat_members(project, {user: role}, actor=actor)
    raise_version(project)
    record(member_event(MemberAdded, project, user, (None, role)), actor=actor)
    return member, True


@write
def change_role(project: Project, member: ProjectMember, role: str, *, actor: Actor) -> ProjectMember:
    """Change a role; raises Conflict for the owner, who is always an admin."""
    if member.role == role:
        return member
    if member.user_id == project.owner_id:
        raise Conflict("owner_is_admin", "The owner is always an admin. Hand the project over first.")
    old = set_role(member, role)
    raise_version(project)
    record(member_event(MemberUpdated, project, member.user_id, (old, role)), actor=actor)
    return member


@write
def remove_member(project: Project, member: ProjectMember, *, actor: Actor) -> None:
    """Take a person out; raises Conflict for the owner, without whom a project could end up with no admin."""
    if member.user_id == project.owner_id:
        admins = ProjectMember.objects.filter(project=project, role=Role.ADMIN).exclude(pk=member.pk)
        if admins.exists():
            raise Conflict("owner_stays", "The owner cannot leave. Hand the project over first.")
        raise Conflict("last_admin", "The last admin cannot leave. Hand the project over to somebody first.")
    unseat_members(project, [member.user_id], actor=actor)
    raise_version(project, "default_assignee")
    record(member_event(MemberRemoved, project, member.user_id, (member.role, None)), actor=actor)


@write
def leave_projects(workspace: Workspace, user: UUID, *, actor: Actor) -> None:
    """Take a person out of every project of a workspace that they leave; raises Conflict when they own one."""
    projects = Project.objects.filter(workspace=workspace).order_by("pk")
    owned = list(projects.filter(owner=user, trashed_at__isnull=True).values_list("key", flat=True)[:20])
    if owned:
        keys = ", ".join(owned)
        raise Conflict("owns_projects", f"They own projects here ({keys}). Hand these over first.", projects=owned)
    for project in lock(projects.filter(memberships__user=user)):
        member = ProjectMember.objects.get(project=project, user=user)
        member.delete()
        if project.default_assignee_id == user:
            project.default_assignee_id = None
        raise_version(project, "default_assignee")
        record(member_event(MemberRemoved, project, user, (member.role, None)), actor=actor)


@write
def accept_project_invitation(workspace: Workspace, invitation: Invitation, *, person: UUID, actor: Actor) -> None:
    """Give the person invited to a project the role that was kept for them; raises Missing when the project is gone."""
    rows = Project.objects.filter(pk=invitation.target, workspace=workspace, trashed_at__isnull=True)
    project = lock(rows).first()
    if project is None:
        raise Missing("no_such_invitation", "This invitation is not valid any more. Ask for a new one.")
    member, is_new = add_member(project, person, invitation.role, actor=actor)
    if not is_new and is_stronger(Role(invitation.role), Role(member.role)):
        change_role(project, member, invitation.role, actor=actor)


def check_people(workspace: UUID, people: Collection[UUID], field: str) -> None:
    """Raise Invalid naming everybody who is unknown, deactivated or a placeholder of another workspace."""
    if not people:
        return
    known = set(people_to_add(workspace).filter(pk__in=people).values_list("pk", flat=True))
    unknown = [person for person in people if person not in known]
    if unknown:
        raise Invalid.many(
            [FieldError(field, "unknown_person", f"There is nobody with the id {one}.") for one in unknown]
        )


def check_default_assignee(project: Project) -> None:
    """Raise Invalid for a default assignee who is no member."""
    assignee = project.default_assignee_id
    if assignee and not ProjectMember.objects.filter(project=project, user=assignee).exists():
        raise not_a_member()


def not_a_member() -> Invalid:
    """Return the refusal of a default assignee who is no member."""
    return Invalid("default_assignee", "not_a_member", "The default assignee must be a member of the project.")


def seat_members(project: Project, people: Mapping[UUID, str], *, actor: Actor) -> list[ProjectMember]:
    """Write new members, guests of the workspace at least; who calls it raises the version and records."""
    ensure_seats(project.workspace, list(people), actor=actor)
    at = now()
    rows = [ProjectMember(project=project, user_id=user, role=role, created_at=at) for user, role in people.items()]
    return ProjectMember.objects.bulk_create(rows)


def unseat_members(project: Project, people: Iterable[UUID], *, actor: Actor) -> None:
    """Delete members and what hangs on them; who calls it saves `default_assignee`, raises the version and records."""
    gone = list(people)
    ProjectMember.objects.filter(project=project, user__in=gone).delete()
    if project.default_assignee_id in gone:
        project.default_assignee_id = None
    give_up_guest_seats(project.workspace, gone, actor=actor)


def set_role(member: ProjectMember, role: str) -> str:
    """Write another role and return the old one."""
    old, member.role = member.role, role
    member.version += 1
    member.save(update_fields=["role", "version"])
    return old


def raise_version(project: Project, *fields: str) -> None:
    """Save the named fields as the project's next version, whatever others in this transaction raised it to."""
    version = lock(Project.objects.filter(pk=project.pk)).values_list("version", flat=True).get()
    project.version = version + 1
    project.updated_at = now()
    project.save(update_fields=[*fields, "version", "updated_at"])


def member_event(kind: type[ProjectEvent], project: Project, user: UUID, roles: Roles) -> ProjectEvent:
    """Return the event of one person's coming, changing or going, at the project's present version."""
    old, new = roles
    return project_event(kind, project, {"members": (old and str(user), new and str(user)), "role": roles})
