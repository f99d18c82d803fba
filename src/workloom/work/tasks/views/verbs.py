"""What one does with a task beside editing it."""

from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.events.queries import fields_touched_since
from workloom.people.accounts.queries import people
from workloom.people.accounts.rows import PERSONS, PersonRow
from workloom.people.rights.rules import Right
from workloom.work.tasks.access import access_task, access_trashed_task, rights_on_task
from workloom.work.tasks.actions import restore_task, unwatch_task, watch_task
from workloom.work.tasks.actions.people import admit
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.queries.watchers import WATCHERS, watchers_of
from workloom.work.tasks.rules import TaskInput
from workloom.work.tasks.serializers import AssignIn, AssignInput, MoveIn, StatusIn, StatusInput, WatchIn, WatchInput
from workloom.work.tasks.views.doing import do_edit, do_move, row_of


class TaskAssign(Endpoint):
    """Who works on a task."""

    asks_along = True

    @operation("Assign a task", body=AssignIn, shows=TASKS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, task: str) -> HttpResponse:
        """`assignees` or `user`: one id, a list, or null for nobody. Outsiders become guests of the project where you manage its members."""

        def read(found: Task) -> TaskInput:
            wanted: AssignInput = self.parse(AssignIn)
            return TaskInput(assignees=wanted.assignees)

        found = do_edit(task, read, self.actor, guard=partial(_guard, self))
        return self.show(TASKS, found)


class TaskStatus(Endpoint):
    """The status of a task."""

    asks_along = True

    @operation("Change a task's status", body=StatusIn, shows=TASKS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, task: str) -> HttpResponse:
        """By slug or label. What the workflow forbids is answered with 409 and the moves that are allowed, what your role forbids with 403."""

        def read(found: Task) -> TaskInput:
            wanted: StatusInput = self.parse(StatusIn)
            return TaskInput(status=wanted.status)

        found = do_edit(task, read, self.actor, guard=partial(_guard, self))
        return self.show_held(TASKS, found)


class TaskMove(Endpoint):
    """The place of a task in the order."""

    asks_along = True

    @operation("Move a task", body=MoveIn, shows=TASKS, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """Into a column or a status, behind (`after`) or in front of (`before`) another task; the server gives the rank."""
        found = do_move(task, self.parse(MoveIn), self.actor)
        return self.show(TASKS, found)


class TaskRestore(Endpoint):
    """The way back from the trash."""

    @operation("Restore a task", shows=TASKS, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """With the subtasks and comments that went to the trash with it, within 30 days."""
        found = access_trashed_task(self.actor, task, Right.TASK_DELETE)
        restore_task(found, actor=self.actor)
        return self.show(TASKS, found)


class TaskWatchers(Endpoint):
    """Who is told of a task."""

    @operation("List watchers", listing=WATCHERS, reply=PersonRow, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """Everybody who is told of changes; reporter and assignees are, unless they left."""
        return self.page(WATCHERS, watchers_of(access_task(self.actor, task, Right.TASK_READ_OWN)))

    @operation("Watch a task", body=WatchIn, shows=PERSONS, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """Yourself, or somebody of the project when you may edit the task; the answer is who watches it now."""
        wanted: WatchInput = self.parse(WatchIn)
        is_self = wanted.user in (None, self.actor.id)
        found = access_task(self.actor, task, Right.COMMENT_ADD if is_self else Right.TASK_EDIT, lock=True)
        person = self.actor.person if is_self or wanted.user is None else wanted.user
        if not is_self:
            admit(found.project, [person], field="user", rights=rights_on_task(self.actor, found), actor=self.actor)
        watch_task(found, person, actor=self.actor)
        return self.show(PERSONS, people().filter(pk=person))

    @operation("Stop watching a task", status=204, errors=(403, 404))
    def delete(self, request: Request, task: str) -> HttpResponse:
        """You are no longer told, and later assignments do not change that."""
        found = access_task(self.actor, task, Right.COMMENT_ADD, lock=True)
        unwatch_task(found, self.actor.person, actor=self.actor)
        return self.done()


def _guard(endpoint: Endpoint, task: Task, wanted: TaskInput) -> None:
    endpoint.guard(
        task.version,
        partial(row_of, task, endpoint.actor),
        sent=wanted.sent,
        touched=partial(fields_touched_since, task.pk),
    )
