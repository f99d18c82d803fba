"""The first day: people, workspaces, projects with their workflows, boards and labels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.ops.demo.company import Company, Item, Person, Plan, Space
from workloom.people.accounts.actions import register_person, update_profile
from workloom.people.accounts.rules.wanted import ProfileChange, Registration
from workloom.people.rights.rules import Right, Role, WorkspaceRole
from workloom.work.boards.access import access_board
from workloom.work.boards.actions import change_board
from workloom.work.boards.queries import first_board
from workloom.work.boards.rules import BoardWish, ColumnWish
from workloom.work.labels.actions import create_tag
from workloom.work.labels.queries import LABEL
from workloom.work.labels.rules import NewTag
from workloom.work.projects.access import access_project
from workloom.work.projects.actions import add_member, create_project
from workloom.work.projects.models import Project
from workloom.work.projects.rules import NewProject
from workloom.work.workflows.access import access_workflow
from workloom.work.workflows.actions import change_workflow
from workloom.work.workflows.rules.statuses import StatusWish
from workloom.work.workflows.rules.wishes import TransitionWish, WorkflowWish
from workloom.work.workspaces.access import access_workspace
from workloom.work.workspaces.actions import add_workspace_member, create_workspace
from workloom.work.workspaces.models import Workspace
from workloom.work.workspaces.rules import NewWorkspace


@dataclass
class Founded:
    """What exists after the first day, by the names of company.toml."""

    actors: dict[str, Actor] = field(default_factory=dict)
    workspaces: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)
    labels: dict[tuple[str, str], UUID] = field(default_factory=dict)
    items: dict[tuple[str, str], Item] = field(default_factory=dict)


def found(company: Company, password: str) -> Founded:
    """Make everything but the tasks."""
    made = Founded()
    for person in company.people:
        made.actors[person.username] = _register(person, password)
    for space in company.workspaces:
        made.workspaces[space.name] = _open(space, made).pk
    for plan in company.projects:
        made.items |= {(plan.key, item.title): item for item in plan.tasks}
        _begin(plan, made)
    return made


def _register(person: Person, password: str) -> Actor:
    user = register_person(
        Registration(email=person.email, password=password, username=person.username, name=person.name)
    )
    return update_profile(user.pk, ProfileChange(time_zone=person.zone), actor=user.as_actor()).as_actor()


def _open(space: Space, made: Founded) -> Workspace:
    owner = made.actors[space.owner]
    workspace = create_workspace(NewWorkspace(name=space.name), actor=owner)
    workspace = access_workspace(owner, workspace.pk, Right.WORKSPACE_MEMBER_MANAGE, lock=True)
    for role, names in ((WorkspaceRole.ADMIN, space.admins), (WorkspaceRole.MEMBER, space.members)):
        for name in names:
            add_workspace_member(workspace, made.actors[name].person, role, actor=owner)
    return workspace


def _begin(plan: Plan, made: Founded) -> None:
    owner = made.actors[plan.owner]
    workspace = access_workspace(owner, made.workspaces[plan.workspace], Right.PROJECT_CREATE)
    people = tuple(made.actors[name].person for name in plan.members)
    wanted = NewProject(name=plan.name, key=plan.key, description=plan.description, members=people)
    project = create_project(workspace, wanted, actor=owner)
    project = access_project(owner, project.pk, Right.MEMBER_MANAGE, lock=True)
    made.projects[plan.key] = project.pk
    for role, names in ((Role.MANAGER, plan.managers), (Role.VIEWER, plan.viewers), (Role.GUEST, plan.guests)):
        for name in names:
            add_member(project, made.actors[name].person, role, actor=owner)
    _furnish(plan, project, owner)
    for name, colour in plan.labels:
        tag = create_tag(LABEL, (project.workspace_id, project.pk), NewTag(name=name, colour=colour), actor=owner)
        made.labels[plan.key, name] = tag.pk


def _furnish(plan: Plan, project: Project, owner: Actor) -> None:
    """Give a project its own workflow and columns, where it has any."""
    if plan.statuses:
        wish = WorkflowWish(
            statuses=tuple(StatusWish(label=label, category=category) for label, category in plan.statuses),
            initial=plan.initial,
            transitions=tuple(moves_of(plan)) if plan.guards else UNSET,
        )
        change_workflow(access_workflow(owner, project.pk, Right.WORKFLOW_EDIT, lock=True), wish, actor=owner)
    if plan.columns:
        columns = tuple(
            ColumnWish(name=name, statuses=tuple(statuses), wip_limit=limit or None)
            for name, statuses, limit in plan.columns
        )
        board = access_board(owner, first_board(project.pk).pk, Right.BOARD_EDIT, lock=True)
        change_board(board, BoardWish(columns=columns), actor=owner)


def moves_of(plan: Plan) -> Iterator[TransitionWish]:
    """Yield a workflow's moves: a step forward or back on the way, aside from each step but the last, and back again."""
    guards = {(source, target): tuple(names) for source, target, names in plan.guards}
    for source, target in zip(plan.way, plan.way[1:], strict=False):
        yield TransitionWish(source, target, guards=guards.get((source, target), ()))
        yield TransitionWish(target, source)
    for aside in (label for label, _ in plan.statuses if label not in plan.way):
        for step in plan.way[:-1]:
            yield TransitionWish(step, aside)
            yield TransitionWish(aside, step)
