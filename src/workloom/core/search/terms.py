"""What somebody typed into a search box, as terms that must all be found."""

import functools
import re
from dataclasses import dataclass

from workloom.core.text import fold, is_dense, search_text

MAX_TERMS = 16
_MAX_TERM_LENGTH = 128
_MAX_QUERY_LENGTH = 2000
_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb'
_CHUNK = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|([^\\s{_QUOTES}]+)")
_CODE = re.compile(r"(?<![^\W_])([a-z][a-z0-9]{0,19}-[0-9]{1,9})(?![^\W_])")
_ONLY_CODE = re.compile(r"\W*([a-z][a-z0-9]{0,19}-[0-9]{1,9})\W*")
_MAX_CODES = 1000


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words in a row, in search text; `code` when it has the shape of a key such as eng-42."""

    text: str
    code: str = ""

    @property
    def words(self) -> list[str]:
        """The words of the term; all but the first begin where a word begins."""
        return self.text.split(" ")

    @property
    def starts_a_word(self) -> bool:
        """Say whether the term is too short to be looked for inside of words."""
        first = self.words[0]
        return len(first) < 3 and not is_dense(first)

    @property
    def found_as(self) -> str:
        """The string that an indexed text, which has a space before each word, holds when it has this term."""
        return f" {self.text}" if self.starts_a_word else self.text


@functools.lru_cache(maxsize=256)
def terms_of(query: str) -> tuple[Term, ...]:
    """Split a query into terms; quotes keep words together, everything else that is no letter or digit only separates.

    Past sixteen terms or two thousand characters the rest is left out: what came before still has to be found.
    """
    found: dict[Term, None] = {}
    for quoted, bare in _CHUNK.findall(query[:_MAX_QUERY_LENGTH]):
        term = _term(quoted or bare)
        if term is not None:
            found[term] = None
    return tuple(found)[:MAX_TERMS]


def codes_in(text: str) -> set[str]:
    """Return the keys, such as eng-42, that a text mentions."""
    return set(_CODE.findall(text.lower())[:_MAX_CODES])


def _term(chunk: str) -> Term | None:
    text = search_text(chunk)[:_MAX_TERM_LENGTH].strip()
    if not text:
        return None
    code = _ONLY_CODE.fullmatch(fold(chunk))
    return Term(text, code[1] if code else "")
