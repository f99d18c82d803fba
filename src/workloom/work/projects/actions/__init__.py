"""The verbs of projects and their members."""

from workloom.work.projects.actions.create import create_project
from workloom.work.projects.actions.home import ensure_home, welcome
from workloom.work.projects.actions.members import (
    accept_project_invitation,
    add_member,
    change_role,
    leave_projects,
    remove_member,
)
from workloom.work.projects.actions.purge import purge_old_projects
from workloom.work.projects.actions.trash import restore_project, trash_project
from workloom.work.projects.actions.update import update_project

__all__ = [
    "accept_project_invitation",
    "add_member",
    "change_role",
    "create_project",
    "ensure_home",
    "leave_projects",
    "purge_old_projects",
    "remove_member",
    "restore_project",
    "trash_project",
    "update_project",
    "welcome",
]
