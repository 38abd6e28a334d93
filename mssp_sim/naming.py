"""How the screen names fields, their values and contracts."""

import datetime as dt
import re
from collections.abc import Callable

import numpy as np

from mssp_sim.figures import (
    date_in_words,
    percent,
    plain,
    score,
)
from mssp_sim.parameters import TRACKS
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.tolerances import LAST_DIGIT
from mssp_sim.units import BENCHMARK_YEARS, TYPES, Array

A_SHARE, A_RATIO = 2.0, 1000.0
"""What a table's cells may be up to where they are fractions, and where they are ratios."""


def contract(level: str) -> str:
    """Return a contract's name in a sentence."""
    return f"Track {level}" if level in TRACKS else f"Contract {level}"


def alone(level: str) -> str:
    """Return a contract's name where nothing beside it says that it is a contract.

    Examples
    --------
    >>> alone("E"), alone("1+")
    ('E', 'Track 1+')
    """
    return contract(level) if level in TRACKS else str(level)


def begun(words: str) -> str:
    """Return words with a capital letter at their start, as a sentence or a head begins."""
    return words[:1].upper() + words[1:]


def numbered(letter: str) -> str:
    """Return what a scenario put aside under a letter is called where no other name fits.

    A letter would be taken for a contract.

    Examples
    --------
    >>> numbered("A"), numbered("C")
    ('scenario 1', 'scenario 3')
    """
    return f"scenario {ord(letter) - ord('A') + 1}"


def on_button(level: str) -> str:
    """Return a contract's name where there is little room.

    Examples
    --------
    >>> on_button("ENHANCED"), on_button("2")
    ('ENH', 'Track 2')
    """
    return "ENH" if level == "ENHANCED" else alone(level)


def value_as_shown(name: str, scenario: Scenario) -> str:
    """Return a field's value as the screen shows it."""
    value, words = getattr(scenario, name), quantities()[name]
    if value is None:
        return "as given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "minimum_election":
        return "by size" if isinstance(value, str) else percent(value)
    if words.kind == "rate":
        return percent(value, 1)
    if words.kind == "score":
        return score(value, 1 if abs(value * 1000 - round(value * 1000)) < LAST_DIGIT else 2)
    if words.kind == "dollars":
        return f"${plain(value, 0)}"
    if words.kind == "count":
        return plain(value, 0)
    if words.kind == "ratio":
        return plain(value, 3)
    if name == "level":
        return alone(value)
    if isinstance(value, dt.date):
        return date_in_words(value)
    return _table_as_shown(name, np.asarray(value)) if words.kind == "table" else str(value)


def _table_as_shown(name: str, table: Array) -> str:
    """Return the figures of a table, one after the other by enrollment type."""
    cell = _cell(name)
    if table.ndim == 1:
        return ", ".join(f"{kind} {cell(x)}" for kind, x in zip(TYPES, table, strict=True))
    lines = (f"{year} {', '.join(map(cell, line))}"
             for year, line in zip(BENCHMARK_YEARS, table, strict=True))  # fmt: skip
    return f"({', '.join(TYPES)}) {'; '.join(lines)}"


def table_lines(name: str, scenario: Scenario) -> list[tuple[str, str]]:
    """Return each line of a table: its label, and its figures in the order of ``TYPES``.

    Examples
    --------
    >>> table_lines("expenditure", Scenario())[0]
    ('Spending per person-year, BY1', '$83,568, $10,891, $16,633, $10,546')
    """
    label, table = quantities()[name].label, getattr(scenario, name)
    if table is None:
        return [(label, "as given")]
    rows, cell = np.atleast_2d(np.asarray(table, float)), _cell(name)
    years = [f", {year}" for year in BENCHMARK_YEARS] if len(rows) > 1 else [""]
    return [(label + year, ", ".join(map(cell, row)))
            for year, row in zip(years, rows, strict=True)]  # fmt: skip


def _cell(name: str) -> Callable[[float], str]:
    """Return how a cell of a field's table is shown."""
    most = quantities()[name].allowed[1]

    def shown(cell: float) -> str:
        if np.isnan(cell):
            return "–"
        if most <= A_SHARE:
            return percent(cell)
        return plain(cell, 3) if most <= A_RATIO else f"${plain(cell, 0)}"

    return shown


def in_labels(sentence: str) -> str:
    """Return a sentence of the core with the names of fields as the screen shows them.

    Examples
    --------
    >>> in_labels("quality_score is 1.2; it goes from 0 to 1")
    'Quality score is 1.2; it goes from 0 to 1'
    """
    return _FIELD.sub(lambda found: quantities()[found.group()].label, sentence)


_FIELD = re.compile(rf"\b({'|'.join(sorted(quantities(), key=len, reverse=True))})\b")


def table_change(name: str, scenario: Scenario, baseline: Scenario) -> str:
    """Return what changed in a table: its first cell that did, before and after, and how many more.

    Examples
    --------
    >>> spent = np.array(Scenario().expenditure)
    >>> spent[0, :2] += 500
    >>> table_change("expenditure", Scenario(expenditure=spent), Scenario())
    'Spending per person-year BY1 ESRD $83,568 → $84,068 and 1 more'
    """
    label, cell = quantities()[name].label, _cell(name)
    before, after = getattr(baseline, name), getattr(scenario, name)
    if before is None or after is None:
        return f"{label} {'as given' if after is None else 'by enrollment type'}"
    one, other = np.broadcast_arrays(np.asarray(before, float), np.asarray(after, float))
    apart = np.argwhere((one != other) & ~(np.isnan(one) & np.isnan(other)))
    if not len(apart):
        return label
    first = tuple(apart[0])
    where = f"{BENCHMARK_YEARS[first[0]]} " if len(first) > 1 else ""
    more = f" and {len(apart) - 1} more" if len(apart) > 1 else ""
    change = f"{cell(float(one[first]))} → {cell(float(other[first]))}"
    return f"{label} {where}{TYPES[first[-1]]} {change}{more}"


def change_in_words(name: str, scenario: Scenario, baseline: Scenario) -> str:
    """Return what changed in one field: its short name, before and after."""
    label = quantities()[name].label
    if quantities()[name].kind == "table":
        return table_change(name, scenario, baseline)
    before, after = value_as_shown(name, baseline), value_as_shown(name, scenario)
    return f"{label.removesuffix(' score')} {before} → {after}"
