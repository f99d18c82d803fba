"""Imports by the right that you need."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Forbidden, Invalid, Missing
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.queries import placeholders_in, visible_imports
from workloom.people.accounts.models import User
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project, rights_on
from workloom.work.projects.models import Project
from workloom.work.projects.queries import people_in


def access_import(actor: Actor, import_id: UUID) -> Import:
    """Return an import into a project where the actor may import; raises Missing."""
    found = visible_imports(actor).filter(pk=import_id).first()
    if found is None:
        raise Missing
    return found


def access_placeholder(actor: Actor, project_id: UUID, user_id: UUID) -> tuple[Project, User]:
    """Return a locked project and somebody in it without an account; raises Missing or Forbidden."""
    project = access_project(actor, project_id, Right.TASK_EDIT, lock=True)
    placeholder = placeholders_in(project.pk).filter(pk=user_id).first()
    if placeholder is None:
        raise Missing
    return project, placeholder


def check_claimant(actor: Actor, project: Project, person: UUID) -> None:
    """Raise Forbidden where somebody claims for another without managing members, Invalid for people from outside."""
    if person != actor.id and Right.MEMBER_MANAGE not in rights_on(actor, project.pk, project):
        raise Forbidden(detail="Only project admins claim for somebody else. Leave user out to claim for yourself.")
    if person not in people_in(project, [person]):
        raise Invalid("user", "not_a_member", "This person is not in the project. Add them first.")
