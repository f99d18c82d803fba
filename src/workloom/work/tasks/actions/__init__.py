"""One function per verb: this list is the room's whole power to change."""

from workloom.work.tasks.actions.breaches import look_anew, record_breaches
from workloom.work.tasks.actions.counts import count_on_task
from workloom.work.tasks.actions.create import create_tasks
from workloom.work.tasks.actions.edit import edit_task
from workloom.work.tasks.actions.hand_over import hand_over_tasks
from workloom.work.tasks.actions.move import move_task, move_to_project
from workloom.work.tasks.actions.succeed import (
    follow_status_category,
    move_out_of_board,
    move_out_of_status,
    take_category_off,
    take_label_off,
    take_new_keys,
)
from workloom.work.tasks.actions.trash import purge_old, purge_project, restore_task, trash_task
from workloom.work.tasks.actions.watch import unwatch_task, watch_task

__all__ = [
    "count_on_task",
    "create_tasks",
    "edit_task",
    "follow_status_category",
    "hand_over_tasks",
    "look_anew",
    "move_out_of_board",
    "move_out_of_status",
    "move_task",
    "move_to_project",
    "purge_old",
    "purge_project",
    "record_breaches",
    "restore_task",
    "take_category_off",
    "take_label_off",
    "take_new_keys",
    "trash_task",
    "unwatch_task",
    "watch_task",
]
