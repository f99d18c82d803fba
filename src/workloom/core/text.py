"""Text as people type it: comparing keys, slugs, cleanliness, and the normalised form that search reads."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

_SURROGATES = re.compile("[\ud800-\udfff]")
_FOLD_ROUNDS = 4
_NEAR_ENOUGH = 0.6

# Scripts without spaces between words (Hangul: with particles glued on): any part of a run may be a word.
DENSE_RANGES = (
    "\u0e00-\u0fff"  # Thai, Lao, Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"  # marks used as ideographs
    "\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\U0001b000-\U0001b2ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\ua000-\ua4cf"  # Yi
)
_DENSE = re.compile(f"[{DENSE_RANGES}]")
_DENSE_RUN_OR_WORD = re.compile(f"[{DENSE_RANGES}]+|[^{DENSE_RANGES} ]+")
_NOT_ASCII_WORD = re.compile("[^a-z0-9]+")
SIGN_NAMES = {"+": "plus", "#": "sharp"}
ONE_LETTER_NAME = re.compile(r"(?<![^\W_])[A-Za-z](?:\+\+|#)(?![^\W_])")

# Letters that decomposition leaves alone although people type them plainly.
_PLAIN_LETTERS = {
    "\u0131": "i",  # the Turkish one without a dot
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
# Marks that change the look of a letter and not the word.
_LIGHT_MARKS = re.compile(
    "["
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"  # accents of Latin, Greek, Cyrillic
    "\u0591-\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670"  # Arabic vowel signs and the stretching line
    "]"
)

_EMOJI_STYLE = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def trimmed(text: str) -> str:
    """Take away white space of every script, and the invisible marks that hide among it, at both ends."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_blank(char: str) -> bool:
    return char.isspace() or char in "\u200b\u2060\ufeff\u180e"


def is_clean(text: str) -> bool:
    """Say whether every database and encoding can hold the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not _SURROGATES.search(text)


def fold(text: str) -> str:
    """Make the key under which names that differ only in case or in compatible spelling are the same."""
    for _ in range(_FOLD_ROUNDS):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        if folded == text:
            break
        text = folded
    return text


def slug(text: str, sep: str = "_", fallback: str = "item") -> str:
    """Make a lower-case name of letters and digits of any script out of a label; `fallback` when there are none."""
    letters = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in fold(text))
    return sep.join(letters.split()) or fallback


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Find the allowed name that somebody who wrote `name` most likely meant."""
    known = {fold(one): one for one in allowed}
    found = difflib.get_close_matches(fold(name[:100]), known, n=1, cutoff=_NEAR_ENOUGH)
    return known[found[0]] if found else None


def hint_at(name: str, allowed: Iterable[str]) -> str:
    """Return a question to set behind a sentence, with a blank in front: whether the nearest name was meant, if there is one."""
    near = nearest(name, allowed)
    return f" Did you mean {near}?" if near else ""


class _SearchTable(dict[int, str]):
    """What each character becomes in search text, worked out once for each character that occurs."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _searchable(chr(code))
        return plain


def _searchable(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cf", "Cs", "Me"} or _LIGHT_MARKS.match(char) or _EMOJI_STYLE.match(char):
        return ""
    if category == "So":
        return f" {char} "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] not in "LNM":
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    if _DENSE.match(char):
        return unicodedata.normalize("NFC", plain)
    plain = _LIGHT_MARKS.sub("", plain)
    return unicodedata.normalize("NFC", "".join(_PLAIN_LETTERS.get(one, one) for one in plain))


_TABLE = _SearchTable()


def search_text(text: str) -> str:
    """Reduce a text to what search compares: words without case, accents and punctuation, one space between them.

    Runs of scripts without word breaks stay whole and apart from other words; a symbol such as an emoji is a word.
    """
    text = spell_names(text)
    if text.isascii():
        return " ".join(_NOT_ASCII_WORD.sub(" ", text.lower()).split())
    return " ".join(_DENSE_RUN_OR_WORD.findall(" ".join(search_form(text).split())))


def search_form(text: str) -> str:
    """Return the characters of search text before words are set apart, a space for all that separates."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).translate(_TABLE))


def spell_names(text: str) -> str:
    """Write c++ as cplusplus and c# as csharp, which would be nothing but a letter without their signs."""
    return ONE_LETTER_NAME.sub(lambda found: "".join(SIGN_NAMES.get(char, char) for char in found[0]), text)


def is_dense(word: str) -> bool:
    """Say whether a word of search text is a run of a script without word breaks, where any part may be a word."""
    return bool(_DENSE.match(word))
