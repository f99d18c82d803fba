"""Strings that break things: a few of our own, and the long list beside the repository where it lies."""

import json
import os
from pathlib import Path

from tests.machine import in_ci
from tests.settings import KIND

OURS = [
    "",
    " ",
    "\u200b",
    "\ufeff",
    "null",
    "NaN",
    "0x1F",
    "1e400",
    "-1",
    "../../etc/passwd",
    "'; DROP TABLE tasks; --",
    "\"'`\\",
    "%00%n%s",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7}",
    "=1+1",
    "\u202etfel",
    "Z\u0351\u036ba\u0363lgo",
    "\U0001f469\u200d\U0001f4bb",
    "\u4e2d\u6587",
    "a" * 5000,
    "ﷺ" * 300,
    "\u0130\u0131\u00df\ufb01",
    "()[]{}*+?|^$.",
    "AND OR NOT NEAR *",
    "\x7f\x01\x1b[31m",
]
SHARE = 1 if os.environ.get("BAD_INPUT") == "all" else 3
"""Forms and readers of parameters try every string everywhere, in each run. Where each string costs a request, a door takes
every third, another third on each of the three databases; with BAD_INPUT=all it takes them all on each."""
TURN = ["sqlite", "postgres", "mysql"].index(KIND)
LIST = Path(__file__).parents[3] / "shared" / "data" / "bad-input" / "blns.json"


def strings() -> list[str]:
    """Return every string; the long list must be there with CI=true, and is left out with a word where it is not."""
    if LIST.is_file():
        return OURS + [text for text in json.loads(LIST.read_text(encoding="utf-8")) if isinstance(text, str)]
    if in_ci():
        raise FileNotFoundError(f"{LIST} is needed with CI=true.")
    print(f"{LIST} is not here: only our own {len(OURS)} strings are tried")
    return OURS
