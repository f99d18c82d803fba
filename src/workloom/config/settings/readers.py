"""Typed readers of the environment: each registers what it reads, and `docs/settings.md` is made from that register."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.core.exceptions import ImproperlyConfigured

from workloom.core.sentinels import scheme_of

Value = TypeVar("Value")

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})
_RATE: Final = re.compile(r"\d+/(second|minute|hour|day)")


class SettingError(ImproperlyConfigured):
    """Names the setting, what is wrong with it and what to write instead."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name} {problem}. {remedy}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Setting:
    topic: str
    name: str
    kind: str
    default: str
    about: str
    example: str


REGISTER: Final[dict[str, Setting]] = {}


def raw(name: str) -> str:
    """An empty variable counts as unset, because compose files pass on variables that nobody filled."""
    return os.environ.get(name, "").strip()


def is_set(*names: str) -> list[str]:
    return [name for name in names if raw(name)]


def refuse_together(first: Sequence[str], second: Sequence[str]) -> None:
    """Two ways to say the same thing may not both be used: nobody could tell which one counts."""
    left, right = is_set(*first), is_set(*second)
    if left and right:
        raise SettingError(
            left[0], f"and {', '.join(right)} say the same thing twice", "Keep one way and remove the other."
        )


class Reader:
    """Reads the settings of one topic."""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    def text(self, name: str, about: str, *, default: str = "", example: str = "", shown: str = "") -> str:
        """`shown` is what the documentation says in place of a default that is computed."""
        self._register(name, "text", shown or default, about, example)
        return raw(name) or default

    def whole(self, name: str, about: str, *, default: int, between: tuple[int, int], example: int = 0) -> int:
        least, most = between
        kind = f"whole number, {least} to {most}"
        self._register(name, kind, str(default), about, str(example or default))

        def parse(value: str) -> int:
            number = int(value)
            if not least <= number <= most:
                raise ValueError
            return number

        return self._parsed(name, default, parse, f"a {kind}")

    def flag(self, name: str, about: str, *, default: bool, shown: str = "") -> bool:
        """`shown` is what the documentation says in place of a default that another setting gives."""
        plain = "on" if default else "off"
        self._register(name, "on or off", shown or plain, about, "on" if shown or not default else "off")

        def parse(value: str) -> bool:
            if value.lower() not in _TRUE | _FALSE:
                raise ValueError
            return value.lower() in _TRUE

        return self._parsed(name, default, parse, "on or off")

    def choice(self, name: str, about: str, *, default: str, choices: Sequence[str]) -> str:
        listed = ", ".join(choices)
        self._register(name, f"one of {listed}", default, about, choices[-1])

        def parse(value: str) -> str:
            return {choice.lower(): choice for choice in choices}[value.lower()]

        return self._parsed(name, default, parse, f"one of {listed}")

    def names(self, name: str, about: str, *, default: Sequence[str] = (), example: str = "") -> list[str]:
        self._register(name, "list, comma between", ",".join(default), about, example)

        def parse(value: str) -> list[str]:
            return [part.strip() for part in value.split(",") if part.strip()]

        return self._parsed(name, list(default), parse, "a list with commas")

    def url(self, name: str, about: str, *, schemes: Sequence[str], example: str) -> str:
        """The address as written, or an empty text when unset."""
        listed = ", ".join(f"{scheme}://" for scheme in schemes)
        self._register(name, f"address, {listed}", "", about, example)

        def parse(value: str) -> str:
            if "://" not in value or scheme_of(value) not in schemes:
                raise ValueError
            return value

        return self._parsed(name, "", parse, f"an address that begins with {listed}", secret=True)

    def rate(self, name: str, about: str, *, default: str) -> str:
        self._register(name, "rate", default, about, default)

        def parse(value: str) -> str:
            if not _RATE.fullmatch(value):
                raise ValueError
            return value

        return self._parsed(name, default, parse, f"a rate such as {default} (per second, minute, hour or day)")

    def _register(self, name: str, kind: str, default: str, about: str, example: str) -> None:
        REGISTER[name] = Setting(self.topic, name, kind, default, about, example)

    def _parsed(
        self, name: str, default: Value, parse: Callable[[str], Value], expected: str, *, secret: bool = False
    ) -> Value:
        value = raw(name)
        if not value:
            return default
        try:
            return parse(value)
        except (ValueError, KeyError):
            seen = "its present value (not shown: it may hold a password)" if secret else repr(value)
            raise SettingError(
                name, f"must be {expected}, not {seen}", f"Write {name}={REGISTER[name].example} or leave it unset."
            ) from None
