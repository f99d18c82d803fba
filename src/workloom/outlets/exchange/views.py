"""The doors to imports and to the people that they left without an account."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.outlets.exchange import jobs
from workloom.outlets.exchange.access import access_import, access_placeholder, check_claimant
from workloom.outlets.exchange.actions import WantedImport, claim_placeholder, request_import
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.queries import (
    IMPORT_LIST,
    IMPORTS,
    PLACEHOLDER_LIST,
    placeholders_in,
    visible_imports,
)
from workloom.outlets.exchange.rows import ImportRow, PlaceholderRow
from workloom.outlets.exchange.serializers import ClaimIn, ImportIn
from workloom.outlets.exchange.sources.files import MAX_BYTES
from workloom.outlets.exchange.uploads import too_large
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project

FORM_BYTES = 100_000
"""What the fields beside the file may take."""


class UploadParser(MultiPartParser):
    """Judges the size before a byte is read."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the form; raises TooLarge."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0
        if int(length) > MAX_BYTES + FORM_BYTES:
            raise too_large()
        return super().parse(stream, media_type, parser_context)


class ImportList(Endpoint):
    """Imports into the projects where one may import."""

    parser_classes = [UploadParser]

    @operation("List imports", listing=IMPORT_LIST, reply=ImportRow)
    def get(self, request: Request) -> HttpResponse:
        """Imports into projects where you are a manager or an admin, in pages."""
        return self.page(IMPORT_LIST, visible_imports(self.actor))

    @operation("Start an import", body=ImportIn, multipart=True, shows=IMPORTS, status=202, errors=(403, 404, 409))
    def post(self, request: Request) -> HttpResponse:
        """Takes the file and answers at once; read the import again to see how far it is.

        The whole file is read first; a file that cannot be read fails with the place and the remedy, and nothing is
        written. With `dry_run` the report is all there is. A second import of the same file adds nothing, one that was
        interrupted goes on. The receipt counts what came in, what was written, and names each loss.
        """
        form = self.parse(ImportIn)
        project = access_project(self.actor, form.project, Right.TASK_BULK, lock=True)
        wanted = WantedImport(
            form.kind,
            form.file.name,
            form.file.chunks(),
            id=form.id,
            dry_run=form.dry_run,
            is_rehearsal=self.is_rehearsal,
            mapping=form.map,
        )
        made = request_import(project, wanted, actor=self.actor)
        jobs.start(made.pk)
        found = Import.objects.filter(pk=made.pk)
        return self.show(IMPORTS, found, status=202, location=f"{request.path}{made.pk}/")


class ImportItem(Endpoint):
    """One import."""

    @operation("Get an import", shows=IMPORTS, errors=(404,))
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        """Its status, progress, report and receipt."""
        found = access_import(self.actor, import_id)
        return self.show(IMPORTS, found)


class PlaceholderList(Endpoint):
    """People of a project's imports without an account."""

    @operation("List placeholders", listing=PLACEHOLDER_LIST, reply=PlaceholderRow, errors=(404,))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """Those whom nobody has claimed yet."""
        project = access_project(self.actor, project_id, Right.TASK_READ)
        return self.page(PLACEHOLDER_LIST, placeholders_in(project.pk))


class PlaceholderClaim(Endpoint):
    """Taking a placeholder over."""

    @operation("Claim a placeholder", body=ClaimIn, status=204, errors=(403, 404, 409))
    def post(self, request: Request, project_id: UUID, user_id: UUID) -> HttpResponse:
        """Puts what an import brought under this name under yours: tasks, comments and checklist items.

        Members claim for themselves, project admins for any member by `user`. Later imports know it too.
        """
        project, placeholder = access_placeholder(self.actor, project_id, user_id)
        wanted = self.parse(ClaimIn)
        person = self.actor.person if wanted.user is UNSET else wanted.user
        check_claimant(self.actor, project, person)
        claim_placeholder(project, placeholder, person, actor=self.actor)
        return self.done()
