"""One sheet of the workbook: what is put on it can be named, and used in later formulas."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mssp_sim.exports.workbook.formula import Formula, Range, Value

FOOT = "&L&8Illustrative, not advice&C&8&A&R&8Page &P of &N"
INK, QUIET, LINE = "#1B2430", "#59616C", "#D9DEE4"
INPUT, INPUT_INK, BAND, OWED = "#FFF6DC", "#00629A", "#F3F5F7", "#A84A00"

NUMBERS = {
    "dollars": "$#,##0.00;−$#,##0.00",
    "whole": "$#,##0;−$#,##0",
    "percent": "0.0000%;−0.0000%",
    "short_percent": "0.0##%;−0.0##%",
    "ratio": "0.000000",
    "count": "#,##0.###",
    "year": "0",
    "date": "yyyy-mm-dd",
    "answer": "General",
    "text": "General",
}
_PLAIN = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
STYLES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "input": {"bg_color": INPUT, "font_color": INPUT_INK, "border": 1, "border_color": LINE},
    "bold": {"bold": True},
    "result": {"bold": True, "top": 1, "top_color": INK},
    "right": {"font_color": QUIET, "align": "right"},
    "quiet": {"font_color": QUIET},
    "words": {"font_color": QUIET, "text_wrap": True, "indent": 1, "align": "left"},
    "title": {"bold": True, "font_size": 15},
    "part": {"bold": True, "font_size": 11, "bg_color": BAND},
    "head": {"bold": True, "bottom": 1, "bottom_color": INK, "text_wrap": True, "valign": "bottom"},
    "head_right": {
        "bold": True, "bottom": 1, "bottom_color": INK, "align": "right", "text_wrap": True,
        "valign": "bottom",
    },
    "head_in": {
        "bold": True, "bottom": 1, "bottom_color": INK, "valign": "bottom", "indent": 1,
        "align": "left",
    },
    "part_right": {"bold": True, "bg_color": BAND, "align": "right"},
    "part_in": {"font_color": QUIET, "bg_color": BAND, "indent": 1, "align": "left"},
    "quiet_in": {"font_color": QUIET, "indent": 1, "align": "left"},
    "in": {"indent": 1, "align": "left"},
    "wrong": {"bold": True, "font_color": OWED},
}  # fmt: skip


class SheetWriter:
    """One sheet, written cell by cell; a row and a column count from 0."""

    def __init__(self, book: Any, title: str, widths: Sequence[float]) -> None:  # noqa: ANN401
        self.book, self.title = book, title
        self.paper = book.add_worksheet(title)
        self.row = 0
        for column, width in enumerate(widths):
            self.paper.set_column(column, column, width)
        self.paper.hide_gridlines(2)
        self.paper.set_landscape()
        self.paper.set_paper(9)
        self.paper.fit_to_pages(1, 0)
        self.paper.set_margins(0.5, 0.5, 0.6, 0.6)
        self.paper.set_footer(FOOT)

    def look(self, style: str, number: str = "text") -> Any:  # noqa: ANN401
        """Return a format of the workbook, made once."""
        known: dict[tuple[str, str], Any] = self.book.__dict__.setdefault("looks", {})
        if (style, number) not in known:
            words = {**_PLAIN, **STYLES[style], "num_format": NUMBERS[number]}
            if number != "text":
                words.setdefault("align", "right")
            known[style, number] = self.book.add_format(words)
        return known[style, number]

    def text(self, row: int, column: int, words: str, style: str = "plain") -> None:
        """Write words, whatever they begin with, as words."""
        self.paper.write_string(row, column, words, self.look(style))

    def band(self, words: str, width: int) -> None:
        """Write the heading of a part over so many columns of the row at hand."""
        for column in range(width):
            self.text(self.row, column, words if column == 0 else "", "part")

    def value(
        self,
        row: int,
        column: int,
        value: Value,
        number: str = "text",
        *,
        style: str = "plain",
        name: str = "",
    ) -> Formula:
        """Write a fixed value and return it for later formulas."""
        if isinstance(value, str):
            write = self.paper.write_string if value else self.paper.write_blank
        else:
            write = self.paper.write_number
        write(row, column, value, self.look(style, number))
        return self.cell(row, column, value, name)

    def formula(
        self,
        row: int,
        column: int,
        formula: Formula,
        number: str = "text",
        *,
        style: str = "plain",
        name: str = "",
    ) -> Formula:
        """Write a formula with what it comes to, and return the cell for later formulas."""
        text = "=" + formula.text.replace(f"'{self.title}'!", "")
        value, shown = formula.value, formula.value
        if isinstance(value, float):
            shown = value + 0.0 if math.isfinite(value) else "#N/A"  # a nought has no sign
        self.paper.write_formula(row, column, text, self.look(style, number), shown)
        return self.cell(row, column, value, name)

    def cell(self, row: int, column: int, value: Value, name: str = "") -> Formula:
        """Return a cell by its name, or by its address if it has none."""
        if not name:
            return Formula(f"'{self.title}'!{_letters(column)}{row + 1}", value)
        self._define(name, row, column, row, column)
        return Formula(name, value)

    def beside(self, cells: Sequence[Formula], row: int, column: int, name: str = "") -> Range:
        """Return cells of one row, from a column on, as a range."""
        return self._range(cells, (row, column, row, column + len(cells) - 1), name)

    def under(self, cells: Sequence[Formula], row: int, column: int, name: str = "") -> Range:
        """Return cells of one column, from a row on, as a range."""
        return self._range(cells, (row, column, row + len(cells) - 1, column), name)

    def _range(self, cells: Sequence[Formula], box: tuple[int, int, int, int], name: str) -> Range:
        top, left, bottom, right = box
        if name:
            self._define(name, *box)
            return Range(name, tuple(cells))
        corners = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
        return Range(f"'{self.title}'!{corners}", tuple(cells))

    def _define(self, name: str, top: int, left: int, bottom: int, right: int) -> None:
        first, last = f"${_letters(left)}${top + 1}", f"${_letters(right)}${bottom + 1}"
        box = first if first == last else f"{first}:{last}"
        self.book.define_name(name, f"='{self.title}'!{box}")


def camel(name: str) -> str:
    """Return a field's name as the workbook writes it.

    Examples
    --------
    >>> camel("gross_savings")
    'GrossSavings'
    """
    return "".join(word.capitalize() for word in name.split("_"))


def _letters(column: int) -> str:
    more, last = divmod(column, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + last)
