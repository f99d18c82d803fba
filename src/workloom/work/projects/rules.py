"""Pure decisions on projects: what is said of them, and their keys."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from msgspec import UNSET, UnsetType

KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
INBOX = "Inbox"
_FALLBACK = "PRJ"
_SHORT_WORD = 5
_INITIALS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """What somebody says of a project to be made; everything but the name has a default."""

    name: str
    id: UUID | UnsetType = UNSET
    workspace: UUID | UnsetType = UNSET
    key: str | UnsetType = UNSET
    description: str = ""
    owner: UUID | UnsetType = UNSET
    members: tuple[UUID, ...] = ()
    default_assignee: UUID | None = None
    time_zone: str | UnsetType = UNSET
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChange:
    """What is to be different."""

    name: str | UnsetType = UNSET
    key: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    owner: UUID | UnsetType = UNSET
    members: tuple[UUID, ...] | UnsetType = UNSET
    default_assignee: UUID | UnsetType | None = UNSET
    time_zone: str | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET


def key_from(name: str) -> str:
    """Make a key of a name: the initials of several words, a short word itself, else its first three letters."""
    plain = unicodedata.normalize("NFKD", name).upper().encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Z0-9]+", plain)
    letters = "".join(words).lstrip("0123456789")
    key = (
        "".join(word[0] for word in words)[:_INITIALS].lstrip("0123456789")
        if len(words) > 1
        else letters
        if len(letters) <= _SHORT_WORD
        else letters[:3]
    )
    for candidate in (key, letters[:3]):
        if KEY.fullmatch(candidate):
            return candidate
    return _FALLBACK


def keys_like(base: str) -> Iterator[str]:
    """Yield a key and, for when it is taken, the same with ever higher numbers."""
    yield base
    for number in count(2):
        yield f"{base}{number}"
