"""The list of tasks, and one task."""

from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http import params
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.events.queries import fields_touched_since
from workloom.work.projects.actions import welcome
from workloom.work.tasks.access import access_removable_task, see_task
from workloom.work.tasks.actions import trash_task
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.listing import LISTING
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.queries.statistics import statistics_of
from workloom.work.tasks.queries.visible import seen, visible_tasks
from workloom.work.tasks.rows import Statistics, TaskRow
from workloom.work.tasks.rules import TaskInput
from workloom.work.tasks.serializers import EditTaskIn, NewTaskIn
from workloom.work.tasks.views.doing import do_create, do_edit, row_of


class TaskList(Endpoint):
    """Tasks of all projects that one sees."""

    asks_along = True

    @operation("List tasks", listing=LISTING, reply=TaskRow)
    def get(self, request: Request) -> HttpResponse:
        """Every task that you may see, in pages. Archived and trashed ones are listed only when asked for."""
        welcome(self.actor)
        return self.page(LISTING, Task.objects.all(), within=seen(self.actor))

    @operation("Create a task", body=NewTaskIn, shows=TASKS, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """A title is enough: the task then lands in your Inbox. `board` gives the project, `project` its first board."""
        task = do_create(self.parse(NewTaskIn), self.actor)
        return self.show_held(TASKS, task, status=201, location=f"/api/v1/tasks/{task.id}/")


class TaskItem(Endpoint):
    """One task, by id or key."""

    asks_along = True

    @operation("Get a task", shows=TASKS, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """By id or by key, present or former, in any case. `fields=description_html` answers the text as safe HTML."""
        shape = self.shape(TASKS)
        return self.reply(see_task(self.actor, task, Wanted(self.actor, shape.expand)), shape=shape)

    @operation("Change a task", body=EditTaskIn, shows=TASKS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, task: str) -> HttpResponse:
        """The fields sent are changed, all others stay as they are. A new `project` or `board` of another project moves the task there."""
        return self._edit(task)

    @operation("Replace a task", body=EditTaskIn, shows=TASKS, errors=(403, 404, 409, 412))
    def put(self, request: Request, task: str) -> HttpResponse:
        """Needs the required fields; optional ones that are absent keep their value."""
        return self._edit(task)

    @operation("Delete a task", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, task: str) -> HttpResponse:
        """To the trash, with its subtasks; `restore/` brings all of it back for 30 days."""
        found = access_removable_task(self.actor, task)
        self.guard(found.version, partial(row_of, found, self.actor))
        trash_task(found, actor=self.actor)
        return self.done()

    def _edit(self, reference: str) -> HttpResponse:
        def read(task: Task) -> TaskInput:
            wanted: TaskInput = self.parse(EditTaskIn, current=partial(row_of, task, self.actor))
            return wanted

        def guard(task: Task, wanted: TaskInput) -> None:
            self.guard(
                task.version,
                partial(row_of, task, self.actor),
                sent=wanted.sent,
                touched=partial(fields_touched_since, task.id),
            )

        task = do_edit(reference, read, self.actor, guard=guard)
        return self.show(TASKS, task)


class TaskStatistics(Endpoint):
    """Figures over tasks."""

    asks_along = True

    @operation(
        "Count tasks",
        reply=Statistics,
        filters=LISTING,
    )
    def get(self, request: Request) -> HttpResponse:
        """Totals, by status, priority and assignee, late ones, completions by week and cycle times in seconds, over what the filters of the list find."""
        found = visible_tasks(self.actor).filter(params.conditions_of(request.query_params, LISTING, self.actor))
        return self.reply(statistics_of(found, self.actor))
