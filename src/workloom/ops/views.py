from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.ops.metrics import exposition
from workloom.ops.parts import failing_parts, health
from workloom.ops.rows import Health

_TEXT = "text/plain; charset=utf-8"


class HealthDoor(Endpoint):
    public = True
    counted = False
    authentication_classes = []

    @operation("Tell whether the server and its parts work", reply=Health, errors=(503,))
    def get(self, _request: Request) -> HttpResponse:
        """For people and monitors: 200 when everything is connected, 503 with the names of the parts that are not."""
        found = health()
        return self.reply(found, status=503 if found.failing else 200)


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of its parts, so that a database's failure does not restart it."""
    return HttpResponse("ok\n", content_type=_TEXT)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether a balancer may send requests here."""
    failing = failing_parts()
    if failing:
        return HttpResponse(f"failing: {', '.join(failing)}\n", status=503, content_type=_TEXT)
    return HttpResponse("ok\n", content_type=_TEXT)


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    text, content_type = exposition()
    return HttpResponse(text, content_type=content_type)
