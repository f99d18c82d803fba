"""The audit log."""

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.request import Request

from workloom.core.errors import Invalid
from workloom.core.http import params
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.events.queries import LogRows
from workloom.outlets.history.access import access_audit
from workloom.outlets.history.queries.projection import AUDIT, in_batches
from workloom.outlets.history.rows import AuditRow
from workloom.outlets.history.serializers import JSON, TYPES, as_csv, as_jsonl, form_of


class AuditLog(Endpoint):
    """Everything that happened where one administers."""

    @operation(
        "Read the audit log",
        listing=AUDIT,
        reply=AuditRow,
        parameters={
            "format": "json, or csv or jsonl for a file of everything that the filters find; when absent, what Accept asks for."
        },
        errors=(403,),
    )
    def get(self, request: Request) -> HttpResponse | StreamingHttpResponse:
        """The newest first, complete at once: project admins read their projects, workspace admins all projects there.

        Who operates the installation reads everything, sign-ins too.
        """
        sent = request.query_params
        found = access_audit(self.actor)
        wanted = form_of(params.text_of(sent, "format"), request.headers.get("Accept", ""))
        return self.page(AUDIT, found) if wanted == JSON else self._file(found, wanted)

    def _file(self, found: LogRows, wanted: str) -> StreamingHttpResponse:
        sent = self.request.query_params
        for name in (*params.PAGING, *params.SHAPING):
            if name in sent and name != "ordering":
                raise Invalid(
                    name, "contradiction", f"{name} does not go with format={wanted}, which answers everything."
                )
        oldest_first = not params.page_of(sent, AUDIT).ordering.startswith("-")
        found = found.filter(params.conditions_of(sent, AUDIT, self.actor))
        batches = in_batches(found, Wanted(self.actor), oldest_first=oldest_first)
        lines = as_csv(batches) if wanted == "csv" else as_jsonl(batches)
        headers = {"Content-Disposition": f'attachment; filename="audit-logs.{wanted}"'}
        return StreamingHttpResponse(lines, content_type=TYPES[wanted], headers=headers)
