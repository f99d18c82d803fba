"""A reader of the log that raises for as long as a file of a certain name exists, and notes each event by one job."""

import os
from pathlib import Path

from workloom.events.jobs import enqueue, job
from workloom.events.rows import Published

BREAKS = Path(os.environ["DATA_DIR"]) / "brittle-breaks"


class MadeToRaise(RuntimeError):
    """What the tests asked for."""


def consume(event: Published) -> None:
    if BREAKS.exists():
        raise MadeToRaise(f"at {event.seq}")
    enqueue("faults.note", {"seq": event.seq})


@job("faults.note")
def note(seq: int) -> None:
    """The row of the job is the effect."""
