"""From the texts of a portfolio to the fields of scenarios; each row refused says all reasons.

What a cell may hold is asked of ``quantity.accept``, a whole column at a time; only where it
refuses is the column halved until the bad cells are found.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mssp_sim.batch.columns import BY_WORD, NAME, NOTHING, Cell, cells
from mssp_sim.quantity import BY_SIZE, accept, performance_years, shown
from mssp_sim.scenario import Scenario, ScenarioError, quantities
from mssp_sim.tables.cells import Number, day, day_first, number
from mssp_sim.units import Array

FOREIGN = re.compile(r"[^0-9eE+\-.\n]")
"""What no number has; a column without it is read at full speed."""

DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+ ?%?")
SWITCHES = {"true": True, "yes": True, "false": False, "no": False}
REGIONAL = "regional_expenditure"
"""The table that may be missing: rows with it and rows without it are settled apart."""

TOGETHER = ("performance_year", "agreement_start", "level", "assume_last_published")
"""Fields of few values that must fit together; each combination is asked once."""

SHARES = (
    ("other_acos_share", "market_share", "market_share_by_type"),
    ("person_year_share_by3",), ("person_year_share",),
)  # fmt: skip
"""Fields that must come to no more than a whole, or to one."""

MOST_REASONS = 5
Reasons = dict[int, str]


@dataclass
class Reading:
    """The fields of a chunk, the faults of its rows, and what its cells were like.

    ``fields`` has a row for each scenario. ``faults`` holds the sentences of a row, ``doubted``
    the rows in which a field has no acceptable value. ``values``, ``filled`` and ``signed`` are
    the numbers of a column, where its cell is not empty, and where it carries a percent sign.
    """

    fields: dict[str, Array] = field(default_factory=dict)
    faults: dict[int, list[str]] = field(default_factory=dict)
    doubted: dict[str, set[int]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    values: dict[str, Array] = field(default_factory=dict)
    filled: dict[str, Array] = field(default_factory=dict)
    signed: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, reasons: Reasons) -> None:
        """Add a reason to each of some rows."""
        for row, reason in reasons.items():
            self.faults.setdefault(row, []).append(reason)

    def sure(self, rows: Array, names: Sequence[str]) -> Array:
        """Return the rows in which all of some fields have an acceptable value."""
        doubted = set().union(*(self.doubted.get(name, ()) for name in names))
        return leaving_out(rows, doubted)

    def reasons(self) -> Reasons:
        """Return one sentence for each refused row."""
        return {row: _joined(faults) for row, faults in self.faults.items()}


def leaving_out(rows: Array, left_out: Iterable[int]) -> Array:
    """Return the rows that are not left out, in their order.

    Source: ours
    """
    out = list(left_out)
    if not out or not len(rows):
        return rows
    kept = np.ones(max(int(rows.max()), *out) + 1, bool)
    kept[out] = False
    return rows[kept[rows]]


def _joined(faults: Sequence[str]) -> str:
    more = len(faults) - MOST_REASONS
    return "; ".join([*faults[:MOST_REASONS], *([f"and {more} more"] if more > 0 else [])])


def split(text: str, separator: str = ",") -> list[str]:
    """Return the cells of a record, which may go over several lines.

    Raises
    ------
    csv.Error
        For a quote that is not closed.

    Source: ours
    """
    if '"' not in text:
        return text.split(separator)
    return next(csv.reader([text], delimiter=separator, strict=True))


def read(columns: Mapping[str, Sequence[str]], size: int, base: Scenario) -> Reading:
    """Return the fields the columns give and the rows refused.

    Parameters
    ----------
    columns : texts by name of the column, all of one length ``size``
    base : gives what an empty cell does not

    Source: ours
    """
    found = Reading()
    for column, texts in columns.items():
        if column == NAME or not any(map(str.strip, texts)):
            continue
        cell = cells()[column]
        found.given.add(column)
        given = getattr(base, cell.field)
        if quantities()[cell.field].kind in BY_WORD:
            values, refused = _words(cell, texts, given)
        else:
            empty = given[cell.place] if given is not None and cell.place else given
            values, refused, signed, filled = _numbers(cell, texts, empty)
            found.values[column], found.filled[column] = values, filled
            found.signed[column] = signed
        found.refuse(refused)
        found.doubted.setdefault(cell.field, set()).update(refused)
        if cell.place:
            table = found.fields.setdefault(cell.field, _table(cell, given, size))
            at: Any = (slice(None), *cell.place)
            table[at] = values
        else:
            found.fields[cell.field] = values
    if REGIONAL in found.fields and getattr(base, REGIONAL) is None:
        filled = np.sum(~np.isnan(found.fields[REGIONAL]), axis=(1, 2))
        whole = int(np.prod(quantities()[REGIONAL].trailing))
        rows = np.flatnonzero((filled > 0) & (filled < whole))
        found.refuse({
            int(row): f"{REGIONAL} has {filled[row]} of its {whole} cells; fill all of them or none"
            for row in found.sure(rows, (REGIONAL,))
        })  # fmt: skip
    return found


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


def misfits(
    fields: Mapping[str, Array], rows: Array, base: Scenario, years_unknown: Collection[int] = ()
) -> Reasons:
    """Return the rows whose year, start and contract do not fit together.

    Of rows in ``years_unknown`` only start and contract are looked at.

    Source: ours
    """
    names = [name for name in TOGETHER if name in fields]
    if not names:
        return {}
    columns = {name: fields[name][rows].tolist() for name in names}
    unknown_at = [False] * len(rows)
    if years_unknown and TOGETHER[0] in columns:
        unknown_at = [row in years_unknown for row in rows.tolist()]
        years = zip(columns[TOGETHER[0]], unknown_at, strict=True)
        columns[TOGETHER[0]] = [None if unknown else year for year, unknown in years]
    combinations = list(zip(unknown_at, *columns.values(), strict=True))
    given = {name: getattr(base, name) for name in TOGETHER}
    faults = {
        (unknown, *values): _misfit(given | dict(zip(names, values, strict=True)), unknown)
        for unknown, *values in set(combinations)
    }
    if not any(faults.values()):
        return {}
    return {
        int(row): faults[values]
        for row, values in zip(rows, combinations, strict=True)
        if faults[values]
    }


def _misfit(given: dict[str, Any], year_unknown: bool) -> str:  # noqa: FBT001
    fault = "" if year_unknown else _fault(given)
    if fault or year_unknown:
        # A year that does not fit hides whether the contract does.
        first = performance_years(given["agreement_start"])[0]
        contract = _fault(given | {"performance_year": first})
        fault = "; ".join(dict.fromkeys(said for said in (fault, contract) if said))
    return fault


def contradictions(
    fields: Mapping[str, Array], rows: Array, base: Scenario, blamed: Sequence[str]
) -> Reasons:
    """Return the rows whose fields cannot hold together, looking at the blamed fields only.

    Source: ours
    """
    names = {*blamed, *SHARES[0]} if "other_acos_share" in blamed else set(blamed)

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


def _numbers(
    cell: Cell, texts: Sequence[str], empty: Any  # noqa: ANN401
) -> tuple[Array, Reasons, list[int], Array]:  # fmt: skip
    """Return a column's numbers, why some are refused, which have a percent sign or are filled."""
    words, column = cell.words, cell.column
    filler = np.nan if empty is None else float(empty)
    refused: Reasons = {}
    signed: list[int] = []
    values: list[float] = []
    filled: Sequence[str] = texts
    if not FOREIGN.search("\n".join(texts)):
        try:
            values = [float(text) if text else filler for text in texts]
        except ValueError:
            values = []
    if not values:
        filled = [text.strip() for text in texts]
        for row, given in enumerate(texts):
            found = number(given)
            if found and not (found.percent and not cell.may_be_percent):
                if found.percent:
                    signed.append(row)
                values.append(_fraction(found))
                continue
            text = filled[row]
            left = words.optional and (words.for_all_types or not cell.place)
            nothing = text == NOTHING and left
            values.append(np.nan if nothing else filler)
            if text and not nothing:
                refused[row] = accept(column, text, words)[1] + _hint(text)
    array = np.array(values)
    rows = leaving_out(np.arange(len(texts)), refused)
    wrong = refused_rows(rows, lambda some: accept(column, array[some], words)[1])
    if "" not in filled:
        return array, refused | wrong, signed, np.ones(len(texts), bool)
    return array, refused | wrong, signed, np.fromiter(map(bool, filled), bool, len(texts))


