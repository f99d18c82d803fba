"""What comes in: unknown names are refused, aliases resolved, and the rest becomes a frozen dataclass."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, ClassVar
from zoneinfo import available_timezones

import msgspec
from rest_framework import serializers
from rest_framework.fields import empty

from workloom.core.clock import in_milliseconds
from workloom.core.errors import FieldError, Invalid, Refused
from workloom.core.filters import BadValue, read_moment
from workloom.core.ids import is_uuid7, parse_uuid
from workloom.core.text import hint_at, slug

_kept = threading.local()
Current = Callable[[], msgspec.Struct]
MOST_NAMED = 20
"""Unknown fields in one answer."""


class Input(serializers.Serializer[Any]):
    """The base of every body. `builds` is the dataclass made of it, `row` the object it writes, `aliases` other names for its fields."""

    builds: ClassVar[type]
    row: ClassVar[type[msgspec.Struct] | None] = None
    aliases: ClassVar[Mapping[str, str]] = {}

    @property
    def _writable_fields(self) -> list[Any]:
        """Pass over fields that were not sent and have nothing to say to that."""
        sent = self.initial_data if self.root is self else None
        return [field for field, speaks in self._taken if speaks or sent is None or field.field_name in sent]

    @cached_property
    def _taken(self) -> list[tuple[Any, bool]]:
        written = (field for field in self.fields.values() if not field.read_only)
        return [(field, field.required or field.default is not empty) for field in written]

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read field by field, as the framework does but for nested forms of HTML and methods named after fields, which no body here has."""
        found: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for field in self._writable_fields:
            try:
                found[field.source] = field.run_validation(data.get(field.field_name, empty))
            except serializers.ValidationError as error:
                wrong[field.field_name] = error.detail
            except serializers.SkipField:
                pass
        if wrong:
            raise serializers.ValidationError(wrong)
        return found

    def run_validators(self, value: Any) -> None:
        """Pass over what the framework prepares for validators where there are none."""
        if self.validators:
            super().run_validators(value)

    def take(self, data: Mapping[str, Any]) -> None:
        """Take another body, and forget what came of the last one."""
        self.initial_data = data
        for name in ("_validated_data", "_errors"):
            self.__dict__.pop(name, None)


def read_input(form: type[Input], data: Any, *, whole: bool, current: Current | None) -> Any:
    """Check a body against a form and return its dataclass; `whole` demands the required fields, raises Invalid naming every wrong field."""
    if not isinstance(data, Mapping):
        raise Refused("not_an_object", "The body must be a JSON object.")
    reader = _reader_of(form, is_part=not whole)
    names = set(reader.fields)
    plain = {str(name): value for name, value in data.items()}
    plain = _without_aliases(form, plain, names, current)
    plain = _without_echoes(form, plain, names, current)
    _refuse_unknown(form, plain, names)
    reader.take(plain)
    try:
        reader.is_valid(raise_exception=True)
        known = _known_to(form.builds)
        return form.builds(**{name: value for name, value in reader.validated_data.items() if name in known})
    finally:
        reader.take({})  # a body may hold a password, or be large


def _reader_of(form: type[Input], *, is_part: bool) -> Input:
    """Return this thread's reader of a form: to make one costs more than to read a body."""
    kept: dict[Any, Input] = _kept.__dict__
    key = (form, is_part)
    if key not in kept:
        kept[key] = form(data={}, partial=is_part)
    return kept[key]


@cache
def _known_to(builds: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(builds))


