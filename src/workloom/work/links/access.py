"""Links by the right that you need on the task from which you look."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Missing
from workloom.people.rights.rules import Right
from workloom.work.links.models import Link
from workloom.work.links.queries import links_on
from workloom.work.tasks.access import access_task, demand_on_task
from workloom.work.tasks.models import Task


def access_link(actor: Actor, reference: str, link_id: UUID, right: Right) -> tuple[Task, Link]:
    """Return a task and a link of it whose other end the actor sees too; raises Missing or Forbidden."""
    task = access_task(actor, reference, Right.TASK_READ_OWN)
    link = links_on(task, actor).filter(pk=link_id).select_related("source__project", "target__project").first()
    if link is None:
        raise Missing
    demand_on_task(actor, task, [right])
    return task, link
