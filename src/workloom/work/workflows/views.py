"""The door to a project's workflow."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.workflows.access import access_workflow
from workloom.work.workflows.actions import change_workflow
from workloom.work.workflows.queries import WORKFLOWS, workflow_of, workflow_row
from workloom.work.workflows.rows import WorkflowRow
from workloom.work.workflows.serializers import WorkflowIn


class WorkflowEndpoint(Endpoint):
    """The statuses of a project and the moves between them."""

    @operation("Read a project's workflow", reply=WorkflowRow, is_shaped=True, errors=(404,))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """Answers the statuses in their order, the initial one, and the allowed moves: a list, or the word `all`."""
        access_workflow(self.actor, project_id, Right.PROJECT_READ)
        return self.show(WORKFLOWS, workflow_of(project_id))

    @operation("Change parts of a project's workflow", body=WorkflowIn, reply=WorkflowRow, errors=(403, 404, 409, 412))
    def patch(self, request: Request, project_id: UUID) -> HttpResponse:
        """Changes what is sent; `statuses` and `transitions` are sent as whole lists.

        An entry of `statuses` names its status by `slug`; one without slug is new, unless its label is known. A status
        that is not on the list any more goes; when tasks have it, `successors` must say which status they get.
        New statuses get a column on the first board.
        """
        return self._change(project_id)

    @operation("Set a project's workflow", body=WorkflowIn, reply=WorkflowRow, errors=(403, 404, 409, 412))
    def put(self, request: Request, project_id: UUID) -> HttpResponse:
        """As PATCH, but `statuses` must be sent."""
        return self._change(project_id)

    def _change(self, project_id: UUID) -> HttpResponse:
        workflow = access_workflow(self.actor, project_id, Right.WORKFLOW_EDIT, lock=True)

        def current() -> WorkflowRow:
            return workflow_row(project_id)

        wish = self.parse(WorkflowIn, current=current)
        sent = sent_fields(wish)
        self.guard(workflow.version, current, sent=sent, touched=lambda at: fields_touched_since(workflow.pk, at))
        change_workflow(workflow, wish, actor=self.actor)
        return self.show(WORKFLOWS, workflow_of(project_id))
