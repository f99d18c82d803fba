"""The place that everybody has: a personal workspace with an Inbox, made at the first need of it."""

from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock, write
from workloom.core.errors import Forbidden, Invalid
from workloom.core.prepared import prepared
from workloom.people.accounts.models import User
from workloom.work.projects.actions.create import create_project
from workloom.work.projects.models import Project
from workloom.work.projects.rules import INBOX, NewProject
from workloom.work.workspaces.actions import make_personal_workspace
from workloom.work.workspaces.models import Workspace

_MOST_REMEMBERED = 100_000
_housed: set[UUID] = set()
"""People who were seen to have an Inbox: it is never trashed or deleted, so nobody needs to look again."""


def ensure_home(actor: Actor) -> Project:
    """Return the actor's Inbox, made now if need be: one indexed look when it is there.

    Raises Invalid for a token that is limited to projects without the Inbox among them, Forbidden for placeholders.
    """
    inbox = Project.objects.filter(inbox_of=actor.person).first()
    if actor.projects is not None and (inbox is None or inbox.pk not in actor.projects):
        raise Invalid("project", "required", "Name a project: this token is limited to some.")
    return inbox or _make_home(actor)


def welcome(actor: Actor) -> None:
    """See to it that a person's first list is not empty; tokens limited to projects make nothing."""
    if actor.id is None or actor.projects is not None or actor.id in _housed:
        return
    if not _inboxes(actor.id):
        _make_home(actor)
    if len(_housed) >= _MOST_REMEMBERED:
        _housed.clear()
    _housed.add(actor.id)


@prepared
def _inboxes(person: UUID) -> QuerySet[Project, UUID]:
    return Project.objects.filter(inbox_of=person).values_list("pk", flat=True)


@write
def _make_home(actor: Actor) -> Project:
    """Make both under the person's row lock: of several first requests one makes them, the others find them."""
    person = lock(User.objects.filter(pk=actor.person)).get()
    inbox = Project.objects.filter(inbox_of=person).first()
    if inbox is not None:
        return inbox
    if person.is_placeholder:
        raise Forbidden(detail="A placeholder has no projects of its own.")
    workspace = Workspace.objects.filter(personal_of=person).first() or make_personal_workspace(person, actor=actor)
    return create_project(workspace, NewProject(name=INBOX), actor=actor, inbox_of=person.pk)
