"""What people may be called."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from workloom.core.errors import FieldError
from workloom.core.text import fold

LONGEST_USERNAME = 60
LONGEST_KEY = 150
LONGEST_EMAIL = 254
RESERVED = frozenset({"me", "none", "system", "anonymous"})
"""Words that mean somebody else in filters and in the log."""
ANONYMISED = "deleted-"
"""How the names of people begin whose own was erased; nobody takes such a name, or the erasure could not have it."""

_USERNAME = re.compile(r"[\w.+-]+")
_UNFIT = re.compile(r"[^\w.+-]+")


def username_problem(username: str) -> FieldError | None:
    """Say what is wrong with a username, if anything is."""
    if not 1 <= len(username) <= LONGEST_USERNAME or len(fold(username)) > LONGEST_KEY:
        return FieldError("username", "invalid_length", f"A username has 1 to {LONGEST_USERNAME} characters.")
    if not _USERNAME.fullmatch(username):
        return FieldError(
            "username", "invalid_username", "A username takes letters, digits and . _ + - only, no @ and no spaces."
        )
    if fold(username) in RESERVED or fold(username).startswith(ANONYMISED):
        return FieldError("username", "username_taken", "This username is taken. Choose another one.")
    return None


def email_problem(email: str) -> FieldError | None:
    """Say what is wrong with an address, if anything is."""
    try:
        validate_email(email)
    except ValidationError:
        return FieldError("email", "invalid_email", "Send an e-mail address, for example ann@example.org.")
    if len(email) > LONGEST_EMAIL or len(fold(email)) > LONGEST_EMAIL:
        return FieldError("email", "invalid_length", f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    return None


def usernames_from(email: str, random: str) -> Iterator[str]:
    """Yield names to try for somebody who chose none: the address's local part, then with ever longer endings."""
    base = _UNFIT.sub("", email.partition("@")[0].lower())[: LONGEST_USERNAME - 12] or "user"
    if username_problem(base) is None:
        yield base
    for length in (4, 6, 10):
        yield f"{base[:40] if len(fold(base)) <= LONGEST_USERNAME else 'user'}-{random[:length]}"
