"""Input forms as JSON Schema, and the problem document as a type."""

import inspect
from typing import Any, cast

import msgspec
from rest_framework import serializers

from workloom.core.http import inputs


class FieldProblem(msgspec.Struct, frozen=True):
    """One thing wrong with one field."""

    field: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """An error (RFC 9457); `code` is stable, `request_id` finds the log lines."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldProblem]


_KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], dict[str, Any]], ...] = (
    (inputs.Colour, {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}),
    (inputs.Id, {"type": "string", "format": "uuid"}),
    (serializers.DateTimeField, {"type": "string", "format": "date-time"}),
    (serializers.DateField, {"type": "string", "format": "date"}),
    (serializers.BooleanField, {"type": "boolean"}),
    (serializers.EmailField, {"type": "string", "format": "email"}),
    (serializers.IntegerField, {"type": "integer"}),
    (serializers.FloatField, {"type": "number"}),
    (serializers.FileField, {"type": "string", "format": "binary"}),
    (serializers.CharField, {"type": "string"}),
    (serializers.DictField, {"type": "object"}),
    (serializers.JSONField, {}),
)


def form_schema(form: type[inputs.Input], *, partial: bool) -> tuple[str, dict[str, Any]]:
    """Return a form's name and JSON Schema; a PATCH requires nothing."""
    name = form.__name__.removesuffix("In") + ("Patch" if partial else "Body")
    schema = _object(form(), partial=partial)
    said = inspect.cleandoc(form.__doc__ or name)
    if form.aliases:
        said += " Also understood: " + ", ".join(f"{alias} for {name}" for alias, name in form.aliases.items()) + "."
    return name, {**schema, "description": said, "additionalProperties": False}


def _object(form: serializers.BaseSerializer[Any], *, partial: bool) -> dict[str, Any]:
    fields = {name: field for name, field in getattr(form, "fields", {}).items() if not field.read_only}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: field_schema(field) for name, field in fields.items()},
    }
    required = [name for name, field in fields.items() if field.required]
    if required and not partial:
        schema["required"] = required
    return schema


def field_schema(field: Any) -> dict[str, Any]:
    """Return one field's JSON Schema; a class of ours may carry it as `openapi`. Raises TypeError for a kind not known here."""
    schema = _kind(field)
    if field.allow_null and schema:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def _kind(field: Any) -> dict[str, Any]:
    if hasattr(field, "openapi"):
        return dict(field.openapi)
    if isinstance(field, serializers.ListSerializer):
        return {"type": "array", "items": _object(cast("serializers.BaseSerializer[Any]", field.child), partial=False)}
    if isinstance(field, serializers.BaseSerializer):
        return _object(field, partial=False)
    if isinstance(field, serializers.ListField):
        return _bounded({"type": "array", "items": field_schema(field.child)}, field, "Items")
    if isinstance(field, serializers.ChoiceField):
        return {"type": "string", "enum": list(field.choices)}
    for kind, schema in _KINDS:
        if isinstance(field, kind):
            return _bounded(dict(schema), field, "Length")
    raise TypeError(f"{type(field).__name__} has no JSON Schema: give the class an openapi attribute.")


def _bounded(schema: dict[str, Any], field: Any, noun: str) -> dict[str, Any]:
    for name, key in (
        ("min_length", f"min{noun}"),
        ("max_length", f"max{noun}"),
        ("min_value", "minimum"),
        ("max_value", "maximum"),
    ):
        value = getattr(field, name, None)
        if value is not None:
            schema[key] = value
    return schema
