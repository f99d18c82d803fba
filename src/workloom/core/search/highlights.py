"""Showing where a query was found in a text as it was written.

A text is returned in segments that say whether they are a hit: nothing to escape, and no offsets that depend on how
the reader's language counts characters.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from workloom.core.search.terms import Term, terms_of
from workloom.core.text import ONE_LETTER_NAME, SIGN_NAMES, is_dense, search_form

_READ_UP_TO = 20_000
_JOINS_THE_LAST = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f\u200d\U0001f3fb-\U0001f3ff]")
_TO_NEXT_WORD = re.compile(r"\S{0,20}\s+")
_FROM_LAST_WORD = re.compile(r"\s+\S{0,20}\Z")

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the original text."""

    text: str
    hit: bool


Fragment = tuple[Segment, ...]


def marked(text: str, query: str) -> Fragment:
    """Return the whole text, for titles."""
    return _segments(text, (0, len(text)), _hits(text, terms_of(query)))


def highlights(text: str, query: str, *, width: int = 160, most: int = 3) -> list[Fragment]:
    """Return up to `most` fragments of about `width` characters around hits, in the order of the text.

    Hits past the first 20,000 characters are not looked for; no hit, no fragment.
    """
    hits = _hits(text, terms_of(query))
    fragments: list[_Span] = []
    for start, end in hits:
        if fragments and end <= fragments[-1][1]:
            continue
        if len(fragments) == most:
            break
        fragments.append(_around(text, (start, end), width, fragments[-1][1] if fragments else 0))
    return [_segments(text, fragment, hits) for fragment in fragments]


def _around(text: str, hit: _Span, width: int, floor: int) -> _Span:
    """Widen a hit to the width, from word to word where there are spaces near."""
    room = max(width - (hit[1] - hit[0]), 0)
    start = max(hit[0] - room // 3, floor)
    end = min(start + max(width, hit[1] - start), len(text))
    if start and (cut := _TO_NEXT_WORD.match(text, start, hit[0])):
        start = cut.end()
    if end < len(text) and (cut := _FROM_LAST_WORD.search(text, hit[1], end)):
        end = cut.start()
    return start, end


def _segments(text: str, part: _Span, hits: list[_Span]) -> Fragment:
    edges = [part[0]]
    for start, end in hits:
        if part[0] <= start and end <= part[1]:
            edges += [start, end]
    edges.append(part[1])
    pairs = list(pairwise(edges))
    return tuple(Segment(text[start:end], at % 2 == 1) for at, (start, end) in enumerate(pairs) if start < end)


def _hits(text: str, terms: tuple[Term, ...]) -> list[_Span]:
    """Return where terms are, in order, those that touch or overlap as one."""
    text = text[:_READ_UP_TO]
    is_plain = text.isascii() and not ONE_LETTER_NAME.search(text)
    joined: list[_Span] = []
    for start, end in sorted(_spans_in_ascii(text, terms) if is_plain else _spans(text, terms)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _spans(text: str, terms: tuple[Term, ...]) -> Iterator[_Span]:
    plain, places = _mapped(text)
    for term in terms:
        wanted = term.found_as
        for match in re.finditer(re.escape(wanted), plain):
            first = match.start() + (wanted[0] == " ")
            yield places[first][0], places[match.end() - 1][1]


def _spans_in_ascii(text: str, terms: tuple[Term, ...]) -> Iterator[_Span]:
    """Find the same without a map: there every character has its own place."""
    small = text.lower()
    for term in terms:
        if " " in term.text or term.starts_a_word:
            yield from (match.span() for match in _in_ascii(term).finditer(small))
        else:
            yield from _of_string(small, term.text)


def _of_string(text: str, wanted: str) -> Iterator[_Span]:
    """Find a string that begins and ends anywhere: to make a pattern of each word that somebody looks for costs more than to find it."""
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        yield start, end
        start = text.find(wanted, end)


@functools.lru_cache(maxsize=1024)
def _in_ascii(term: Term) -> re.Pattern[str]:
    words = "[^a-z0-9]+".join(map(re.escape, term.words))
    return re.compile(f"(?<![a-z0-9]){words}" if term.starts_a_word else words)


def _mapped(text: str) -> tuple[str, list[_Span]]:
    """Return the search text with a space in front, and for each of its characters where it stood."""
    chars, places = [" "], [(0, 0)]
    for form, place in _clusters(text):
        for char in form:
            if char == " " or _words_meet(chars[-1], char):
                if chars[-1] != " ":
                    chars.append(" ")
                    places.append(place)
                if char == " ":
                    continue
            chars.append(char)
            places.append(place)
    return "".join(chars), places


def _words_meet(last: str, char: str) -> bool:
    return last != " " and is_dense(last) != is_dense(char)


def _clusters(text: str) -> Iterator[tuple[str, _Span]]:
    """Yield what normalisation treats as one: a character with the marks that follow it."""
    signs = {at for name in ONE_LETTER_NAME.finditer(text) for at in range(name.start() + 1, name.end())}
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _joins_the_last(text[end]):
            continue
        cluster = text[start:end]
        spelled = SIGN_NAMES[cluster[0]] + cluster[1:] if start in signs else cluster
        yield _form(spelled), (start, end)
        start = end


@functools.lru_cache(maxsize=65_536)
def _form(cluster: str) -> str:
    return search_form(cluster)


@functools.lru_cache(maxsize=65_536)
def _joins_the_last(char: str) -> bool:
    if char.isascii():
        return False
    return unicodedata.category(char)[0] == "M" or bool(_JOINS_THE_LAST.match(char))
