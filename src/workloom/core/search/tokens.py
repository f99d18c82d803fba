"""Search text as tokens of a-z, 0-9 and _ of three characters or more, which every engine indexes as they stand.

No stock full-text parser finds short words, stop words, parts of words and scripts without spaces; encoded like this
they are ordinary words to all of them:

    pp…  the first two characters of a word                     "ab" finds "about"
    d…   one or two characters of a script without word breaks, or a symbol
    s…   what follows from each place inside a word              "ploy" finds "deployment"; MariaDB only
    k…   a key such as eng-42

A token that ends in * stands for all that begin so.
"""

import functools
import string
import unicodedata
from collections.abc import Iterable, Iterator

from workloom.core.search.terms import Term
from workloom.core.text import is_dense

DIVIDER = "¶"
"""Stands between title and body, where search text never has it, so that no term reaches across."""

_DIGITS = string.digits + string.ascii_lowercase
REACH, REACH_BYTES = 8, 9
"""So many characters, and on PostgreSQL bytes, of what follows inside a word are indexed."""
TSVECTOR_BYTES = (1 << 20) - 1
"""The most that a tsvector holds: nine bytes for each of the longest text's characters."""
_SHORT_REACH = 4
_MAX_TOKENS = 110_000


def short_tokens(words: Iterable[str]) -> set[str]:
    """Return the tokens for beginnings of words, for scripts without word breaks and for symbols."""
    tokens: set[str] = set()
    for word in words:
        if word.isascii():  # as most are: spelled as it is
            tokens.add("pp" + word[:2])
        elif is_joined(word):
            tokens.update(_joined(word[at : at + 2]) for at in range(len(word)))
        elif word != DIVIDER:
            tokens.add(_start(word[:2]))
        if len(tokens) >= _MAX_TOKENS:
            break
    return tokens


def inner_tokens(words: Iterable[str]) -> set[str]:
    """Return the tokens by which a part of at least three characters is found at any place in a word."""
    return {
        _inner(word[at:]) for word in words if word != DIVIDER and not is_joined(word) for at in range(len(word) - 2)
    }


def code_token(code: str) -> str:
    """Return the token of a key such as eng-42."""
    return "k" + code.replace("-", "_")


def short_needs(term: Term) -> Iterator[str]:
    """Yield the short tokens that every text with the term has."""
    for place, word in enumerate(term.words):
        if is_joined(word):
            yield from _pairs(word)
        elif place or len(word) < 3:
            yield _start(word[:2]) + ("*" if len(word) == 1 else "")


def inner_needs(term: Term) -> Iterator[str]:
    """Yield the inner tokens that every text with the term has."""
    return (_inner(word) + "*" for word in term.words if len(word) >= 3 and not is_joined(word))


def inner_parts(term: Term) -> Iterator[str]:
    """Yield the beginnings of what PostgreSQL indexes of a text: every text with the term has something that begins so."""
    return (inner_part(word) for word in term.words if len(word) >= 3 and not is_joined(word))


def inner_part(text: str) -> str:
    """Cut what follows in a word to what PostgreSQL indexes of it, which for a beginning is a beginning of that."""
    return text[:REACH].encode()[:REACH_BYTES].decode(errors="ignore")


def trigrams(term: Term, most: int = 4) -> list[str]:
    """Return a few runs of three characters, spaced out, that every text with the term has inside its words."""
    found: dict[str, None] = {}
    for word in term.words:
        if is_joined(word) or len(word) < 3:
            continue
        places = range(len(word) - 2)
        step = -(-len(places) // most)
        found.update(dict.fromkeys(word[at : at + 3] for at in [*places[::step], places[-1]]))
    return list(found)


def is_settled_by_tokens(term: Term) -> bool:
    """Say whether the short tokens of a term are not only needed but enough."""
    word = term.text
    if " " in word:
        return False
    return len(word) < 3


def is_settled_by_parts(term: Term) -> bool:
    """Say whether the index of inner parts, which goes far enough, finds nothing but texts with the term."""
    word = term.text
    return " " not in word and len(word) >= 3 and not is_joined(word) and inner_part(word) == word


def is_joined(word: str) -> bool:
    """Say whether any part of the word may be looked for: a script without word breaks, or one symbol."""
    return is_dense(word) or (len(word) == 1 and unicodedata.category(word) == "So")


def _pairs(word: str) -> Iterator[str]:
    if len(word) == 1:
        yield _joined(word) + "*"
    for at in range(len(word) - 1):
        yield _joined(word[at : at + 2])


def _start(text: str) -> str:
    return "pp" + "".join(map(_spelt, text))


def _inner(text: str) -> str:
    """Reach eight characters far, less far where each takes five to spell: the index would grow with them."""
    window = text[:REACH]
    if not window.isascii():
        first_odd = next(at for at, char in enumerate(window) if not char.isascii())
        window = window[: max(_SHORT_REACH, first_odd)]
    return "s" + "".join(map(_spelt, window))


def _joined(text: str) -> str:
    return "d" + "".join(map(_number, text))


def _spelt(char: str) -> str:
    return char if char.isascii() else "_" + _number(char)


@functools.lru_cache(maxsize=65_536)
def _number(char: str) -> str:
    code, digits = ord(char), ""
    for _ in range(4):
        code, digit = divmod(code, 36)
        digits = _DIGITS[digit] + digits
    return digits
