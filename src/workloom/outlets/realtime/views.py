"""The stream of server-sent events as a request: it is judged here, and held open by a server that can."""

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.actor import Actor
from workloom.core.errors import TooMany
from workloom.core.http import params
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.outlets.realtime.access import access_seat
from workloom.outlets.realtime.doors.stream import Handover
from workloom.outlets.realtime.queries.replay import pages_behind
from workloom.outlets.realtime.rows import TaskUpdate
from workloom.outlets.realtime.rules import MOST_CONNECTIONS, STREAM, Seat, read_place, read_projects
from workloom.outlets.realtime.serializers import CONTENT_TYPE, as_stream
from workloom.people.accounts.authentication import credential_in
from workloom.people.accounts.rules.tokens import PERSONAL_PREFIX, digest

_PARAMETERS = {
    "projects": f"Only tasks of these projects: up to {MOST_CONNECTIONS * 4} ids, separated by commas.",
    "after": "The event id behind which to begin; the header `Last-Event-ID`, which browsers send by themselves, goes before it.",
}


class EventStream(Endpoint):
    """What happens to tasks, as it happens."""

    @operation(
        "Follow tasks as they change",
        reply=TaskUpdate,
        parameters=_PARAMETERS,
        errors=(404,),
        media_type=CONTENT_TYPE,
    )
    def get(self, request: Request) -> HttpResponse:
        """Server-sent events `task_update` and `resync`, as over the WebSocket `/ws/tasks/`; see docs/live.md.

        The answer stays open. Where the server cannot hold it, it ends with what has happened so far; a client that
        comes back with `Last-Event-ID`, as browsers do, gets the same either way.
        """
        sent = request.query_params
        after = read_place(request.headers.get("Last-Event-ID"), "Last-Event-ID")
        after = read_place(params.text_of(sent, "after"), "after") if after is None else after
        seat = access_seat(_seat(self.actor, request), read_projects(sent.getlist("projects")))
        handover = request.META.get(STREAM)
        if isinstance(handover, Handover):
            if handover.is_full(self.actor.person):
                raise TooMany(30, f"One person may hold {MOST_CONNECTIONS} connections. Close some first.")
            handover.take(seat, after)
            return _answer(b"")
        return _answer(b"".join(as_stream(pages_behind(seat, after))))


def _seat(actor: Actor, request: Request) -> Seat:
    header = request.META.get("HTTP_AUTHORIZATION", "")
    credential = credential_in(header) if header else ""
    return Seat(actor, digest(credential) if credential.startswith(PERSONAL_PREFIX) else None)


def _answer(body: bytes) -> HttpResponse:
    """Proxies that keep answers back until they end are told not to."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return HttpResponse(body, content_type=CONTENT_TYPE, headers=headers)
