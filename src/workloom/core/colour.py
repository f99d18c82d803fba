"""Colours as #rrggbb, and one to begin with for whatever has none."""

import re
import zlib

from workloom.core.text import fold

PALETTE = (
    "#2563eb", "#7c3aed", "#db2777", "#dc2626", "#ea580c", "#ca8a04", "#16a34a", "#0d9488", "#0891b2", "#64748b",
)  # fmt: skip
_LONG = re.compile(r"#[0-9a-f]{6}")
_SHORT = re.compile(r"#[0-9a-f]{3}")


def read_colour(text: str) -> str | None:
    """Read #rrggbb or #rgb in any case; anything else is None."""
    plain = text.strip().lower()
    if _LONG.fullmatch(plain):
        return plain
    if _SHORT.fullmatch(plain):
        return "#" + "".join(digit * 2 for digit in plain[1:])
    return None


def colour_for(name: str) -> str:
    """Choose a colour by a name, the same one each time."""
    return PALETTE[zlib.crc32(fold(name).encode()) % len(PALETTE)]
