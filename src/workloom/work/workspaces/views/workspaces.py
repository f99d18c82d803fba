"""The doors to workspaces."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.workspaces.access import access_workspace, demand_new_workspace
from workloom.work.workspaces.actions import create_workspace, delete_workspace, update_workspace
from workloom.work.workspaces.queries import WORKSPACE, WORKSPACES, with_workspace_role, workspace_for, workspaces_with
from workloom.work.workspaces.rows import WorkspaceRow
from workloom.work.workspaces.serializers import WorkspaceChangeIn, WorkspaceIn


class WorkspacesEndpoint(Endpoint):
    """All workspaces that one is in."""

    @operation("List workspaces", listing=WORKSPACES, reply=WorkspaceRow)
    def get(self, request: Request) -> HttpResponse:
        """Answers the workspaces that you are in, with your role in each."""
        found = workspaces_with(self.actor, Right.WORKSPACE_READ)
        return self.page(WORKSPACES, with_workspace_role(found, self.actor.id))

    @operation("Create a workspace", body=WorkspaceIn, shows=WORKSPACE, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Makes a workspace that you own; `slug` is made from the name when absent."""
        demand_new_workspace(self.actor)
        workspace = create_workspace(self.parse(WorkspaceIn), actor=self.actor)
        location = reverse("workspace", args=[workspace.pk])
        return self.show(WORKSPACE, workspace_for(self.actor, workspace.pk), status=201, location=location)


class WorkspaceEndpoint(Endpoint):
    """One workspace."""

    @operation("Read a workspace", shows=WORKSPACE, errors=(404,))
    def get(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Answers one workspace that you are in."""
        access_workspace(self.actor, workspace_id, Right.WORKSPACE_READ)
        return self.show(WORKSPACE, workspace_for(self.actor, workspace_id))

    @operation("Change a workspace", body=WorkspaceChangeIn, shows=WORKSPACE, errors=(403, 404, 409, 412))
    def patch(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Changes name or slug."""
        return self._change(workspace_id)

    @operation("Replace a workspace", body=WorkspaceChangeIn, shows=WORKSPACE, errors=(403, 404, 409, 412))
    def put(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent."""
        return self._change(workspace_id)

    @operation("Delete a workspace", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Deletes a workspace for good; one that still has projects outside the trash → 409. For owners only."""
        workspace = access_workspace(self.actor, workspace_id, Right.WORKSPACE_DELETE, lock=True)
        self.guard(workspace.version, lambda: self._row(workspace_id))
        delete_workspace(workspace, actor=self.actor)
        return self.done()

    def _change(self, workspace_id: UUID) -> HttpResponse:
        workspace = access_workspace(self.actor, workspace_id, Right.WORKSPACE_EDIT, lock=True)
        wanted = self.parse(WorkspaceChangeIn, current=lambda: self._row(workspace_id))
        self.guard(
            workspace.version,
            lambda: self._row(workspace_id),
            sent=sent_fields(wanted),
            touched=lambda version: fields_touched_since(workspace_id, version),
        )
        update_workspace(workspace, wanted, actor=self.actor)
        return self.show(WORKSPACE, workspace_for(self.actor, workspace_id))

    def _row(self, workspace_id: UUID) -> WorkspaceRow:
        return WORKSPACE.one(workspace_for(self.actor, workspace_id), Wanted(self.actor))