def _without_aliases(
    form: type[Input], data: dict[str, Any], names: set[str], current: Current | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for sent, value in data.items():
        name = sent if sent in names else form.aliases.get(sent, sent)
        clashes = name in found and found[name] != value
        found[name] = _the_changed(name, (origin[name], found[name]), (sent, value), current) if clashes else value
        origin.setdefault(name, sent)
    return found


def _the_changed(name: str, one: tuple[str, Any], other: tuple[str, Any], current: Current | None) -> Any:
    if current is not None:
        now = msgspec.to_builtins(getattr(current(), name, None))
        if one[1] == now:
            return other[1]
        if other[1] == now:
            return one[1]
    raise Invalid.many(
        [
            FieldError(
                sent, "contradiction", f"{one[0]} and {other[0]} name the same thing and differ. Send one of them."
            )
            for sent in (one[0], other[0])
        ]
    )


def _without_echoes(
    form: type[Input], data: dict[str, Any], names: set[str], current: Current | None
) -> dict[str, Any]:
    """Drop read-only fields that a client sends back as it read them."""
    if form.row is None:
        return data
    read_only = {field for field in form.row.__struct_fields__ if field not in names} & set(data)
    if not read_only:
        return data
    now = msgspec.to_builtins(current()) if current else {}
    changed = [name for name in sorted(read_only) if current is None or data[name] != now.get(name)]
    if changed:
        raise Invalid.many(
            [FieldError(name, "read_only", f"{name} is set by the server. Leave it out.") for name in changed]
        )
    return {name: value for name, value in data.items() if name not in read_only}


def _refuse_unknown(form: type[Input], data: Mapping[str, Any], names: set[str]) -> None:
    unknown = [name for name in data if name not in names][:MOST_NAMED]
    if unknown:
        raise Invalid.many([FieldError(name[:80], "unknown_field", no_such_field(name, names)) for name in unknown])


def no_such_field(name: str, allowed: Iterable[str]) -> str:
    """Say which fields there are, and which one was likely meant."""
    names = sorted(allowed)
    return f"There is no field {name[:80]} here.{hint_at(name, names)} Allowed: {', '.join(names)}."


class Text(serializers.CharField):
    """A text and nothing that merely can be turned into one."""

    default_error_messages = {"invalid": "Send a text."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers: what was meant by 007 is not known."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Word(Text):
    """One of a fixed set of words, in any case, with - or space for _."""

    default_error_messages = {"choice": "“{word}” is not known here.{hint} Allowed: {allowed}."}

    def __init__(self, allowed: Iterable[str], **options: Any) -> None:
        self.allowed = [str(word) for word in allowed]
        self.openapi = {"type": "string", "enum": self.allowed}
        super().__init__(**{"max_length": 200, **options})

    def to_internal_value(self, data: Any) -> str:
        """Return the word as it is spelled in answers."""
        word = slug(super().to_internal_value(data))
        if word not in self.allowed:
            hint = hint_at(word, self.allowed)
            self.fail("choice", word=word[:80], hint=hint, allowed=", ".join(self.allowed))
        return word


class Flag(serializers.BooleanField):
    """True or false, and nothing that merely looks like it."""

    default_error_messages = {"invalid": "Send true or false."}

    def to_internal_value(self, data: Any) -> bool:
        """Take JSON booleans, and true or false as words from forms."""
        word = data if isinstance(data, bool) else str(data).lower() if isinstance(data, str) else ""
        if word not in (True, False, "true", "false"):
            self.fail("invalid")
        return word in (True, "true")


class Id(serializers.Field[Any, Any, Any, Any]):
    """An id as a UUID string."""

    default_error_messages = {"invalid": "Send an id (a UUID)."}

    def to_internal_value(self, data: Any) -> Any:
        """Read the canonical form only."""
        key = parse_uuid(data)
        if key is None:
            self.fail("invalid")
        return key

    def to_representation(self, value: Any) -> str:
        """Write the canonical form."""
        return str(value)


class NewId(Id):
    """An id made by the client for a new object."""

    default_error_messages = {"version": "Send a UUIDv7, or leave id out and get one."}

    def to_internal_value(self, data: Any) -> Any:
        """Refuse ids that would not sort by time."""
        key = super().to_internal_value(data)
        if not is_uuid7(key):
            self.fail("version")
        return key


class Ids(serializers.ListField):
    """A list of ids without doubles, at most `max_length`; one id or null are taken as a list of one or none."""

    child = Id()

    def run_validation(self, data: Any = empty) -> Any:
        """Read null as nobody and nothing."""
        return super().run_validation([] if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        """Keep the first of equal ids, in order."""
        if isinstance(data, str):
            data = [data]
        keys = [parse_uuid(one) for one in data] if isinstance(data, list) else []
        if not keys or None in keys:  # the framework says what is wrong, and where
            keys = super().to_internal_value(data)
        return tuple(dict.fromkeys(keys))


class Day(serializers.DateField):
    """A calendar date, RFC 3339."""

    default_error_messages = {"invalid": "Send a date, for example 2026-11-30."}

    def to_internal_value(self, value: Any) -> date:
        """Take the one form that is documented."""
        _, day = read_time(self, value)
        if day is None:
            self.fail("invalid")
        return day


class Moment(serializers.DateTimeField):
    """An instant, RFC 3339, answered in UTC."""

    default_error_messages = {"invalid": "Send a date-time with its offset, for example 2026-11-30T12:00:00Z."}

    def to_internal_value(self, value: Any) -> datetime:
        """Cut to milliseconds, the precision that is kept."""
        moment, _ = read_time(self, value)
        if moment is None:
            self.fail("invalid")
        return in_milliseconds(moment)


def read_time(field: serializers.Field[Any, Any, Any, Any], value: Any) -> tuple[datetime | None, date | None]:
    """Read a text as an instant or a date, the other is None, as both are for what is no text; other texts fail the field."""
    try:
        return read_moment(value) if isinstance(value, str) else (None, None)
    except BadValue:
        field.fail("invalid")


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all time zones; the standard library walks the file system for them each time."""
    return frozenset(available_timezones())


class Zone(Text):
    """The name of a time zone as the IANA data base has it."""

    default_error_messages = {"zone": "Send a time zone by its IANA name, for example Europe/Berlin."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse names that no data base has."""
        name = super().to_internal_value(data)
        if name not in known_zones():
            self.fail("zone")
        return name


class Colour(Text):
    """#rrggbb."""

    default_error_messages = {"colour": "Send a colour as #rrggbb, for example #3b82f6."}

    def to_internal_value(self, data: Any) -> str:
        """Take any case, keep lower case."""
        text = super().to_internal_value(data).lower()
        if len(text) != 7 or text[0] != "#" or any(digit not in "0123456789abcdef" for digit in text[1:]):
            self.fail("colour")
        return text
