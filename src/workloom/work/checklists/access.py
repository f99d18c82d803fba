"""Checklists by the right that you need on their task."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Missing
from workloom.people.rights.rules import Right
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.tasks.access import access_task, demand_on_task


def access_checklist(actor: Actor, checklist_id: UUID, right: Right, *, lock: bool = False) -> Checklist:
    """Return a checklist, locked by its task if at all; raises Missing or Forbidden."""
    task_id = Checklist.objects.filter(pk=checklist_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise Missing
    task = access_task(actor, str(task_id), right, lock=lock)
    checklist = Checklist.objects.filter(pk=checklist_id, task=task).first()
    if checklist is None:
        raise Missing
    checklist.task = task
    return checklist


def access_item(actor: Actor, checklist_id: UUID, item_id: UUID, right: Right, *, lock: bool = False) -> ChecklistItem:
    """Return an item of a checklist, locked by its task if at all; raises Missing or Forbidden."""
    checklist = access_checklist(actor, checklist_id, Right.TASK_READ_OWN, lock=lock)
    item = ChecklistItem.objects.filter(pk=item_id, checklist=checklist).first()
    if item is None:
        raise Missing
    item.checklist = checklist
    demand_on_task(actor, checklist.task, [right])
    return item


def demand_on_item(actor: Actor, item: ChecklistItem, *, is_tick: bool) -> None:
    """Check the right to change an item: its assignee may tick it, all else is for who edits the task; raises Forbidden."""
    is_own_tick = is_tick and actor.id is not None and item.assignee_id == actor.id
    demand_on_task(actor, item.checklist.task, [Right.TASK_MOVE if is_own_tick else Right.TASK_EDIT])
