"""The columns of a portfolio and of its settlement, from the scenario's own definition."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from mssp_sim.quantity import Quantity, accept
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.tables.written import harmless
from mssp_sim.units import BENCHMARK_YEARS, TYPE_WORDS, TYPES

NAME = "name"
"""The one column that is no field: what the reader calls a row."""

NOTHING = "none"
FRACTIONS = ("rate", "score")
"""Kinds of fields that hold fractions."""

BY_WORD = ("choice", "date", "switch")
"""Kinds of fields that take a few words; the others are numbers."""

DOLLARS = {
    "benchmark": "Spending target per person-year",
    "benchmark_total": "Spending target",
    "expenditure_total": "What was spent",
    "gross_savings": "Saved; negative is overspent",
    "shared_savings": "Earned",
    "shared_losses": "Owed",
    "payment": "Earned less owed",
    "left_on_the_table": "What the same spending would have earned besides",
    "lost_at_the_minimum": "Of that, lost at the minimum",
    "lost_to_quality": "Of that, lost to quality",
    "above_limit": "Above the payment limit",
    "sequestration": "Sequestration",
    "medicare_part": "Medicare's part of the savings; negative is what it bears",
}
RATES = {
    "savings_rate": "Saved, as a fraction of the target",
    "minimum_savings_rate": "Minimum to get paid",
    "final_sharing_rate": "Share of the savings",
    "shared_loss_rate": "Share of the losses",
}
LINE, STATE = "line", "state"
ROW_COUNTED = "The line of the portfolio, as a spreadsheet counts its rows; the header is line 1"
ANSWERS = (*DOLLARS, *RATES)
KINDS = {
    "rate": "fraction, or percent with a sign", "score": "fraction, or percent with a sign",
    "dollars": "dollars", "count": "number",
    "ratio": "number", "year": "year", "date": "date like 2025-01-01", "choice": "choice",
    "switch": "true or false", "table": "number",
}  # fmt: skip
AXES = (BENCHMARK_YEARS, TYPES)
AXIS_WORDS = (tuple(year.lower() for year in BENCHMARK_YEARS), TYPE_WORDS)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column holds: a field, or one place in a table of one."""

    column: str
    field: str
    place: tuple[int, ...]

    @property
    def words(self) -> Quantity:
        """What a cell of the column may hold."""
        return replace(quantities()[self.field], trailing=())

    @property
    def may_be_percent(self) -> bool:
        """Whether the column holds fractions, so that a cell may say 3.1%."""
        share = self.words.kind == "table" and self.words.allowed == (0.0, 1.0)
        by_type = bool(self.words.for_all_types)
        return self.words.kind in FRACTIONS or self.field == "minimum_election" or share or by_type

    @property
    def where(self) -> list[str]:
        """The benchmark year and the enrollment type of a place in a table."""
        return _along(AXES, self.place)

    @property
    def wanted(self) -> str:
        """What a cell may hold, in words."""
        return accept(self.column, "", self.words)[1].partition("; ")[2]


def _along(axes: Sequence[Sequence[str]], place: tuple[int, ...]) -> list[str]:
    """Return what a place in a table is called along each of its axes."""
    ours = axes[len(axes) - len(place) :]
    return [axis[at] for axis, at in zip(ours, place, strict=True)]


@cache
def cells() -> Mapping[str, Cell]:
    """Return every column a portfolio can have but the name, in the order of the fields.

    A table has a column for each benchmark year and enrollment type.

    Source: ours

    Examples
    --------
    >>> [name for name in cells() if name.startswith("person_year_share_by3")][:2]
    ['person_year_share_by3_esrd', 'person_year_share_by3_disabled']
    """
    found = {}
    for name, words in quantities().items():
        for place in np.ndindex(*words.trailing):
            cell = Cell(name, name, place)
            column = "_".join([name, *_along(AXIS_WORDS, place)])
            found[column] = replace(cell, column=column)
    return found


def template() -> str:
    """Return a portfolio of one row: every column, each as the app opens on it.

    Source: ours
    """
    return as_csv([[NAME, *cells()], ["Opening scenario", *map(_opening, cells().values())]])


def dictionary() -> str:
    """Return what each column of a portfolio and of its settlement means, as CSV.

    Source: ours
    """
    rows = [["column", "where", "meaning", "field term", "kind", "allowed", "if empty"]]
    rows.append([NAME, "portfolio", "What you call the row, handed through", "", "text", "", ""])
    for cell in cells().values():
        words = cell.words
        optional = words.optional and (words.for_all_types or not cell.place)
        rows.append([
            cell.column, "portfolio", ", ".join([words.label, *cell.where]), words.term,
            KINDS["rate" if words.for_all_types else words.kind],
            cell.wanted + (f"; or {NOTHING}" if optional else ""),
            _opening(cell) or (f"as {words.for_all_types}" if words.for_all_types else NOTHING),
        ])  # fmt: skip
    rows.append([LINE, "settlement", ROW_COUNTED, "", "number", "", ""])
    rows.append([STATE, "settlement", "What happened", "", "text", "", ""])
    for names, kind in ((DOLLARS, "dollars"), (RATES, "fraction")):
        rows += [[name, "settlement", words, "", kind, "", ""] for name, words in names.items()]
    return as_csv(rows)


def _opening(cell: Cell) -> str:
    value: Any = getattr(Scenario(), cell.field)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if cell.place:
        value = float(value[cell.place])
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV, no cell of which a spreadsheet runs.

    Source: ours
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([map(harmless, row) for row in rows])
    return text.getvalue()
