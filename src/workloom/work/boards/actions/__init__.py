"""What can be done to boards."""

from workloom.work.boards.actions.edit import change_board, create_board, delete_board
from workloom.work.boards.actions.follow import follow_statuses
from workloom.work.boards.actions.furnish import furnish_project

__all__ = ["change_board", "create_board", "delete_board", "follow_statuses", "furnish_project"]
