"""One function per verb."""

from workloom.work.checklists.actions.checklists import (
    NewChecklist,
    NewItem,
    add_checklists,
    delete_checklist,
    edit_checklist,
)
from workloom.work.checklists.actions.follow import follow_task
from workloom.work.checklists.actions.hand_over import hand_over_items
from workloom.work.checklists.actions.items import add_item, delete_item, edit_item

__all__ = [
    "NewChecklist",
    "NewItem",
    "add_checklists",
    "add_item",
    "delete_checklist",
    "delete_item",
    "edit_checklist",
    "edit_item",
    "follow_task",
    "hand_over_items",
]
