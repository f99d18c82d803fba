"""The doors to projects."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from msgspec import UNSET
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.projects.access import (
    access_project,
    access_trashed_project,
    demand_project_maker,
)
from workloom.work.projects.actions import (
    create_project,
    ensure_home,
    restore_project,
    trash_project,
    update_project,
    welcome,
)
from workloom.work.projects.models import Project
from workloom.work.projects.queries import PROJECT, PROJECTS, listed_projects
from workloom.work.projects.rows import ProjectRow
from workloom.work.projects.serializers import ProjectChangeIn, ProjectIn
from workloom.work.workspaces.access import access_workspace


class ProjectsEndpoint(Endpoint):
    """All projects that one may see."""

    @operation("List projects", listing=PROJECTS, reply=ProjectRow)
    def get(self, request: Request) -> HttpResponse:
        """Answers the projects that you may see; archived ones too, those in the trash only with `trashed=true`."""
        welcome(self.actor)
        return self.page(PROJECTS, listed_projects(self.actor))

    @operation("Create a project", body=ProjectIn, shows=PROJECT, status=201, errors=(403, 404, 409))
    def post(self, request: Request) -> HttpResponse:
        """Makes a project with the default workflow and a board.

        `workspace` is your personal one when absent; `key` is made from the name. You and the owner are its admins.
        People who are not in the workspace become its guests.
        """
        wanted = self.parse(ProjectIn)
        owners = () if wanted.owner is UNSET else (wanted.owner,)
        demand_project_maker(self.actor, (*wanted.members, *owners))
        place = ensure_home(self.actor).workspace_id if wanted.workspace is UNSET else wanted.workspace
        workspace = access_workspace(self.actor, place, Right.PROJECT_CREATE)
        project = create_project(workspace, wanted, actor=self.actor)
        location = reverse("project", args=[project.pk])
        return self.show(PROJECT, project, status=201, location=location)


class ProjectEndpoint(Endpoint):
    """One project."""

    @operation("Read a project", shows=PROJECT, errors=(404,))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """Answers one project that you may see."""
        project = access_project(self.actor, project_id, Right.PROJECT_READ)
        return self.show(PROJECT, project)

    @operation("Change a project", body=ProjectChangeIn, shows=PROJECT, errors=(403, 404, 409, 412))
    def patch(self, request: Request, project_id: UUID) -> HttpResponse:
        """Changes the fields sent.

        A new `key` leaves the old one working. `owner` hands the project over. `members` is the whole set: who is
        missing from it leaves, except the owner.
        """
        return self._change(project_id)

    @operation("Replace a project", body=ProjectChangeIn, shows=PROJECT, errors=(403, 404, 409, 412))
    def put(self, request: Request, project_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent; other fields that are absent keep their values."""
        return self._change(project_id)

    @operation("Delete a project", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, project_id: UUID) -> HttpResponse:
        """Moves the project and its tasks to the trash, from where they can be restored for 30 days."""
        project = access_project(self.actor, project_id, Right.PROJECT_DELETE, lock=True)
        self.guard(project.version, lambda: self._row(project))
        trash_project(project, actor=self.actor)
        return self.done()

    def _change(self, project_id: UUID) -> HttpResponse:
        project = access_project(self.actor, project_id, Right.PROJECT_EDIT, lock=True)
        wanted = self.parse(ProjectChangeIn, current=lambda: self._row(project))
        self.guard(
            project.version,
            lambda: self._row(project),
            sent=sent_fields(wanted),
            touched=lambda version: fields_touched_since(project.pk, version),
        )
        update_project(project, wanted, actor=self.actor)
        return self.show(PROJECT, project)

    def _row(self, project: Project) -> ProjectRow:
        return PROJECT.one(Project.objects.filter(pk=project.pk), Wanted(self.actor))


class RestoreEndpoint(Endpoint):
    """Out of the trash."""

    @operation("Restore a project", shows=PROJECT, errors=(403, 404, 409))
    def post(self, request: Request, project_id: UUID) -> HttpResponse:
        """Brings a project back from the trash with everything in it."""
        project = access_trashed_project(self.actor, project_id, Right.PROJECT_DELETE)
        restore_project(project, actor=self.actor)
        return self.show(PROJECT, project)
