"""Proof that the log is what was written: the chain of hashes, the numbers without gaps, the values that may be erased."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workloom.events.models import Head, LogRow
from workloom.events.publish import facts_of, link
from workloom.events.record import commitment

_BATCH = 1000
MOST_NAMED = 100


@dataclass(slots=True)
class Verdict:
    """What a look at the whole log found; the lists name the first hundred numbers."""

    checked: int = 0
    erased: int = 0
    unpublished: int = 0
    breaks: list[int] = field(default_factory=list)
    """Events that are not what was written."""
    gaps: list[int] = field(default_factory=list)
    """Numbers that are missing."""
    is_end_whole: bool = True
    """False when the newest events are gone."""

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was changed or removed."""
        return not self.breaks and not self.gaps and self.is_end_whole


def verify_log() -> Verdict:
    """Compute every link of the chain anew, in constant memory.

    The oldest event kept is taken at its word where older ones are no longer kept: the hash before it is not known.
    """
    head = Head.objects.filter(pk=1).first() or Head(id=1)
    verdict = Verdict(unpublished=LogRow.objects.filter(seq__isnull=True).count())
    seq, previous = head.kept_from, "" if not head.kept_from else None
    for row in _numbered_rows(head):
        number = row.seq or 0
        _note(verdict.gaps, *range(seq + 1, min(number, seq + 1 + MOST_NAMED)))
        if number != seq + 1:
            previous = None
        if not _is_as_written(row, previous):
            _note(verdict.breaks, number)
        verdict.checked += 1
        verdict.erased += not row.salt
        seq, previous = number, row.hash
    verdict.is_end_whole = seq == head.seq and previous in {None, head.hash}
    return verdict


def chain_breaks() -> list[int]:
    """Return the numbers at which the log is not what was written or misses something: none, unless it was tampered with."""
    verdict = verify_log()
    return [*verdict.breaks, *verdict.gaps, *([] if verdict.is_end_whole else [-1])]


def _numbered_rows(head: Head) -> Iterator[LogRow]:
    """Read up to the number that was the last when we began, a batch at a time: drivers would hold all at once."""
    last = 0
    while True:
        batch = list(LogRow.objects.filter(seq__gt=last, seq__lte=head.seq).order_by("seq")[:_BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1].seq or 0


def _is_as_written(row: LogRow, previous: str | None) -> bool:
    chained = previous is None or row.hash == link(previous, row.seq or 0, facts_of(row))
    return chained and (not row.salt or row.commitment == commitment(row.salt, row.private))


def _note(found: list[int], *numbers: int) -> None:
    found.extend(numbers[: MOST_NAMED - len(found)])
