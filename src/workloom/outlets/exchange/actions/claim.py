"""A member takes over what an import put under a name without an account."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.events.record import record
from workloom.outlets.exchange.events import PlaceholderClaimed
from workloom.outlets.exchange.models import LedgerEntry, Noun
from workloom.people.accounts.models import User
from workloom.work.checklists.actions.hand_over import hand_over_items
from workloom.work.comments.actions.hand_over import hand_over_comments
from workloom.work.projects.actions import remove_member
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.actions import hand_over_tasks


@write
def claim_placeholder(project: Project, placeholder: User, person: UUID, *, actor: Actor) -> None:
    """Put a member in a placeholder's place everywhere in a locked project, and in the imports to come.

    The placeholder itself stays, outside the project: the log still names it.
    """
    tasks = hand_over_tasks(project, placeholder.pk, person, actor=actor)
    comments = hand_over_comments(project, placeholder.pk, person, actor=actor)
    items = hand_over_items(project, placeholder.pk, person, actor=actor)
    LedgerEntry.objects.filter(project=project, noun=Noun.PERSON, target=placeholder.pk).update(target=person)
    for member in ProjectMember.objects.filter(project=project, user=placeholder):
        remove_member(project, member, actor=actor)
    event = PlaceholderClaimed(
        object_id=project.pk,
        workspace=project.workspace_id,
        project=project.pk,
        changes={
            "person": (placeholder.pk, person),
            "tasks": (None, tasks),
            "comments": (None, comments),
            "items": (None, items),
        },
    )
    record(event, actor=actor)
