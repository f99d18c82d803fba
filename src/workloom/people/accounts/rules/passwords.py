"""Which passwords are taken: one answer for registration, change, commands and settings."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from workloom.core.errors import FieldError, Invalid
from workloom.core.text import fold

SHORTEST = 8
LONGEST = 128
_TOO_NEAR = 0.7
_SHORTEST_NAME = 4


def check_password_fit(password: str, names: Iterable[str], field: str = "password") -> None:
    """Refuse a password that is too short, too long, common or made of the person's own names; raises Invalid."""
    problem = password_problem(password, names, field)
    if problem:
        raise Invalid.many([problem])


def password_problem(password: str, names: Iterable[str], field: str = "password") -> FieldError | None:
    """Say what is wrong with a password, if anything is."""
    if len(password) < SHORTEST:
        return FieldError(field, "password_too_short", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        return FieldError(field, "password_too_long", f"A password has at most {LONGEST} characters.")
    if fold(password).strip() in common_passwords():
        return FieldError(
            field, "password_too_common", "This password is among the first that anybody tries. Choose another one."
        )
    if any(_is_near(password, part) for name in names for part in _parts(name)):
        return FieldError(
            field, "password_too_similar", "The password is too much like your name, username or e-mail address."
        )
    return None


@cache
def common_passwords() -> frozenset[str]:
    """Return the framework's list of the 20,000 most used."""
    return frozenset(CommonPasswordValidator().passwords)


def _parts(name: str) -> set[str]:
    whole = fold(name).strip()
    return {part for part in (whole, *re.split(r"[\W_]+", whole)) if len(part) >= _SHORTEST_NAME}


def _is_near(password: str, name: str) -> bool:
    plain = fold(password)
    if len(plain) >= 10 * len(name):
        return False
    letters = "".join(char for char in plain if char.isalpha())
    return name in {plain, letters} or SequenceMatcher(a=plain, b=name).quick_ratio() >= _TOO_NEAR
