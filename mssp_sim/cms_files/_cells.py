"""Texts of one column to numbers, shares, flags, dates: the same quantity in one unit."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mssp_sim.cms_files._error import ResultsFileError, clip
from mssp_sim.cms_files._table import TextTable, refuse
from mssp_sim.tables.cells import day, day_first, number

Numbers = npt.NDArray[np.float64]

MISSING = frozenset({"", "*", "-", "--", "^", "~", ".", "#", "na", "n/a", "nan", "null", "none"})
"""What stands where CMS gives nothing: suppressed, not reported, not used."""

PAY_FOR_REPORTING = "p4r"

_TRUE, _FALSE = {"1", "1.0", "y", "yes", "true"}, {"0", "0.0", "n", "no", "false"}


def is_missing(text: str) -> bool:
    """Return whether nothing is given here.

    Examples
    --------
    >>> is_missing(" * "), is_missing("0")
    (True, False)
    """
    return text.strip().lower() in MISSING


@dataclass(frozen=True)
class CmsColumn:
    """One of the file's columns that carries a quantity we know."""

    table: TextTable
    heading: str
    cells: list[str]

    def unreadable(self, at: int, expected: str) -> ResultsFileError:
        """Return the error for one cell."""
        value = self.cells[at]
        shown = "nothing stands here" if is_missing(value) else f"“{clip(value)}” cannot be read"
        return refuse(
            self.table, f"{shown}; expected {expected}", self.heading, at,
            value=value, expected=expected,
        )  # fmt: skip

    def printed(self, expected: str, allow: tuple[str, ...] = ()) -> tuple[Numbers, list[bool]]:
        """Return the numbers as they stand, NaN where none is given, and which carry ``%``."""
        values, percents = np.full(len(self.cells), np.nan), [False] * len(self.cells)
        for at, cell in enumerate(self.cells):
            found = number(cell)
            if found is not None:
                values[at], percents[at] = found.value, found.percent
            elif not is_missing(cell) and cell.strip().lower() not in allow:
                raise self.unreadable(at, expected)
        return values, percents

    def numbers(self, expected: str, low: float, high: float, *, required: bool) -> Numbers:
        """Return plain numbers between two bounds, both allowed."""
        values, percents = self.printed(expected)
        with np.errstate(invalid="ignore"):
            wrong = (values < low) | (values > high) | np.array(percents, bool)
        if required:
            wrong |= np.isnan(values)
        if wrong.any():
            raise self.unreadable(int(wrong.argmax()), expected)
        return values

    def flags(self, expected: str = "1 or 0") -> list[bool | None]:
        """Return yes, no, or None where neither is given."""
        found: list[bool | None] = []
        for at, cell in enumerate(self.cells):
            text = cell.strip().lower()
            if text not in _TRUE | _FALSE and not is_missing(text):
                raise self.unreadable(at, expected)
            found.append(None if is_missing(text) else text in _TRUE)
        return found

    def dates(self) -> list[dt.date | None]:
        """Return days, None where none is given."""
        return [None if is_missing(c) else self._date(at) for at, c in enumerate(self.cells)]

    def _date(self, at: int) -> dt.date:
        found = day(self.cells[at])
        if found is None:
            meant = day_first(self.cells[at])
            form = f", month first: {meant:%m/%d/%Y} here" if meant else ""
            raise self.unreadable(at, f"a date such as 07/01/2019{form}")
        return found


@dataclass(frozen=True)
class Rate:
    """A share that one year prints as 0.0234, another as 2.34 or 2.34%.

    Values up to ``largest_fraction`` can only be fractions, values from ``smallest_percent``
    only percents: the two never meet, so that the numbers themselves give the unit away.
    """

    example: str
    largest_fraction: float
    smallest_percent: float
    mixed: bool = False
    """Whether one column may hold both, as the shared loss rate of 2023 does."""
    smallest: float = 0.0
    """Below this and above 0 no value lies in either unit."""

    def fractions(
        self, column: CmsColumn, *, required: bool = False, allow: tuple[str, ...] = ()
    ) -> Numbers:
        """Return the column as fractions, NaN where nothing is given."""
        values, signed = column.printed(self.example, allow)
        with np.errstate(invalid="ignore"):
            small = (values > 0) & (values <= self.largest_fraction)
            large = (values >= self.smallest_percent) & (values <= 100 * self.largest_fraction)
            wrong = ~(small | large | (values == 0) | np.isnan(values))
            wrong |= (values > 0) & (values < self.smallest)
        sign = np.array(signed, bool)
        # A sign settles what a small number means, but only beside others that need it:
        # 2013 prints 0.0234% and means 0.0234 throughout.
        percent = large.any() and not self.mixed
        doubtful = small & ~sign if percent else np.zeros_like(small)
        if required:
            wrong |= np.isnan(values)
        # "0.3%" with a sign in a column of percents is a percent, however small.
        wrong &= ~(sign & (values > 0) & (values < self.smallest_percent) & percent)
        if wrong.any():
            raise column.unreadable(int(wrong.argmax()), self.example)
        if doubtful.any():
            at, other = int(doubtful.argmax()), int(large.argmax())
            what = (
                f"“{clip(column.cells[at])}” and “{clip(column.cells[other])}” (row "
                f"{column.table.numbers[other]}) cannot both be in the same unit; "
                f"expected {self.example}"
            )
            raise refuse(column.table, what, column.heading, at, value=column.cells[at],
                         expected=self.example)  # fmt: skip
        if (small & sign).any() and not percent:
            column.table.notes.append(
                f"Column {clip(column.heading)} prints fractions with a percent sign, such as "
                f"{clip(column.cells[int((small & sign).argmax())])}; they are read as fractions."
            )
        as_fractions = np.round(values / 100, 12)  # 97.35 is 0.9735, as a link writes it
        return np.where(small if self.mixed else not percent, values, as_fractions)
