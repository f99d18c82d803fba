"""The OpenAPI document, written from what each method promises (`operations`) and nothing else."""

import inspect
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import msgspec
from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from workloom.core.http.documents import Problem, form_schema
from workloom.core.http.examples import example_of
from workloom.core.http.operations import Operation
from workloom.core.listing import Listing
from workloom.core.paging import DEFAULT_SIZE, LARGEST_SIZE

if TYPE_CHECKING:
    from workloom.core.http.endpoint import Endpoint

_JSON = "application/json"
_PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{name}"
_ALWAYS = (429, 500, 503)
_SAID = {
    400: "Something sent cannot be taken; `errors` names each field with the remedy.",
    401: "Nobody is signed in, or not any more.",
    403: "Seen, but not allowed.",
    404: "Not there, or not for your eyes.",
    409: "In conflict with the present state.",
    410: "No longer kept; start again.",
    412: "Changed since the version in If-Match; `current` is the present object.",
    413: "The body is too large.",
    415: "The body is of a kind that is not read here.",
    422: "The Idempotency-Key was sent with another request.",
    429: "Too many requests; try again after `Retry-After` seconds.",
    500: "A fault of the server; its log has the `request_id`.",
    503: "Not available now; try again after `Retry-After` seconds.",
}


class WorkloomSchema(AutoSchema):
    """Describes one method of an `Endpoint`."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        """Return the operation object (OpenAPI 3.1, section 4.8.10); methods that promise nothing are left out."""
        handler = getattr(self.view, method.lower(), None)
        promised: Operation | None = getattr(handler, "operation", None)
        if promised is None or getattr(self.view, "alias", False):
            return None
        self.registry, self.path, self.method = registry, path, method
        described: dict[str, Any] = {
            "operationId": re.sub(r"[^a-z0-9]+", "_", promised.summary.lower().replace("'s", "")).strip("_"),
            "summary": promised.summary,
            "description": inspect.cleandoc(handler.__doc__ or promised.summary),
            "tags": [self._tag()],
            "parameters": [
                *self._path_parameters(path_regex),
                *self._query_parameters(promised),
                *self._header_parameters(promised),
            ],
            "responses": self._responses(promised),
            "security": [{}] if self._door.public else [{"bearer": []}, {"session": []}],
        }
        if promised.body is not None:
            described["requestBody"] = self._body(promised)
        return described

    @property
    def _door(self) -> "Endpoint":
        return cast("Endpoint", self.view)

    def _tag(self) -> str:
        return self.path.removeprefix("/api/v1/").split("/", maxsplit=1)[0]

    def _path_parameters(self, path_regex: str) -> list[dict[str, Any]]:
        found = []
        for name in re.findall(r"{(\w+)}", self.path):
            is_id = f"<uuid:{name}>" in path_regex
            schema = {"type": "string", "format": "uuid"} if is_id else {"type": "string"}
            said = (
                f"The {name.replace('_', ' ').removesuffix(' id')}'s id."
                if is_id
                else settings.API_PATH_WORDS.get(name, f"The {name}.")
            )
            example = settings.API_EXAMPLES["id"] if is_id else settings.API_EXAMPLES.get(f"path_{name}", "x")
            found.append(
                {
                    "name": name,
                    "in": "path",
                    "required": True,
                    "schema": schema,
                    "description": said,
                    "example": example,
                }
            )
        return found

    def _query_parameters(self, promised: Operation) -> list[dict[str, Any]]:
        found = [
            _query(name, {"type": "string"}, said)
            for name, said in promised.parameters.items()
            if not name.endswith("!")
        ]
        listing = promised.listing
        if listing is not None:
            found += _list_parameters(listing)
        elif promised.filters is not None:
            found += _filter_parameters(promised.filters)
        if listing is not None or promised.is_shaped:
            row = listing.projection.row if listing else promised.reply
            more = tuple(listing.projection.on_request) if listing else promised.on_request
            names = ", ".join((*row.__struct_fields__, *more)) if row else ""
            found.append(_query("fields", {"type": "string"}, f"Only these, separated by commas: {names}."))
            expandable = listing.projection.expandable if listing else promised.expandable
            found.append(
                _query(
                    "expand",
                    {"type": "string"},
                    f"Relations to show as objects: {', '.join(expandable) or 'none here'}.",
                )
            )
        if self.method not in ("GET", "HEAD") and self._door.in_transaction:
            found.append(
                _query(
                    "dry_run",
                    {"type": "boolean", "default": False},
                    "Carry it out, answer what would be, and write nothing.",
                )
            )
        return found

    def _header_parameters(self, promised: Operation) -> list[dict[str, Any]]:
        found = []
        if self.method == "POST" and self._door.keyed and self._door.in_transaction:
            found.append(
                _header(
                    "Idempotency-Key",
                    "The same key with the same request gets the first answer for 24 hours.",
                    "6f1c-create-1",
                )
            )
        if 412 in promised.errors:
            found.append(_header("If-Match", "The version that the change is based on, as ETag gave it.", '"3"'))
        return found

    def _body(self, promised: Operation) -> dict[str, Any]:
        form = promised.body
        assert form is not None  # noqa: S101 - the caller looked
        name, schema = form_schema(form, partial=self.method == "PATCH")
        reference = self._component(name, schema)
        example = example_of(schema, self._schemas(), name)
        media = "multipart/form-data" if promised.multipart else _JSON
        content = {media: {"schema": reference, "examples": {"usual": {"summary": "As usual", "value": example}}}}
        return {"required": True, "content": content}

    def _responses(self, promised: Operation) -> dict[str, Any]:
        good: dict[str, Any] = {"description": "Done."}
        if promised.reply is not None:
            reference = self._struct(promised.reply)
            if promised.listing is not None:
                reference = self._page(promised.reply)
            example = example_of(reference, self._schemas(), "")
            good["content"] = {
                promised.media_type: {
                    "schema": reference,
                    "examples": {"usual": {"summary": "As usual", "value": example}},
                }
            }
        answers = {str(promised.status): good}
        if (
            promised.reply is not None
            and self.method == "GET"
            and "version" in promised.reply.__struct_fields__
            and promised.listing is None
        ):
            answers["304"] = {"description": "The version in If-None-Match is the present one."}
        for status in sorted({*_ALWAYS, *self._errors(promised)}):
            answers[str(status)] = self._refusal(status)
        return dict(sorted(answers.items()))

    def _errors(self, promised: Operation) -> Iterable[int]:
        yield 400
        yield from promised.errors
        if not self._door.public:
            yield 401
        if promised.body is not None:
            yield from (413, 415)
        if self.method == "POST" and self._door.keyed and self._door.in_transaction:
            yield from (409, 422)

    def _refusal(self, status: int) -> dict[str, Any]:
        name = HTTPStatus(status).phrase.replace(" ", "").replace("-", "")
        reference = self._struct(Problem)
        value = {
            **settings.API_EXAMPLES["problem"],
            "status": status,
            "title": HTTPStatus(status).phrase,
            "detail": _SAID.get(status, "Refused."),
        }
        content = {_PROBLEM: {"schema": reference, "examples": {"usual": {"summary": "As usual", "value": value}}}}
        component = _made(
            name, ResolvedComponent.RESPONSE, {"description": _SAID.get(status, "Refused."), "content": content}
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _page(self, row: type[msgspec.Struct]) -> dict[str, Any]:
        link = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}
        schema = {
            "type": "object",
            "description": "One page; `next` and `previous` are addresses, null at the ends.",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "With count=true or page numbers."},
                "next": link,
                "previous": link,
                "results": {"type": "array", "items": self._struct(row)},
            },
        }
        return self._component(f"PageOf{row.__name__}", schema)

    def _struct(self, row: type[msgspec.Struct]) -> dict[str, Any]:
        _, components = msgspec.json.schema_components([row], ref_template=_REF)
        for name, schema in components.items():
            _name_times(schema)
            self._component(name, {**schema, "description": inspect.cleandoc(str(schema.get("description", name)))})
        return {"$ref": _REF.format(name=row.__name__)}

    def _component(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        self.registry.register_on_missing(_made(name, ResolvedComponent.SCHEMA, schema))
        return {"$ref": _REF.format(name=name)}

    def _schemas(self) -> Mapping[str, Any]:
        known = self.registry._components  # noqa: SLF001 - the registry offers no reading
        return {name: component.schema for (name, kind), component in known.items() if kind == "schemas"}


def _name_times(schema: dict[str, Any]) -> None:
    """Say of instants that they are; the encoder's schema leaves out the format of times that need not have a zone."""
    for name, field in schema.get("properties", {}).items():
        if name.endswith("_at") or name in ("timestamp", "last_login"):
            for part in field.get("anyOf", [field]):
                if part.get("type") == "string":
                    part["format"] = "date-time"


