"""The one kind of door: parse, access, act, reply; everything that all doors promise happens here."""

import functools
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from workloom.core.actor import ANONYMOUS, Actor
from workloom.core.db import run_write
from workloom.core.errors import Refused, Unauthenticated
from workloom.core.http import idempotency, limits, params
from workloom.core.http.conditional import Touched, check_match, etag_of, is_known
from workloom.core.http.inputs import Current, Input, read_input
from workloom.core.http.operations import Operation
from workloom.core.http.problems import as_refusal, exception_handler, is_about_body, problem
from workloom.core.http.rendering import JsonRenderer, json_answer
from workloom.core.http.requests import ApiRequest
from workloom.core.limits import Verdict
from workloom.core.listing import Listing, Projection, Wanted
from workloom.core.paging import Page, read_page
from workloom.core.statements import Unproven, is_proven, prove, settle, waive

if TYPE_CHECKING:
    from rest_framework.response import Response

Row = TypeVar("Row", bound=msgspec.Struct)
SAFE = {"GET", "HEAD", "OPTIONS"}


class _RolledBack(Exception):
    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


@functools.cache
def _allowed_at(view: type["Endpoint"]) -> str:
    found = [name for name in view.http_method_names if hasattr(view, "get" if name == "head" else name)]
    return ", ".join(found).upper()


