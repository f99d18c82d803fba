"""What a mail server's answer means for one mail."""

from dataclasses import dataclass
from enum import Enum


class Answer(Enum):
    """What became of one attempt."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer in the server's words; `is_over` when nobody can go on with this connection."""

    answer: Answer
    words: str
    is_over: bool = False


def judged(code: int, text: bytes | str, *, step: str = "") -> Verdict:
    """Judge a reply: 2xx took it, 5xx is for good, everything else may be otherwise later.

    421 is a server that closes, and -1 a connection that was lost.
    """
    words = f"{step}{code} {readable(text)}" if code > 0 else f"{step}{readable(text) or 'The connection was lost'}"
    if 200 <= code < 300:
        return Verdict(Answer.TAKEN, words)
    if 500 <= code < 600:
        return Verdict(Answer.REFUSED, words)
    return Verdict(Answer.LATER, words, is_over=code in {421, -1})


def readable(text: bytes | str) -> str:
    """Return a server's text as one line that every database keeps."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())[:900]
