"""Counting what is lost or changed, with a few examples of each."""

from collections import Counter

from workloom.outlets.exchange.plan import Finding
from workloom.outlets.exchange.sources import limits


class Tally:
    """Findings by code, in the order of their first appearance."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, code: str, text: str, example: str = "", count: int = 1) -> None:
        """Count one more, or several."""
        self._texts.setdefault(code, text)
        self._counts[code] += count
        examples = self._examples.setdefault(code, [])
        example = example[: limits.EXAMPLE_LENGTH]
        if example and len(examples) < limits.EXAMPLES and example not in examples:
            examples.append(example)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found at least once."""
        return tuple(
            Finding(code, text, self._counts[code], tuple(self._examples[code]))
            for code, text in self._texts.items()
            if self._counts[code]
        )


class Notes:
    """What a plan says about the way from the file to us."""

    def __init__(self) -> None:
        self.lost = Tally()
        self.adjusted = Tally()

    def lose(self, code: str, text: str, example: str = "", count: int = 1) -> None:
        """Name something of the file that does not arrive."""
        self.lost.add(code, text, example, count)

    def adjust(self, code: str, text: str, example: str = "") -> None:
        """Name something that arrives changed."""
        self.adjusted.add(code, text, example)
