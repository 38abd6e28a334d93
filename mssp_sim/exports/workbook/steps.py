"""A sheet that reads like a settlement report: one numbered line a step, with its paragraph."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from mssp_sim.exports.workbook.formula import Formula, Range, sum_of_products, yes_if
from mssp_sim.exports.workbook.sheet import SheetWriter
from mssp_sim.units import TYPES

NUMBER, STEP, FIRST = 0, 1, 2
WORDS, CITED, LINE_HEIGHT = 76, 44, 14
"""Letters that fit on one line of the last two columns, and its height in points."""

PLACES = range(len(TYPES))


class Steps(SheetWriter):
    """Lines under each other; with ``by_type`` each has the four enrollment types and all."""

    def __init__(self, book: Any, title: str, part: int, *, by_type: bool) -> None:  # noqa: ANN401
        values = [14.0] * (len(TYPES) + 1) if by_type else [20.0]
        super().__init__(book, title, [6, 46, *values, 64, 40])
        self.part, self.lines = part, 0
        self.all = FIRST + (len(TYPES) if by_type else 0)
        self.by_type = by_type

    def head(self, title: str, lead: str) -> None:
        """Write the title, what the sheet is for, and the heads of its columns."""
        self.text(0, NUMBER, title, "title")
        self.text(2, NUMBER, lead, "quiet")
        heads = [*TYPES, "All types"] if self.by_type else ["Value"]
        for column, words in enumerate(("Line", "Step")):
            self.text(4, column, words, "head")
        for column, words in enumerate(heads, FIRST):
            self.text(4, column, words, "head_right")
        self.text(4, self.all + 1, "In words", "head_in")
        self.text(4, self.all + 2, "Paragraph", "head_in")
        self.paper.freeze_panes(5, FIRST)
        self.paper.repeat_rows(4)
        self.row = 5

    def heading(self, words: str) -> None:
        """Begin a group of lines."""
        self.band(words, self.all + 3)
        self.row += 1

    def line(
        self,
        step: str,
        formula: Formula,
        number: str = "dollars",
        *,
        name: str = "",
        words: str = "",
        source: str | Callable[..., object] = "ours",
        style: str = "plain",
    ) -> Formula:
        """Write one step that has one value, and return it."""
        self._words(step, words, source, style)
        cell = self.formula(self.row, self.all, formula, number, style=style, name=name)
        self.row += 1
        return cell

    def answer(self, step: str, claim: Formula, **more: Any) -> Formula:  # noqa: ANN401
        """Write one step that holds or does not; ``more`` is as in ``line``."""
        return self.line(step, yes_if(claim), "answer", **more)

    def types(
        self,
        step: str,
        formulas: Sequence[Formula],
        number: str = "dollars",
        *,
        name: str = "",
        mix: Range | None = None,
        words: str = "",
        source: str | Callable[..., object] = "ours",
        style: str = "plain",
    ) -> Range:
        """Write one step for each enrollment type; with a mix of people, the average as well."""
        self._words(step, words, source, style)
        cells = [
            self.formula(self.row, FIRST + place, formula, number, style=style)
            for place, formula in enumerate(formulas)
        ]
        found = self.beside(cells, self.row, FIRST, name)
        if mix is not None:
            average = sum_of_products(found, mix)
            in_all = f"{name}InAll" if name else ""
            self.formula(self.row, self.all, average, number, style=style, name=in_all)
        self.row += 1
        return found

    def in_all(self, cells: Range, mix: Range) -> Formula:
        """Return the average of a line that was written with a mix, as later formulas use it."""
        return Formula(f"{cells.text}InAll", sum_of_products(cells, mix).value)

    def _words(
        self, step: str, words: str, source: str | Callable[..., object], style: str
    ) -> None:
        self.lines += 1
        cited = paragraph(source)
        height = max(math.ceil(len(words) / WORDS), math.ceil(len(cited) / CITED), 1)
        self.paper.set_row(self.row, LINE_HEIGHT * height)
        self.text(self.row, NUMBER, f"{self.part}.{self.lines}", "quiet")
        self.text(self.row, STEP, step, style)
        self.text(self.row, self.all + 1, words, "words")
        self.text(self.row, self.all + 2, cited, "words")


def paragraph(source: str | Callable[..., object]) -> str:
    """Return the paragraph a step of the rule names as its source.

    Examples
    --------
    >>> from mssp_sim.rules.settlement import gross_savings
    >>> paragraph(gross_savings)
    '425.605(a)'
    """
    if isinstance(source, str):
        return source
    found = re.search(r"Source: (?:42 CFR )?(.+)", source.__doc__ or "")
    return found.group(1) if found else ""
