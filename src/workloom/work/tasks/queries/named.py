"""Tasks that a body names."""

from collections.abc import Sequence

from workloom.core.actor import Actor
from workloom.core.errors import Conflict, Invalid
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.keys import refers_to
from workloom.work.tasks.queries.visible import live_tasks


def find_task(actor: Actor, reference: str, field: str) -> Task:
    """Return a task that a body names; raises Invalid on the field for one that is not there or not seen."""
    condition = refers_to(reference)
    found = (
        list(live_tasks(actor).filter(condition).select_related("project", "status")[:2])
        if condition is not None
        else []
    )
    if len(found) > 1:
        raise ambiguous(found)
    if not found:
        raise Invalid(field, "unknown_task", f"There is no task {reference[:80]} that you may see.")
    return found[0]


def ambiguous(found: Sequence[Task]) -> Conflict:
    """Return the refusal of a key that fits several tasks, naming them."""
    tasks = [{"id": task.pk, "project": task.project_id, "title": task.title} for task in found]
    return Conflict("ambiguous_key", "This key fits two tasks that you may see. Use one of their ids.", tasks=tasks)
