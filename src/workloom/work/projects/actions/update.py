"""Changing projects."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.events.record import Event, record_many
from workloom.people.rights.rules import Role
from workloom.work.projects.actions.create import locked_workspace, refuse_taken_key
from workloom.work.projects.actions.members import (
    Roles,
    check_default_assignee,
    check_people,
    member_event,
    raise_version,
    seat_members,
    set_role,
    unseat_members,
)
from workloom.work.projects.actions.recording import project_event
from workloom.work.projects.events import MemberAdded, MemberRemoved, MemberUpdated, ProjectEvent, ProjectUpdated
from workloom.work.projects.models import FormerKey, Project, ProjectMember
from workloom.work.projects.rules import ProjectChange
from workloom.work.workspaces.rules import search_key

_PLAIN = ("name", "description", "time_zone", "is_archived")
Changes = dict[str, tuple[Any, Any]]
Move = tuple[type[ProjectEvent], UUID, Roles]


@write
def update_project(project: Project, wanted: ProjectChange, *, actor: Actor) -> Project:
    """Change a locked project: its fields, its key, its owner, the set of its members."""
    before = _facts(project)
    moves: list[Move] = []
    for name in _PLAIN:
        value = getattr(wanted, name)
        if value is not UNSET:
            setattr(project, name, value)
    if wanted.key is not UNSET:
        _change_key(project, wanted.key)
    if wanted.owner is not UNSET:
        moves += _hand_over(project, wanted.owner, actor)
    if wanted.members is not UNSET:
        moves += _set_members(project, wanted.members, actor)
    if wanted.default_assignee is not UNSET:
        project.default_assignee_id = wanted.default_assignee
    after = _facts(project)
    changes: Changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    if "default_assignee" in changes:
        check_default_assignee(project)
    if changes or moves:
        project.search_key = search_key(project.name, project.key)
        raise_version(project, "search_key", *changes)
        record_many(_events(project, changes, moves), actor=actor)
    _tell_upper_rooms(project, changes, actor)
    return project


def _tell_upper_rooms(project: Project, changes: Changes, actor: Actor) -> None:
    if "key" in changes:
        seams.call("project_rekeyed", project, actor=actor)
    if {"time_zone", "is_archived"} & set(changes):
        seams.call("project_rescheduled", project, actor=actor)


def _facts(project: Project) -> dict[str, Any]:
    plain = {name: getattr(project, name) for name in (*_PLAIN, "key")}
    return {**plain, "owner": project.owner_id, "default_assignee": project.default_assignee_id}


def _change_key(project: Project, key: str) -> None:
    """Keep the old key for the project, so that `ENG-42` is found as long as it was ever written down."""
    if key == project.key:
        return
    locked_workspace(project.workspace_id)
    refuse_taken_key(project.workspace_id, key, project=project.pk)
    FormerKey.objects.filter(project=project, key=key).delete()
    FormerKey.objects.create(workspace_id=project.workspace_id, project=project, key=project.key)
    project.key = key


def _hand_over(project: Project, owner: UUID, actor: Actor) -> list[Move]:
    """Make somebody the owner, and an admin if they were none."""
    if owner == project.owner_id:
        return []
    if project.inbox_of_id is not None:
        raise Conflict("inbox_stays", "An Inbox belongs to its person. Move its tasks to a project to share them.")
    check_people(project.workspace_id, [owner], "owner")
    project.owner_id = owner
    member = ProjectMember.objects.filter(project=project, user=owner).first()
    if member is None:
        seat_members(project, {owner: Role.ADMIN}, actor=actor)
        return [(MemberAdded, owner, (None, Role.ADMIN))]
    if member.role == Role.ADMIN:
        return []
    return [(MemberUpdated, owner, (set_role(member, Role.ADMIN), Role.ADMIN))]


def _set_members(project: Project, wanted: Sequence[UUID], actor: Actor) -> list[Move]:
    """Make the members those wanted and the owner; whoever stays keeps their role."""
    present = dict(ProjectMember.objects.filter(project=project).values_list("user_id", "role"))
    joined = [user for user in wanted if user not in present]
    left = sorted(set(present) - {*wanted, project.owner_id})
    check_people(project.workspace_id, joined, "members")
    seat_members(project, dict.fromkeys(joined, Role.MEMBER), actor=actor)
    unseat_members(project, left, actor=actor)
    came: list[Move] = [(MemberAdded, user, (None, Role.MEMBER)) for user in joined]
    return came + [(MemberRemoved, user, (present[user], None)) for user in left]


def _events(project: Project, changes: Changes, moves: Sequence[Move]) -> list[Event]:
    found: list[Event] = [member_event(kind, project, user, roles) for kind, user, roles in moves]
    if changes:
        found.insert(0, project_event(ProjectUpdated, project, changes))
    return found
