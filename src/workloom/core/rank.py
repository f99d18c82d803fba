"""Places in an order that somebody drags about: strings that sort bytewise, with room between any two of them.

A rank is a whole number and a fraction, in base 62. The first letter tells how many digits the whole number has
(a…z upwards from zero, Z…A downwards), so that longer numbers sort right and rows added at an end stay short;
the fraction follows without trailing zeros. The column has to compare bytewise on every database.
"""

import string

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE = len(_DIGITS)
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_FIRST = "a0"
_LOWEST = "A" + "0" * 26

MAX_LENGTH = 255


class RankError(ValueError):
    """A string that no function of this module made, two neighbours in the wrong order, or no room left."""


def between(before: str | None, after: str | None) -> str:
    """Return a rank behind `before` and in front of `after`; None means the end of the list on that side."""
    if before is not None:
        _check(before)
    if after is not None:
        _check(after)
    if before is not None and after is not None:
        return _bounded(_between_two(before, after))
    if before is not None:
        whole, fraction = _parts(before)
        return _bounded(_up(whole) or whole + _middle(fraction, ""))
    if after is not None:
        return _bounded(_in_front_of(after))
    return _FIRST


def spread(count: int, after: str | None = None, before: str | None = None) -> list[str]:
    """Return `count` ranks in order, behind `after` and in front of `before`, as short and even as they come."""
    if count < 1:
        return []
    if before is None:
        ranks = [between(after, None)]
        while len(ranks) < count:
            ranks.append(between(ranks[-1], None))
        return ranks
    if after is None:
        ranks = [between(None, before)]
        while len(ranks) < count:
            ranks.append(between(None, ranks[-1]))
        return ranks[::-1]
    middle = between(after, before)
    left = (count - 1) // 2
    return [*spread(left, after, middle), middle, *spread(count - 1 - left, middle, before)]


def _between_two(before: str, after: str) -> str:
    if before >= after:
        raise RankError(f"{before!r} does not come in front of {after!r}")
    whole, fraction = _parts(before)
    other, other_fraction = _parts(after)
    if whole == other:
        return whole + _middle(fraction, other_fraction)
    higher = _up(whole)
    if higher is not None and higher < after:
        return higher
    return whole + _middle(fraction, "")


def _in_front_of(after: str) -> str:
    whole, fraction = _parts(after)
    if whole == _LOWEST:
        return whole + _middle("", fraction)
    if whole < after:
        return whole
    return _down(whole)


def _bounded(rank: str) -> str:
    if len(rank) > MAX_LENGTH:
        raise RankError("no room between the two neighbours: the list needs new ranks")
    return rank


def _check(rank: str) -> None:
    whole, fraction = _parts(rank)
    if len(rank) > MAX_LENGTH or fraction.endswith("0") or rank == _LOWEST or not set(rank) <= _VALUE.keys():
        raise RankError(f"{rank!r} is no rank")
    if len(whole) < _whole_length(rank):
        raise RankError(f"{rank!r} is no rank")


def _parts(rank: str) -> tuple[str, str]:
    length = _whole_length(rank)
    return rank[:length], rank[length:]


def _whole_length(rank: str) -> int:
    head = rank[:1]
    if "a" <= head <= "z":
        return ord(head) - ord("a") + 2
    if "A" <= head <= "Z":
        return ord("Z") - ord(head) + 2
    raise RankError(f"{rank!r} is no rank")


def _middle(low: str, high: str) -> str:
    """Return a fraction between two others, halfway at the first digit that leaves room; an empty `high` is one."""
    shared = 0
    while shared < len(high) and (low[shared : shared + 1] or "0") == high[shared]:
        shared += 1
    if shared:
        return high[:shared] + _middle(low[shared:], high[shared:])
    lower = _VALUE[low[0]] if low else 0
    upper = _VALUE[high[0]] if high else _BASE
    if upper - lower > 1:
        return _DIGITS[(lower + upper) // 2]
    if len(high) > 1:
        return high[0]
    return _DIGITS[lower] + _middle(low[1:], "")


def _up(whole: str) -> str | None:
    head, digits = whole[0], whole[1:].rstrip("z")
    if digits:
        raised = digits[:-1] + _DIGITS[_VALUE[digits[-1]] + 1]
        return head + raised.ljust(len(whole) - 1, "0")
    if head == "z":
        return None
    if head == "Z":
        return _FIRST
    higher = chr(ord(head) + 1)
    return higher + "0" * (_whole_length(higher) - 1)


def _down(whole: str) -> str:
    head, digits = whole[0], whole[1:].rstrip("0")
    if digits:
        lowered = digits[:-1] + _DIGITS[_VALUE[digits[-1]] - 1]
        return head + lowered.ljust(len(whole) - 1, "z")
    if head == "a":
        return "Zz"
    lower = chr(ord(head) - 1)
    return lower + "z" * (_whole_length(lower) - 1)
