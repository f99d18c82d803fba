"""Many operations in one call: each passes the rules of its single twin."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from workloom.core.errors import Refused
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.inputs import read_input
from workloom.core.http.operations import operation
from workloom.core.http.problems import as_refusal, problem
from workloom.core.listing import Wanted
from workloom.people.rights.rules import Right
from workloom.work.tasks.access import access_removable_task
from workloom.work.tasks.actions import trash_task
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.rows import BulkReport, BulkResult
from workloom.work.tasks.rules import TaskInput
from workloom.work.tasks.serializers import BulkIn, BulkInput, EditTaskIn, MoveIn, NewTaskIn, body_of
from workloom.work.tasks.views.doing import do_create, do_edit, do_move, row_of
from workloom.work.tasks.views.making import made_together


class TaskBulk(Endpoint):
    """Up to 1,000 operations on tasks."""

    asks_along = True

    @operation("Change many tasks", body=BulkIn, reply=BulkReport, errors=(403, 404, 409))
    def post(self, request: Request) -> HttpResponse:
        """Operations create, update, delete and move, each with the fields of its single twin; needs a manager of the projects concerned.

        The answer is 200 with a status for each operation. With `atomic` the first failure is the answer, and nothing is written.
        """
        wanted: BulkInput = self.parse(BulkIn)
        results: list[BulkResult] = []
        while (at := len(results)) < len(wanted.operations):
            results += self._created_from(at, wanted.operations) or [
                self._one(at, wanted.operations[at], atomic=wanted.atomic)
            ]
        failed = sum(1 for result in results if result.error is not None)
        return self.reply(BulkReport(results, succeeded=len(results) - failed, failed=failed))

    def _created_from(self, start: int, operations: list[Any]) -> list[BulkResult]:
        """Make the tasks that the operations from one place on want, as long as they want nothing else."""
        made = made_together(_new_tasks(start, operations), self.actor)
        return [BulkResult(at, "create", 201, task=TASKS.of(task, Wanted(self.actor))) for at, task in made.items()]

    def _one(self, at: int, asked: Any, *, atomic: bool) -> BulkResult:
        verb = str(asked.get("op", "")) if isinstance(asked, dict) else ""
        try:
            with transaction.atomic():
                return self._carry_out_one(at, asked)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            if atomic:
                raise _placed(refusal, at) from error
            told = msgspec.json.decode(problem(refusal, self.request.path).content)
            return BulkResult(at, verb, refusal.status, error=told)

    def _carry_out_one(self, at: int, asked: Any) -> BulkResult:
        verb, reference, body = body_of(asked)
        if verb == "delete":
            trash_task(access_removable_task(self.actor, reference, Right.TASK_BULK), actor=self.actor)
            return BulkResult(at, verb, 204)
        if verb == "create":
            new = read_input(NewTaskIn, body, whole=True, current=None)
            task = do_create(new, self.actor, Right.TASK_BULK, is_among_others=True)
            return BulkResult(at, verb, 201, task=row_of(task, self.actor))
        if verb == "move":
            task = do_move(reference, read_input(MoveIn, body, whole=True, current=None), self.actor, Right.TASK_BULK)
        else:
            read = partial(self._read_edit, body)
            task = do_edit(reference, read, self.actor, Right.TASK_BULK, is_among_others=True)
        return BulkResult(at, verb, 200, task=row_of(task, self.actor))

    def _read_edit(self, body: dict[str, Any], task: Task) -> TaskInput:
        wanted: TaskInput = read_input(EditTaskIn, body, whole=False, current=partial(row_of, task, self.actor))
        return wanted


def _new_tasks(start: int, operations: list[Any]) -> Iterator[tuple[int, TaskInput]]:
    """Read the operations from one place on, up to the first that is no new task or cannot be read."""
    with contextlib.suppress(Refused, APIException):
        for at in range(start, len(operations)):
            verb, _, body = body_of(operations[at])
            if verb != "create":
                return
            yield at, read_input(NewTaskIn, body, whole=True, current=None)


def _placed(refusal: Refused, at: int) -> Refused:
    """Say at which operation an atomic bulk failed."""
    refusal.extra = {**refusal.extra, "operation": at}
    refusal.detail = f"Operation {at}: {refusal.detail} Nothing was written."
    return refusal
