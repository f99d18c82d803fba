"""What the worker processes do, in the test's own thread: until nothing is left that is due."""

from workloom.events.consumers import run_consumers
from workloom.events.jobs import run_due
from workloom.events.publish import publish

_MOST_ROUNDS = 100


def drain() -> None:
    """Publish, let the consumers read, carry out the jobs that are due, and again while that made new work."""
    for _ in range(_MOST_ROUNDS):
        if publish() + run_consumers() + run_due() == 0:
            return
    raise AssertionError("The work never ends: a job or a consumer makes new work each time.")
