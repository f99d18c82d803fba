"""Decoding one JSON text as the standard means it, not as most readers let it pass."""

import json
import math
import re
from typing import Final

from workloom.core.text import is_clean

_DIRT: Final = re.compile("[\0\ud800-\udfff]")


class NotStrictError(ValueError):
    """Duplicate keys, NaN, or a number that no float holds."""


def decode_strictly(text: str) -> object:
    """Decode; raise JSONDecodeError with a position, or NotStrictError with a sentence."""
    value: object = _DECODER.decode(text)
    return value


def scrub(value: object) -> object:
    """Put the replacement sign where a character stands that no database could hold."""
    if isinstance(value, str):
        return value if is_clean(value) else _DIRT.sub("\ufffd", value)
    if isinstance(value, list):
        return [scrub(one) for one in value]
    if isinstance(value, dict):
        return {key: scrub(one) for key, one in value.items()}
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotStrictError(f"{_first_twice(pairs)[:100]!r} stands twice in one object")
    return made


def _first_twice(pairs: list[tuple[str, object]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return ""


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise NotStrictError(f"the number {text[:40]} is too large")
    return number


def _integer(text: str) -> int:
    if len(text) > 300:
        raise NotStrictError(f"the number {text[:40]}… is too large")
    return int(text)


def _constant(text: str) -> object:
    raise NotStrictError(f"{text} is not a JSON value")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
)