def _made(name: str, kind: str, schema: dict[str, Any]) -> ResolvedComponent:
    return ResolvedComponent(name, kind, schema, name)  # type: ignore[no-untyped-call] # the library's class has no types


def _query(name: str, schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": said}


def _header(name: str, said: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": said,
        "example": example,
    }


def _list_parameters(listing: Listing[Any]) -> list[dict[str, Any]]:
    orders = list(listing.ordering_names)
    found = [
        _query(
            "ordering",
            {"type": "string", "enum": orders, "default": listing.default},
            "The order; - in front turns it round.",
        ),
        _query(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
            "Rows in a page.",
        ),
        _query("cursor", {"type": "string"}, "The place that `next` or `previous` of another page names."),
        _query("page", {"type": "integer", "minimum": 1}, "Pages by number, with `count`, in place of a cursor."),
        _query("count", {"type": "boolean", "default": False}, "Also count all rows."),
    ]
    return found + _filter_parameters(listing)


def _filter_parameters(listing: Listing[Any]) -> list[dict[str, Any]]:
    found = []
    offered = set(listing.filter_names)
    for name, given in listing.filters.items():
        schema: dict[str, Any] = {"type": "boolean" if given.kind == "boolean" else "string"}
        if given.choices:
            schema["examples"] = list(given.choices)
        more = (
            " Several values mean any of them." + (f" `{name}!` excludes." if f"{name}!" in offered else "")
            if given.many
            else ""
        )
        listed = f" One of {', '.join(given.choices)}." if given.choices else ""
        found.append(
            _query(name, schema, f"{given.help or 'Rows with this ' + name.replace('_', ' ') + '.'}{listed}{more}")
        )
    return found
