"""What the API shows of what was found."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.core.search import Segment


class HitRow(msgspec.Struct, frozen=True):
    """A task or a comment that has all the words; for a comment, `key`, `title` and `status` are its task's.

    Texts come in segments that say whether they are a hit: `title_highlights` is the whole title, `highlights` are
    pieces of the text around the first hits.
    """

    kind: str
    id: UUID
    task: UUID
    project: UUID
    key: str
    title: str
    status: str
    is_open: bool
    title_highlights: list[Segment]
    highlights: list[list[Segment]]
    updated_at: datetime
