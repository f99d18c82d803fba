"""Believable examples for the OpenAPI document, made from a schema and the words in config/examples.py."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

_BY_FORMAT = {
    "uuid": "id",
    "date-time": "date_time",
    "date": "date",
    "email": "email",
    "uri": "uri",
    "binary": "file",
}
_PLAIN: Mapping[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int = 0) -> Any:
    """Return a value that fits a schema; words for a property's name come before its type."""
    if "$ref" in schema:
        target = schema["$ref"].rsplit("/", 1)[-1]
        return example_of(schemas[target], schemas, target, depth + 1)
    fixed = schema.get("examples") or schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if fixed and settings.API_EXAMPLES.get(name) not in fixed:
        return fixed[0]
    if name in settings.API_EXAMPLES and depth and _fits(settings.API_EXAMPLES[name], schema):
        return settings.API_EXAMPLES[name]
    for choices in ("anyOf", "oneOf"):
        if choices in schema:
            return example_of(next(iter(schema[choices])), schemas, name, depth)
    return _by_type(schema, schemas, name, depth)


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a word for a name is of the kind that this schema takes."""
    if "anyOf" in schema:
        return any(_fits(value, part) for part in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }
    kind = kinds.get(str(schema.get("type")))
    return "$ref" not in schema and (kind is None or isinstance(value, kind))


def _by_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {key: example_of(part, schemas, key, depth + 1) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return (
            [example_of(schema.get("items", {}), schemas, name.removesuffix("s"), depth + 1)]
            if schema.get("items") and depth < 6
            else []
        )
    if schema.get("format") in _BY_FORMAT:
        return settings.API_EXAMPLES[_BY_FORMAT[schema["format"]]]
    return _PLAIN.get(str(kind), "text")
