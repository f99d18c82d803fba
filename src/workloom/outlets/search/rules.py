"""Places in a ranked list."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

import msgspec

from workloom.core.errors import Invalid

LONGEST_QUERY = 2000
READ_IN_ALL = 100_000
"""Characters of texts that one page looks through for hits to show, shared among what it found."""
READ_AT_LEAST = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A hit among the others, in the order of the index; `back` reads towards the best."""

    relevance: int
    is_open: bool
    updated_at: datetime
    id: int
    back: bool = False

    def encode(self) -> str:
        """Return the opaque form that clients carry."""
        values = (self.relevance, self.is_open, self.updated_at, self.id, self.back)
        return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Read a client's cursor; raises Invalid for one that is not ours."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        values = msgspec.json.decode(raw, type=tuple[int, bool, datetime, int, bool])
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise Invalid(
            "cursor", "invalid_cursor", "This cursor was not made by this search. Start again without cursor."
        ) from error
    if max(abs(values[0]), abs(values[3])) >= 2**31 or values[2].tzinfo is None:
        raise Invalid(
            "cursor", "invalid_cursor", "This cursor was not made by this search. Start again without cursor."
        )
    return Place(*values)


def share_of(hits: int) -> int:
    """Return how many characters of each text are looked through."""
    return max(READ_AT_LEAST, READ_IN_ALL // max(hits, 1))
