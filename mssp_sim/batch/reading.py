"""From the texts of a portfolio to the fields of scenarios; each row refused says why.

What a cell may hold is asked of ``quantity.accept``, a whole column at a time; only where it
refuses is the column halved until the bad cells are found.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mssp_sim.batch.columns import BY_WORD, NAME, NOTHING, NUMBER, Cell, cells
from mssp_sim.quantity import BY_SIZE, accept, shown
from mssp_sim.scenario import Scenario, ScenarioError, quantities
from mssp_sim.units import Array

FOREIGN = re.compile(r"[^0-9eE+\-.\n]")
"""What no number has; a column without it is read at full speed."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SWITCHES = {"true": True, "yes": True, "false": False, "no": False}
REGIONAL = "regional_expenditure"
"""The table that may be missing: rows with it and rows without it are settled apart."""

TOGETHER = ("performance_year", "agreement_start", "level")
"""Fields of few values that must fit together; each combination is asked once."""

Reasons = dict[int, str]


def split(text: str) -> list[str]:
    """Return the cells of a row, which is one line.

    Raises
    ------
    csv.Error
        For a quote that is not closed on the line.

    Source: ours
    """
    if '"' not in text:
        return text.split(",")
    return next(csv.reader([text], strict=True))


def read(
    columns: Mapping[str, Sequence[str]], size: int, base: Scenario
) -> tuple[dict[str, Array], Reasons]:
    """Return the fields the columns give, a row of each a scenario, and the rows refused.

    Parameters
    ----------
    columns : texts by name of the column, all of one length ``size``
    base : gives what an empty cell does not

    Source: ours
    """
    fields: dict[str, Array] = {}
    reasons: Reasons = {}
    for column, texts in columns.items():
        if column == NAME or not any(texts):
            continue
        cell = cells()[column]
        given = getattr(base, cell.field)
        if quantities()[cell.field].kind in BY_WORD:
            values, refused = _words(cell, texts, given)
        elif given is not None and cell.place:
            values, refused = _numbers(cell, texts, given[cell.place])
        else:
            values, refused = _numbers(cell, texts, given)
        reasons = refused | reasons
        if cell.place:
            table = fields.setdefault(cell.field, _table(cell, given, size))
            at: Any = (slice(None), *cell.place)
            table[at] = values
        else:
            fields[cell.field] = values
    if REGIONAL in fields and getattr(base, REGIONAL) is None:
        filled = np.sum(~np.isnan(fields[REGIONAL]), axis=(1, 2))
        whole = int(np.prod(quantities()[REGIONAL].trailing))
        for row in np.flatnonzero((filled > 0) & (filled < whole)):
            reasons.setdefault(int(row), (
                f"{REGIONAL} has {filled[row]} of its {whole} cells; fill all of them or none"
            ))  # fmt: skip
    return fields, reasons


def refused_rows(rows: Array, fault_of: Callable[[Array], str]) -> Reasons:
    """Return the rows that are refused, each with its reason, by halving.

    Parameters
    ----------
    rows : numbers of rows
    fault_of : a sentence if any of some rows is refused, else nothing

    Source: ours

    Examples
    --------
    >>> refused_rows(np.arange(5), lambda rows: "three" if 3 in rows else "")
    {3: 'three'}
    """
    found: Reasons = {}
    open_parts = [rows] if len(rows) else []
    while open_parts:
        part = open_parts.pop()
        fault = fault_of(part)
        if fault and len(part) == 1:
            found[int(part[0])] = fault
        elif fault:
            middle = len(part) // 2
            open_parts += [part[:middle], part[middle:]]
    return found


