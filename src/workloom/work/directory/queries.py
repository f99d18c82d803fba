"""Whom an actor may see."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import BooleanField, Q, QuerySet, Value

from workloom.core.actor import Actor
from workloom.core.filters import choice, flag, words
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.people.accounts.models import User, UserRole
from workloom.people.accounts.queries import people
from workloom.people.accounts.rows import USERS, UserRow
from workloom.people.rights.rules import ADMINISTERING, Right
from workloom.work.projects.models import ProjectMember
from workloom.work.projects.queries import projects_with
from workloom.work.workspaces.models import WorkspaceMember
from workloom.work.workspaces.queries import workspaces_with

ROLES = {str(role): str(role) for role in UserRole}


def visible_people(actor: Actor) -> QuerySet[User]:
    """Return the actor, everybody who shares a project, and everybody in workspaces where the actor is no mere guest.

    Who administers a workspace is in all of its projects. Operators see everybody. Since members of a project are in
    its workspace, all of these share a workspace.
    """
    if actor.is_operator and actor.projects is None:
        return people()
    projects = projects_with(actor, Right.PROJECT_READ)
    workspaces = workspaces_with(actor, Right.WORKSPACE_MEMBER_READ)
    admins = WorkspaceMember.objects.filter(role__in=ADMINISTERING, workspace__in=projects.values("workspace"))
    return people().filter(
        Q(pk=actor.id)
        | Q(pk__in=admins.values("user"))
        | Q(pk__in=ProjectMember.objects.filter(project__in=projects.values("pk")).values("user"))
        | Q(pk__in=WorkspaceMember.objects.filter(workspace__in=workspaces.values("pk")).values("user"))
    )


def _rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[UserRow]:
    """When somebody was last here is their own matter, and the operators'."""
    asks, sees_all = wanted.actor.id, wanted.actor.is_operator
    return [
        row if sees_all or row.id == asks else msgspec.structs.replace(row, last_login=None)
        for row in USERS.build(found, wanted)
    ]


PERSON = Projection(
    UserRow, USERS.columns, _rows, annotations={"shows_email": Value(value=True, output_field=BooleanField())}
)
PEOPLE = Listing(
    PERSON,
    orders={
        "created_at": Order("created_at"),
        "username": Order("username_key", str),
        "name": Order("name", str),
        "email": Order("email_key", str, nullable=True),
    },
    filters={
        "search": words("search_key", "Words in username, name or address, in any case."),
        "role": choice("role", ROLES, "The role in the installation."),
        "is_active": flag("is_active", "Deactivated people and placeholders of imports are not active."),
    },
)
