"""Doing what the story tells, by the same actions that the API's doors use, each in the name of who did it at its time."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import frozen
from workloom.core.context import Context, using_context
from workloom.core.db import write
from workloom.core.text import fold
from workloom.ops.demo.company import Company
from workloom.ops.demo.founding import Founded, found
from workloom.ops.demo.story import FOUNDED, Happening, Verb, tell
from workloom.people.accounts.models import User, UserRole
from workloom.people.rights.rules import Right
from workloom.work.checklists.access import access_item
from workloom.work.checklists.actions import NewChecklist, NewItem, add_checklists, edit_item
from workloom.work.checklists.models import ChecklistItem
from workloom.work.checklists.rules import ItemInput
from workloom.work.comments.actions import add_comments
from workloom.work.comments.actions.write import new_comment
from workloom.work.comments.rules import CommentInput
from workloom.work.links.actions import link_tasks
from workloom.work.projects.access import access_project, rights_on
from workloom.work.tasks.access import access_task, rights_on_task, role_on
from workloom.work.tasks.actions import create_tasks, edit_task
from workloom.work.tasks.actions.resolve import new_task
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import PRIORITIES, TaskInput


def is_there(company: Company) -> bool:
    """Tell whether this company was made here before."""
    return User.objects.filter(email_key__in=[fold(person.email) for person in company.people]).exists()


def belongs_to_others() -> bool:
    """Tell whether somebody uses this installation: tasks, or people beside those who operate it."""
    return Task.objects.exists() or User.objects.exclude(role=UserRole.ADMIN).exists()


@write
def fill(company: Company, *, password: str, now: datetime) -> int:
    """Make the whole company in one transaction and return how many tasks it has.

    It is written as imports are: nobody is to be told today of what happened weeks ago.
    """
    with using_context(Context(via="import")):
        with frozen(now - FOUNDED):
            stage = _Stage(company, found(company, password))
        for step in tell(company, now):
            with frozen(step.at):
                stage.play(step)
    return len(stage.tasks)


@dataclass
class _Stage:
    """Nothing is locked here: until the transaction ends nobody else sees these rows."""

    company: Company
    founded: Founded
    tasks: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def play(self, step: Happening) -> None:
        _VERBS[step.verb](self, step, self.founded.actors[step.who])

    def _task(self, step: Happening, actor: Actor, right: Right, title: str = "") -> Task:
        return access_task(actor, str(self.tasks[step.project, title or step.task]), right)

    def make(self, step: Happening, actor: Actor) -> None:
        item = self.founded.items[step.project, step.task]
        project = access_project(actor, self.founded.projects[step.project], Right.TASK_CREATE)
        wanted = TaskInput(
            title=item.title,
            status=step.text,
            priority=PRIORITIES[item.priority],
            labels=tuple(self.founded.labels[step.project, name] for name in item.labels),
            assignees=tuple(self.founded.actors[name].person for name in item.who),
            due_date=step.due,
            estimate=item.estimate,
        )
        rights = rights_on(actor, project.pk, project)
        (task,) = create_tasks(project, [new_task(project, wanted, rights=rights, actor=actor)], actor=actor)
        self.tasks[step.project, step.task] = task.pk

    def list(self, step: Happening, actor: Actor) -> None:
        task = self._task(step, actor, Right.TASK_EDIT)
        items = [NewItem(text=text) for text in self.founded.items[step.project, step.task].checklist]
        add_checklists([NewChecklist(task=task, name="To do", items=items)], actor=actor)

    def move(self, step: Happening, actor: Actor) -> None:
        task = self._task(step, actor, Right.TASK_MOVE)
        wanted = TaskInput(status=step.text)
        edit_task(task, wanted, rights=rights_on_task(actor, task), role=role_on(actor, task), actor=actor)

    def tick(self, step: Happening, actor: Actor) -> None:
        found = ChecklistItem.objects.get(checklist__task=self.tasks[step.project, step.task], text=step.text)
        item = access_item(actor, found.checklist_id, found.pk, Right.TASK_EDIT)
        edit_item(item, ItemInput(done=True), rights=rights_on_task(actor, item.checklist.task), actor=actor)

    def say(self, step: Happening, actor: Actor) -> None:
        task = self._task(step, actor, Right.COMMENT_ADD)
        add_comments([new_comment(task, CommentInput(body=step.text), author=actor.person)], actor=actor)

    def block(self, step: Happening, actor: Actor) -> None:
        task = self._task(step, actor, Right.TASK_EDIT)
        other = self._task(step, actor, Right.TASK_READ, step.text)
        link_tasks(task, other, kind="blocked_by", actor=actor)


_VERBS = {
    Verb.MAKE: _Stage.make,
    Verb.LIST: _Stage.list,
    Verb.MOVE: _Stage.move,
    Verb.TICK: _Stage.tick,
    Verb.SAY: _Stage.say,
    Verb.BLOCK: _Stage.block,
}
