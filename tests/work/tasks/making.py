"""Tasks for tests, made through the one action that makes them."""

from typing import Any

from workloom.core.actor import Actor, ActorKind
from workloom.people.accounts.models import User
from workloom.work.boards.queries import first_board
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import create_tasks
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.models import Task
from workloom.work.workflows.queries import find_status, initial_status


def acting(user: User) -> Actor:
    """A person as the actions see them."""
    return Actor(id=user.pk, kind=ActorKind.USER, name=user.name, is_operator=user.role == "admin")


def make_task(project: Project, by: User, title: str = "A task", *, status: str = "", **fields: Any) -> Task:
    """One task at the end of the project."""
    return make_tasks(project, by, [title], status=status, **fields)[0]


def make_tasks(project: Project, by: User, titles: list[str], *, status: str = "", **fields: Any) -> list[Task]:
    """Several tasks in their order, reported by somebody."""
    named = find_status(project.pk, status) if status else initial_status(project.pk)
    board = fields.pop("board", None) or first_board(project.pk)
    reporter = fields.pop("reporter", by.pk)
    wanted = [NewTask(title=title, status=named, board=board, reporter=reporter, **fields) for title in titles]
    return create_tasks(project, wanted, actor=acting(by))