def misfits(fields: Mapping[str, Array], rows: Array, base: Scenario) -> Reasons:
    """Return the rows whose year, start and contract do not fit together.

    Source: ours
    """
    names = [name for name in TOGETHER if name in fields]
    if not names:
        return {}
    combinations = list(zip(*(fields[name][rows].tolist() for name in names), strict=True))
    faults = {
        values: _fault(
            {n: getattr(base, n) for n in TOGETHER} | dict(zip(names, values, strict=True))
        )
        for values in set(combinations)
    }
    return {
        int(row): faults[values]
        for row, values in zip(rows, combinations, strict=True)
        if faults[values]
    }


def contradictions(
    fields: Mapping[str, Array], rows: Array, base: Scenario, blamed: Sequence[str]
) -> Reasons:
    """Return the rows whose fields cannot hold together, looking at the blamed fields only.

    Source: ours
    """
    names = {*blamed, "market_share"} if "other_acos_share" in blamed else set(blamed)

    def fault_of(some: Array) -> str:
        return _fault({
            name: fields[name][some] if name in fields else getattr(base, name) for name in names
        })  # fmt: skip

    return refused_rows(rows, fault_of)


def _fault(given: Mapping[str, Any]) -> str:
    try:
        Scenario(**given)
    except ScenarioError as refused:
        return "; ".join(refused.faults.values())
    return ""


def _table(cell: Cell, given: Any, size: int) -> Array:  # noqa: ANN401  (a table or None)
    shape = (size, *quantities()[cell.field].trailing)
    return np.array(np.broadcast_to(np.nan if given is None else given, shape))


def _numbers(cell: Cell, texts: Sequence[str], empty: Any) -> tuple[Array, Reasons]:  # noqa: ANN401
    words, column = cell.words, cell.column
    filler = np.nan if empty is None else float(empty)
    refused: Reasons = {}
    values: list[float] = []
    if not FOREIGN.search("\n".join(texts)):
        try:
            values = [float(text) if text else filler for text in texts]
        except ValueError:
            values = []
    if not values:
        for row, given in enumerate(texts):
            text = given.strip()
            if NUMBER.fullmatch(text):
                values.append(float(text))
                continue
            nothing = text == NOTHING and words.optional and not cell.place
            values.append(np.nan if nothing else filler)
            if text and not nothing:
                refused[row] = accept(column, text, words)[1]
    array = np.array(values)
    rows = np.array([row for row in range(len(texts)) if row not in refused], np.intp)
    return array, refused | refused_rows(rows, lambda some: accept(column, array[some], words)[1])


def _words(cell: Cell, texts: Sequence[str], empty: Any) -> tuple[Array, Reasons]:  # noqa: ANN401
    read_as = {text: _word(cell, text.strip(), empty) for text in set(texts)}
    kind = quantities()[cell.field].kind
    values = [read_as[text][0] for text in texts]
    refused = {row: read_as[text][1] for row, text in enumerate(texts) if read_as[text][1]}
    if kind == "date":
        return np.array(values, "datetime64[D]"), refused
    if cell.field == "minimum_election":
        return np.array([np.nan if value == BY_SIZE else value for value in values]), refused
    if kind == "switch" and cell.words.optional:
        return np.array([np.nan if value is None else float(value) for value in values]), refused
    return np.array(values), refused


def _word(cell: Cell, text: str, empty: Any) -> tuple[Any, str]:  # noqa: ANN401
    """Return the value of one word and why it is refused; a refused one is as if empty."""
    if not text:
        return empty, ""
    words, value = cell.words, _meant(cell, text)
    if value is None and not (words.optional and text == NOTHING):
        return empty, f"{cell.column} is {shown(text)}; {cell.wanted}"
    accepted, fault = accept(cell.column, value, words)
    return (empty if fault else accepted), fault


def _meant(cell: Cell, text: str) -> Any:  # noqa: ANN401
    kind = quantities()[cell.field].kind
    if kind == "switch":
        return SWITCHES.get(text.lower())
    if kind == "date":
        try:
            return dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
        except ValueError:
            return None
    if cell.field == "minimum_election" and text != BY_SIZE:
        return float(text) if NUMBER.fullmatch(text) else None
    return text
