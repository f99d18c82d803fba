"""Why something did not go out or nothing came back; what is not allowed at all is an `Invalid`, at save and at send."""

import time


class Failed(Exception):
    """A stable code, and a sentence for the log of deliveries."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Unreachable(Failed):
    """No such name, no connection, no trust in the certificate, or no HTTP on the other side."""


class TimedOut(Failed):
    """The answer was not there when the time was up; whether the receiver has acted is unknown."""


class TooMuch(Failed):
    """What came around the answer's body is more than anybody needs."""


class Deadline:
    """One moment at which looking up, connecting, sending and reading all have to be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that remain, never zero: a socket would take that for 'do not wait'."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise self.missed()
        return seconds

    def missed(self) -> TimedOut:
        return TimedOut("timed_out", f"There was no whole answer within {self._seconds:g} s.")