def _fraction(found: Number) -> float:
    return round(found.value / 100, 14) if found.percent else found.value


def _hint(text: str) -> str:
    point = text.replace(",", ".").replace(" ", "")
    return f"; write {point}, with a point" if DECIMAL_COMMA.fullmatch(text) else ""


def _date_hint(cell: Cell, text: str) -> str:
    if quantities()[cell.field].kind != "date" or (found := day_first(text)) is None:
        return ""
    return f"; the day stands first, as Excel writes it in other countries: write {found}"


def _words(cell: Cell, texts: Sequence[str], empty: Any) -> tuple[Array, Reasons]:  # noqa: ANN401
    read_as = {text: _word(cell, text.strip(), empty) for text in set(texts)}
    kind = quantities()[cell.field].kind
    values = [read_as[text][0] for text in texts]
    refused = {}
    if any(fault for _, fault in read_as.values()):
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
        return empty, f"{cell.column} is {shown(text)}; {cell.wanted}{_date_hint(cell, text)}"
    accepted, fault = accept(cell.column, value, words)
    return (empty if fault else accepted), fault


def _meant(cell: Cell, text: str) -> Any:  # noqa: ANN401
    kind = quantities()[cell.field].kind
    if kind == "switch":
        return SWITCHES.get(text.lower())
    if kind == "date":
        return day(text)
    if cell.field == "minimum_election" and text != BY_SIZE:
        found = number(text)
        return found and _fraction(found)
    return text
