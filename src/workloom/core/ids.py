"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID

_VERSION_7 = 7 << 76
_VARIANT = 2 << 62

NOBODY = UUID(int=0)
"""An id that no row has: what a visitor or the system is looked up by."""


def uuid7() -> UUID:
    """Return a fresh id: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) >> 6
    return UUID(
        int=(milliseconds & (2**48 - 1)) << 80 | _VERSION_7 | (random >> 62) << 64 | _VARIANT | random & (2**62 - 1)
    )


def uuid7s(count: int) -> list[UUID]:
    """Return fresh ids that sort as they stand."""
    return sorted([uuid7() for _ in range(count)])


def made_at(value: UUID) -> datetime:
    """Return when an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def is_uuid7(value: UUID) -> bool:
    """Tell whether a client-made id has the version and variant that we accept."""
    return value.version == 7


def parse_uuid(text: object) -> UUID | None:
    """Read an id in its plain 36-character form; anything else is None."""
    if isinstance(text, UUID):
        return text
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
