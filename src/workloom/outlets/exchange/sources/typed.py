"""Turning a decoded entry into the shape that a format promises, or into a problem with its place."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from workloom.outlets.exchange.sources.drafting import Draft
from workloom.outlets.exchange.sources.json_file import Entry

T = TypeVar("T")

# A time without a zone could be any of 26 hours: such an entry is refused.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def typed(draft: Draft, entry: Entry, shape: type[T]) -> T | None:
    """Convert the entry; one of another shape is left out and named."""
    draft.entries += 1
    if entry.was_scrubbed:
        draft.adjust("characters_replaced", example=str(entry.place))
    try:
        return msgspec.convert(entry.value, shape)
    except msgspec.ValidationError as error:
        draft.refuse(entry.place, "entry_shape", f"{error}. Correct the entry or export it again.")
        return None
