"""Who may be put on a task."""

from collections.abc import Sequence
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock
from workloom.core.errors import FieldError, Invalid
from workloom.people.rights.rules import Right, Rights, Role
from workloom.work.projects.actions import add_member
from workloom.work.projects.models import Project
from workloom.work.projects.queries import people_in, unknown_people


def admit(project: Project, people: Sequence[UUID], *, field: str, rights: Rights, actor: Actor) -> None:
    """Make sure that people are in the project: outsiders become guests where the actor manages members; else raises Invalid."""
    known = people_in(project, people) if people else set()
    outside = [person for person in people if person not in known]
    if not outside:
        return
    if Right.MEMBER_MANAGE not in rights:  # nothing is said of who exists elsewhere
        detail = "The person {} is not in this project. A project admin can add them."
        raise Invalid.many([FieldError(field, "not_a_member", detail.format(person)) for person in outside])
    unknown = unknown_people(outside)
    if unknown:
        raise Invalid.many(
            [FieldError(field, "unknown_user", f"There is no person with the id {person}.") for person in unknown]
        )
    locked = lock(Project.objects.filter(pk=project.pk)).get()
    for person in outside:
        add_member(locked, person, role=Role.GUEST, actor=actor)
