"""A colour to begin with, for whatever has none."""

import zlib

from workloom.core.text import fold

PALETTE = (
    "#2563eb", "#7c3aed", "#db2777", "#dc2626", "#ea580c", "#ca8a04", "#16a34a", "#0d9488", "#0891b2", "#64748b",
)  # fmt: skip


def colour_for(name: str) -> str:
    """Choose a colour by a name, the same one each time."""
    return PALETTE[zlib.crc32(fold(name).encode()) % len(PALETTE)]
