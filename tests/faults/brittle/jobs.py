"""A reader of the log that raises for as long as a file of a certain name exists, and notes each event by one job."""

import os
from datetime import timedelta
from pathlib import Path

from workloom.core.clock import now
from workloom.events.jobs import enqueue, job
from workloom.events.rows import Published

NOTE = "faults.note"
BREAKS = Path(os.environ["DATA_DIR"]) / "brittle-breaks"


class MadeToRaise(RuntimeError):
    """What the tests asked for."""


def consume(event: Published) -> None:
    if BREAKS.exists():
        raise MadeToRaise(f"at {event.seq}")
    enqueue(NOTE, {"seq": event.seq}, run_at=now() + timedelta(days=1))


@job(NOTE)
def note(seq: int) -> None:
    """The row of the job is the effect; nobody waits for its time."""