class Endpoint(APIView):
    """A view of one address. Writes run in one transaction, opened here; reads open none."""

    public: ClassVar[bool] = False
    """Open to visitors."""
    keyed: ClassVar[bool] = True
    """POST takes Idempotency-Key."""
    counted: ClassVar[bool] = True
    """Each request counts against its caller's limit."""
    in_transaction: ClassVar[bool] = True
    """Off only where a refusal must still leave a trace, as at sign-in."""
    asks_along: ClassVar[bool] = False
    """Nothing that it does comes before its first question to the database, so that may ask for the session too; all others ask for that before they begin."""
    alias: ClassVar[bool] = False
    """Another address of the same thing, which the documentation leaves out: `as_view(alias=True)`."""

    actor: Actor = ANONYMOUS
    verdict: Verdict | None = None
    is_doubted: bool = False
    """What was taken for granted of who asks did not hold; `asked_as` is whom the request was counted for by then."""
    asked_as: UUID | None = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[JsonRenderer, str]:  # noqa: FBT001, FBT002 - the framework's signature
        """JSON is all we speak."""
        return JsonRenderer(), "application/json"

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Wrap a request as the framework does, in ours."""
        return ApiRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who asks, and whether they may ask at all."""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.actor = self._known_actor(request)
        self._count(request)
        handler = self.handler_of(request.method or "")
        if handler is None:
            self.http_method_not_allowed(request)
        if not self.public and not self.actor.is_signed_in:
            raise Unauthenticated
        self._check_parameters(request, getattr(handler, "operation", None))

    def _known_actor(self, request: Request) -> Actor:
        """Find out who asks; a credential that does not count is counted for its address before it is refused."""
        try:
            self.perform_authentication(request)
        except (APIException, Refused):
            self._count(request)
            raise
        return request.auth if isinstance(request.auth, Actor) else ANONYMOUS

    def _count(self, request: Request) -> None:
        if not self.counted or (self.is_doubted and self.actor.id == self.asked_as):
            return
        self.verdict = limits.count(request._request, self.actor)  # noqa: SLF001 - the framework's documented way to the inner request
        if not self.verdict.allowed:
            raise limits.refusal(self.verdict)

    def handler_of(self, method: str) -> Callable[..., HttpResponse] | None:
        """Return the method that answers an HTTP verb here."""
        name = "get" if method == "HEAD" else method.lower()
        return getattr(self, name, None) if name in self.http_method_names else None

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Name the methods of this address."""
        return {"Allow": _allowed_at(type(self))}  # type: ignore[arg-type] # a class can be a key

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Name the methods of this address in the header Allow."""
        return HttpResponse(status=204)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer one request; the framework's own way, with writes carried out in one transaction."""
        self.args, self.kwargs = args, kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request = request
        self.headers = self.default_response_headers
        try:
            answer = self._answer(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the outermost wrapper of a request: every fault becomes an answer, and real ones are logged
            answer = exception_handler(error, {"request": request, "view": self})
        finally:
            waive()
        if self.verdict is not None:
            limits.stamp(answer, self.verdict)
        self.response = self.finalize_response(request, cast("Response", answer), *args, **kwargs)
        self._part_from(request)
        return self.response

    def _answer(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer for who asks, which is proven before anything is told: with the first question or, where there was none, at the end."""
        try:
            answer = self._handle(request, *args, **kwargs)
            prove()
        except Unproven:
            self._doubt()
        except Exception as error:
            if is_proven():
                raise
            self._doubt()
            if is_about_body(error):  # which cannot be read again
                self._known_actor(request)
                raise
        else:
            return answer
        return self._handle(request, *args, **kwargs)

    def _doubt(self) -> None:
        """Forget who was taken to ask; from now on nothing is owed."""
        waive()
        self.is_doubted, self.asked_as, self.actor = True, self.actor.id, ANONYMOUS

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks; again in doubt."""
        found: Any = (way.authenticate(request) for way in request.authenticators or ())
        request.user, request.auth = next(filter(None, found), (cast("Any", None), None))

    @property
    def may_owe(self) -> bool:
        """Tell whether who asks may be taken for granted until the first question."""
        return self.asks_along and not self.is_doubted

    def _handle(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        self.initial(request, *args, **kwargs)
        handler = self.handler_of(request.method or "") or self.http_method_not_allowed
        if request.method in SAFE:
            return handler(request, *args, **kwargs)
        return self._carry_out(handler, *args, **kwargs)

    def _part_from(self, request: Request) -> None:
        """Undo what leads in circles: else only the garbage collector would free the request with all that hangs on it."""
        request.parser_context.clear()
        self.__dict__.pop("head", None)  # the framework's own name for `get`

    def _check_parameters(self, request: Request, operation: Operation | None) -> None:
        sent = request.query_params
        if operation is None or not sent:
            return
        allowed = operation.query_names
        if request.method not in SAFE and self.in_transaction:
            allowed = allowed | {"dry_run"}
        filtered = operation.listing or operation.filters
        params.refuse_unknown(sent, allowed, filtered.alias_names if filtered else ())

    def _carry_out(self, handler: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
        def act() -> HttpResponse:
            return handler(self.request, *args, **kwargs)

        if not self.in_transaction:
            return act()
        if self.is_rehearsal:
            return self._rehearse(act)
        key = (
            idempotency.key_of(self.request.META.get("HTTP_IDEMPOTENCY_KEY"))
            if self.request.method == "POST" and self.keyed
            else None
        )
        return run_write(act) if key is None else self._once(key, act)

    @property
    def is_rehearsal(self) -> bool:
        """Tell whether what is done will be undone: for views that do what no rollback undoes."""
        return params.flag_of(self.request.query_params, "dry_run")

    def _rehearse(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        def give_up() -> None:
            answer = act()
            settle()
            raise _RolledBack(answer)

        try:
            run_write(give_up)
        except _RolledBack as rehearsal:
            return rehearsal.answer
        raise AssertionError("unreachable")

    def _once(self, key: str, act: Callable[[], HttpResponse]) -> HttpResponse:
        caller = idempotency.caller_of(self.actor, limits.address_of(self.request))
        held = idempotency.claim(caller, key, idempotency.fingerprint_of(self.request))
        if isinstance(held, HttpResponse):
            return held

        def act_and_keep() -> HttpResponse:
            answer = act()
            idempotency.keep(held, answer)
            return answer

        try:
            return run_write(act_and_keep)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                idempotency.release(held)
                raise
            answer = problem(refusal, self.request.path)
            run_write(lambda: idempotency.keep(held, answer))
            return answer

    # What views call

    def parse(self, form: type[Input], *, current: Current | None = None) -> Any:
        """Read the body into the form's dataclass; edits pass the present row to compare with, and a PATCH of it may leave fields out."""
        whole = self.request.method != "PATCH" or current is None
        return read_input(form, self.request.data, whole=whole, current=current)

    def guard(
        self,
        version: int,
        current: Callable[[], object],
        *,
        sent: Collection[str] | None = None,
        touched: Touched | None = None,
    ) -> None:
        """Honour If-Match; see `check_match`."""
        check_match(
            self.request.META.get("HTTP_IF_MATCH"),
            version,
            current,
            sent=sent if self.request.method == "PATCH" else None,
            touched=touched,
        )

    def shape(self, projection: Projection[Any]) -> params.Shape:
        """Read how the caller wants rows to look."""
        return params.shape_of(self.request.query_params, projection.row, projection.expandable, projection.on_request)

    def show(
        self, projection: Projection[Row], found: QuerySet[Any] | Model, *, status: int = 200, location: str = ""
    ) -> HttpResponse:
        """Answer one object, as it is stored now, or the one that a query finds, in the shape that the caller wants."""
        shape = self.shape(projection)
        wanted = Wanted(self.actor, shape.expand)
        if isinstance(found, Model):
            [row] = projection.by_id(type(found), [found.pk], wanted)
        else:
            row = projection.one(found, wanted)
        return self.reply(row, status=status, location=location, shape=shape)

    def show_held(
        self, projection: Projection[Any], held: Model, *, status: int = 200, location: str = ""
    ) -> HttpResponse:
        """Answer one object out of its instance, which holds all that is shown as it was just written."""
        shape = self.shape(projection)
        row = projection.of(held, Wanted(self.actor, shape.expand))
        return self.reply(row, status=status, location=location, shape=shape)

    def reply(
        self, row: object, *, status: int = 200, location: str = "", shape: params.Shape | None = None
    ) -> HttpResponse:
        """Answer one object; a plain one with a version carries it as ETag, and 304 when the caller has it.

        A row that the clock alone has changed says so by `is_aged`: its version does not tell it from the younger one.
        """
        headers = {"Location": location} if location else {}
        version = getattr(row, "version", None)
        if version is not None and (shape is None or shape.is_plain):
            headers["ETag"] = etag_of(version)
            is_told = self.request.method in SAFE and not getattr(row, "is_aged", False)
            if is_told and is_known(self.request.META.get("HTTP_IF_NONE_MATCH"), version):
                return HttpResponse(status=304, headers=headers)
        return json_answer(shape.narrowed(row) if shape else row, status, headers)

    def done(self) -> HttpResponse:
        """Answer that there is nothing more to say."""
        return HttpResponse(status=204)

    def page(self, listing: Listing[Row], found: QuerySet[Any], within: Q | None = None) -> HttpResponse:
        """Answer one page of a list, filtered, ordered and shaped as the caller wants.

        `within` says, of a whole table, what the caller may see: see `for_actor`, which keeps the page's SQL.
        """
        sent = self.request.query_params
        shape = self.shape(listing.projection)
        asked = params.page_of(sent, listing)
        where = params.conditions_of(sent, listing, self.actor)
        if within is not None:
            where = Q(within, where)
        page = read_page(found, listing, asked, Wanted(self.actor, shape.expand), where)
        return json_answer(self._envelope(page, shape))

    def _envelope(self, page: Page[Any], shape: params.Shape) -> Mapping[str, Any]:
        rows = [shape.narrowed(row) for row in page.rows]
        envelope = {"next": self._link(page.following), "previous": self._link(page.preceding), "results": rows}
        return envelope if page.count is None else {"count": page.count, **envelope}

    def _link(self, place: Any) -> str | None:
        if place is None:
            return None
        asked = self.request._request  # noqa: SLF001 - the framework's documented way to the inner request
        sent = {name: values for name, values in asked.GET.lists() if name not in ("cursor", "page")}
        place = {"page": place} if isinstance(place, int) else {"cursor": place.encode()}
        query = urlencode({**sent, **place}, doseq=True)
        return f"{asked.scheme}://{asked.get_host()}{iri_to_uri(asked.path)}?{query}"
