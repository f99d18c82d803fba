"""Strict JSON: what two readers could understand differently is refused with its place."""

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from rest_framework.parsers import BaseParser

from workloom.core.errors import Refused, TooLarge

DEEPEST = 64
LARGEST_BODY = 2_500_000
_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}"]', re.DOTALL)
"""A whole string, a bracket outside of strings, or the quote of a string that never closes; nothing is read twice."""


class Unreadable(Refused):
    """A body that is no JSON document as RFC 8259 has it."""

    title = "The body cannot be read"

    def __init__(self, detail: str) -> None:
        super().__init__("malformed_json", detail)


class JsonParser(BaseParser):
    """Reads a JSON body once, refusing NUL, NaN, infinities, duplicate names, invalid UTF-8 and deep nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the document; raises Unreadable."""
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise too_large()
        return read_json(body)


def too_large() -> TooLarge:
    """Return the refusal of a body over the limit for JSON."""
    return TooLarge("body_too_large", f"A JSON body may have {LARGEST_BODY:,} bytes at most.")


def read_json(body: bytes) -> Any:
    """Read bytes as one JSON document; an empty body reads as an empty object."""
    if not body.strip():
        return {}
    text = _decode(body)
    if text.count("[") + text.count("{") > DEEPEST:
        _check_depth(text)
    try:
        document = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"This is not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}."
        ) from error
    if "\\u" in text or "\x00" in text:
        _check_strings(document)
    return document


def _decode(body: bytes) -> str:
    if body.startswith(codecs.BOM_UTF8):
        raise Unreadable("The body begins with a byte order mark. Send plain UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"The body is not UTF-8 from byte {error.start} on.") from error


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(text):
        sign = bracket[0]
        if sign == '"':
            raise Unreadable("This is not JSON: a text in it is never closed.")
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        if depth > DEEPEST:
            raise Unreadable(f"The body is nested deeper than {DEEPEST} levels.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        count = Counter(name for name, _ in pairs)
        twice = next(name for name in count if count[name] > 1)
        raise Unreadable(f"The name “{twice[:80]}” stands twice in one object.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON. Send a number or null.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Unreadable(f"The number {text[:40]} is too large.")
    return number


def _short(text: str) -> int:
    if len(text) > 40:
        raise Unreadable(f"The number {text[:40]}… is too long.")
    return int(text)


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_short
)


def _check_strings(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise Unreadable("A text holds the character NUL (\\u0000). Leave it out.")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unreadable("A text holds half of a surrogate pair (\\ud800 to \\udfff). Send whole characters.")
    elif isinstance(value, list):
        for part in value:
            _check_strings(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_strings(name)
            _check_strings(part)
