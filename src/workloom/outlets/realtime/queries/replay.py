"""What was missed, told again a page at a time by the rights of now."""

from collections.abc import Iterator
from dataclasses import dataclass

from workloom.outlets.realtime.queries.changes import is_too_old, present_seq, read_changes
from workloom.outlets.realtime.queries.telling import messages_for
from workloom.outlets.realtime.rows import Message, Resync
from workloom.outlets.realtime.rules import MOST_REPLAYED, PAGE, Reload, Seat


@dataclass(frozen=True, slots=True)
class Told:
    """One page, and where it ends."""

    messages: list[Message]
    last: int
    is_end: bool


def read_missed(seat: Seat, after: int) -> Told:
    """Read the next page behind a place; one resync stands for what is too old or too much."""
    last = present_seq()
    if is_too_old(after, last, MOST_REPLAYED):
        projects = None if seat.projects is None else sorted(seat.projects)
        return Told([Message(Resync(projects, last))], last, is_end=True)
    return read_page(seat, after)


def read_page(seat: Seat, after: int) -> Told:
    """Read one page, however far it lies back."""
    batch = read_changes(after)
    batch.reloads += [Reload(seq, project=project) for project, seq in batch.imported.items()]
    messages = [] if batch.is_silent else messages_for(batch, [seat]).get(seat, [])
    return Told(messages, batch.last, is_end=batch.size < PAGE)


def pages_behind(seat: Seat, after: int | None) -> Iterator[Told]:
    """Read everything behind a place, one page after the other; without a place, only where the log ends."""
    told = Told([], present_seq(), is_end=True) if after is None else read_missed(seat, after)
    yield told
    while not told.is_end:
        told = read_page(seat, told.last)
        yield told
