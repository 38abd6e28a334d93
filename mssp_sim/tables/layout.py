"""Where a table begins in a text and what stands between its cells."""

import csv
import io
import itertools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
HEAD = 1 << 17
"""Characters looked at to find the headings."""

ROWS_ABOVE = 20
"""Rows among which the headings must be."""

_SEPARATOR_SAID = re.compile(r'"?sep=(.)"?[;,\t|]*')
_TOTAL = re.compile(r"(?:(?:grand |sub-?)?totals?|sums?)(?: ?\(.{0,60}\))?:?", re.IGNORECASE)
TOTALS = ("total", "sum")
"""What the label of a total holds, in small letters."""

Score: TypeAlias = Callable[[Sequence[str]], int]
"""How many cells of a row are headings that a reader knows."""


class Layout(NamedTuple):
    """What stands between the cells, and which record, counted from 0, holds the headings."""

    separator: str
    at: int
    headings: list[str]
    known: int


def layout(head: str, score: Score) -> Layout:
    r"""Return the layout under which the head of a text holds the most headings.

    Where no row holds one, it is a comma and the first row that is not empty.

    Source: ours

    Examples
    --------
    >>> layout("Portfolio 2025\n\na;b\n1;2\n", lambda cells: len({"a", "b"} & {*cells}))[:3]
    (';', 2, ['a', 'b'])
    """
    said = _SEPARATOR_SAID.fullmatch(head.split("\n", 1)[0].strip("\r "))
    found: list[Layout] = []
    for separator in [said[1]] if said else SEPARATORS:
        rows = _rows(head, separator)
        found += [best(rows, score, separator)] if rows else []
    return max(found, key=lambda one: one.known, default=Layout(",", 0, [], 0))


def best(rows: Sequence[Sequence[str]], score: Score, separator: str = ",") -> Layout:
    """Return which of the first rows holds the most headings, else the first filled one.

    Source: ours
    """
    first = next((at for at, row in enumerate(rows) if filled(row)), 0)
    scored = [(score(row), -at) for at, row in enumerate(rows[:ROWS_ABOVE])]
    known, at = max(scored, default=(0, 0))
    at = -at if known else first
    return Layout(separator, at, [cell.strip() for cell in rows[at]] if rows else [], known)


def filled(row: Sequence[str]) -> bool:
    """Return whether any cell of a row holds something.

    Source: ours
    """
    return bool("".join(row).strip())


def is_total(row: Sequence[str]) -> bool:
    """Return whether a row is a total below a table: its first filled cell says so.

    Source: ours

    Examples
    --------
    >>> is_total(["", "Grand Total", "7"]), is_total(["Total Care, LLC", "7"])
    (True, False)
    """
    first = next((cell for cell in row if cell.strip()), "")
    return bool(_TOTAL.fullmatch(first.strip()))


def is_remark(row: Sequence[str], width: int) -> bool:
    """Return whether a row is a footnote: one cell of words in a table of many columns.

    Source: ours

    Examples
    --------
    >>> is_remark(["* small cells are suppressed", "", ""], 3), is_remark(["A1001", "", ""], 3)
    (True, False)
    """
    told = [cell.strip() for cell in row if cell.strip()]
    return width > len(told) == 1 and (" " in told[0] or told[0].startswith("*"))


def _rows(head: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        found.extend(itertools.islice(reader, ROWS_ABOVE))
    except csv.Error:
        pass
    return found
