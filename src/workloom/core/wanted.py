"""What a body asks for: frozen dataclasses whose absent fields are UNSET."""

from dataclasses import fields
from typing import Any

from msgspec import UNSET


def sent_fields(wanted: Any) -> tuple[str, ...]:
    """Name the fields of a wanted-dataclass that the caller sent."""
    return tuple(field.name for field in fields(wanted) if getattr(wanted, field.name) is not UNSET)
