"""Where a reader is in a row of lessons and what was bet, as one short text for a link."""

import re
from dataclasses import dataclass, replace
from typing import Self

OPEN, SKIPPED = "_", "s"
LETTERS = "abcd"
_TEXT = re.compile(r"(\d{1,2})(?:\.([_a-dA-Ds]{0,60}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Progress:
    """The lesson on the screen and, for each one, the bet: small when placed, large when revealed.

    Examples
    --------
    >>> here = Progress.read("4._b", 11)
    >>> here.at, here.bet(1), here.revealed(1), here.bet(4)
    (4, 1, False, None)
    >>> here.placed(2).shown().written()
    '4._b__C'
    """

    at: int
    marks: str

    @classmethod
    def read(cls, text: str | None, count: int) -> Self:
        """Return what a text says; the start for anything that cannot be read."""
        found = _TEXT.fullmatch(text or "")
        if not found or int(found[1]) >= count or len(found[2] or "") > count:
            return cls(0, OPEN * count)
        return cls(int(found[1]), (found[2] or "").ljust(count, OPEN))

    def written(self) -> str:
        """Return it as a text that ``read`` understands."""
        marks = self.marks.rstrip(OPEN)
        return f"{self.at}.{marks}" if marks else str(self.at)

    def bet(self, at: int) -> int | None:
        """Return which answer was bet on; None before the bet and after a skip."""
        mark = self.marks[at].lower()
        return LETTERS.index(mark) if mark in LETTERS else None

    def placed_at(self, at: int) -> bool:
        """Return whether the bet of a lesson is behind the reader."""
        return self.marks[at] != OPEN

    def revealed(self, at: int) -> bool:
        """Return whether the answer of a lesson may be on the screen."""
        return self.marks[at] == SKIPPED or self.marks[at].isupper()

    def moved(self, at: int) -> Self:
        """Return the same at another lesson."""
        return replace(self, at=at)

    def placed(self, answer: int) -> Self:
        """Return the same with a bet placed on this lesson; a revealed one keeps its bet."""
        return self if self.placed_at(self.at) else self._marked(LETTERS[answer])

    def skipped(self) -> Self:
        """Return the same with this lesson revealed without a bet."""
        return self if self.placed_at(self.at) else self._marked(SKIPPED)

    def shown(self) -> Self:
        """Return the same with this lesson revealed."""
        mark = self.marks[self.at]
        return self.skipped() if mark in (OPEN, SKIPPED) else self._marked(mark.upper())

    def _marked(self, mark: str) -> Self:
        return replace(self, marks=self.marks[: self.at] + mark + self.marks[self.at + 1 :])
