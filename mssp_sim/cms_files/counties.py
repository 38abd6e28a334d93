"""Two county files of CMS opened beside: an ACO's market share and regional level, as ranges."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mssp_sim.cms_files._columns import plain
from mssp_sim.cms_files._error import ResultsFileError
from mssp_sim.cms_files.loading import load
from mssp_sim.cms_files.reproduction import agreement_start
from mssp_sim.parameters import rules_in_force
from mssp_sim.rules.benchmark import BY3
from mssp_sim.scenario import Scenario, benchmark_year_3
from mssp_sim.simulation import updated_target
from mssp_sim.tables import SizeLimits, Source, TableError, open_rows
from mssp_sim.tables.cells import number
from mssp_sim.units import TYPE_WORDS, Array

LIMITS = SizeLimits(60_000_000, 400_000, 200)
HIDDEN, NONE = "*", "."
FEWEST, MOST = 1 / 12, 10.0
"""Person-years behind a hidden cell: one person for a month, ten people for a year."""

_TYPES = {
    "esrd": ("esrd",),
    "disabled": ("dis", "disabled"),
    "aged_dual": ("agdu", "ageddual"),
    "aged_non_dual": ("agnd", "agednondual"),
}
"""CMS's words for the enrollment types, as ``plain`` gives them."""

_YEAR = re.compile(r"(?:PY ?)?(20\d\d)(?:\.0)?")
_CODE = re.compile(r"(\d{1,3})(?:\.0)?")
Assignment = Literal["offset", "calendar", ""]
"""Which of a year's two files it is: offset for prospective assignment, calendar for
retrospective; empty where neither name nor columns tell."""

PROSPECTIVE, RETROSPECTIVE = "prospective", "retrospective"


@dataclass(frozen=True, slots=True)
class Counties:
    """One county file: its name, its year, which of the year's files, and its rows by SSA code.

    ``rows`` has ``county`` (five digits), and of spending ``expenditure_<type>``,
    ``risk_score_<type>`` and ``person_years_<type>``; of people ``aco_id`` and, by type, the least
    and the most person-years, ``low_<type>`` and ``high_<type>``. NaN is hidden or none.
    """

    file: str
    year: int
    assignment: Assignment
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Region:
    """What the two files tell of one ACO, by enrollment type: from the least to the most.

    ``level`` is what the region would spend on people as sick as the ACO's over the ACO's own
    history before any adjustment, less 1; None where the files are not of its last benchmark
    year. ``overall`` is the same over all types, ``implied`` what CMS's adjustment implies of it,
    at the weight of the first period and at that of the second.
    """

    year: int
    share: Array
    level: Array | None
    overall: tuple[float, float] | None
    implied: tuple[float | None, float | None]
    counties: int
    hidden: int


def read_spending(source: Source) -> Counties:
    """Return CMS's county file of spending and risk of assignable people.

    Raises
    ------
    ResultsFileError
        One sentence: what the file is instead, or the row that cannot be read.

    Source: ours; the columns are those of CMS's files
    """
    opened = _opened(source, _quantity, "county file of spending and risk", 12)
    found: dict[str, Sequence[object]] = {"county": opened.codes}
    for name, place in opened.places.items():
        found[name] = [_value(row[place]) for row in opened.rows]
    rows = pd.DataFrame(found)
    if rows["county"].duplicated().any():
        twice = rows.loc[rows["county"].duplicated(), "county"].iloc[0]
        raise ResultsFileError(f"county {twice} stands in it twice", file=opened.file)
    return Counties(opened.file, opened.year, _assignment(opened.file), rows)


def read_people(source: Source) -> Counties:
    """Return CMS's county file of assigned people; a hidden cell is one to ten people.

    Raises
    ------
    ResultsFileError
        One sentence: what the file is instead, or the row that cannot be read.

    Source: ours; the columns are those of CMS's files
    """
    opened = _opened(source, _people_of, "county file of assigned people", 4)
    ids = [row[opened.aco].strip() for row in opened.rows]
    found: dict[str, Sequence[object]] = {"county": opened.codes, "aco_id": ids}
    for name, place in opened.places.items():
        cells = [row[place].strip() for row in opened.rows]
        values = [_value(cell) for cell in cells]
        kind = name.removeprefix("people_")
        found[f"low_{kind}"] = _bounded(cells, values, FEWEST)
        found[f"high_{kind}"] = _bounded(cells, values, MOST)
    return Counties(opened.file, opened.year, _assignment(opened.file), pd.DataFrame(found))


def _bounded(cells: Sequence[str], values: Sequence[float], hidden: float) -> list[float]:
    return [
        hidden if cell == HIDDEN else 0.0 if np.isnan(value) else value
        for cell, value in zip(cells, values, strict=True)
    ]


def region(row: pd.Series, spending: Counties, people: Counties) -> Region:
    """Return an ACO's market share and regional level, as far as the two files tell.

    Market share is the county shares (assigned over assignable), each weighed by the ACO's own
    people there; the region's cost is county spending over county risk score, weighed the same.

    Parameters
    ----------
    row : the ACO, as ``read`` returns it
    spending, people : as ``read_spending`` and ``read_people`` return them

    Raises
    ------
    ResultsFileError
        The files do not belong together, or are of a year or an assignment that this ACO does
        not need, or do not hold it.
    NotLoadableError
        The ACO's own row lacks its history.

    Source: 42 CFR 425.601(a)(5)(iv)-(v), (f); 425.652
    """
    _belong_together(row, spending, people)
    own = people.rows[people.rows["aco_id"] == row["aco_id"]]
    if own.empty:
        what = f"it does not hold {row['aco_name']} ({row['aco_id']})"
        raise ResultsFileError(what, file=people.file)
    both = own.merge(spending.rows, on="county")
    if both.empty:
        what = f"it holds none of the counties of {row['aco_name']} by SSA code"
        raise ResultsFileError(what, file=spending.file)
    share = np.array([_share(both, kind) for kind in TYPE_WORDS])
    level = overall = None
    implied: tuple[float | None, float | None] = (None, None)
    if spending.year == _by3(row):
        loaded = load(row)
        implied = loaded.regional_levels
        level, overall = _levels(both, loaded.scenario)
    hidden = int(sum((both[f"low_{k}"] != both[f"high_{k}"]).sum() for k in TYPE_WORDS))
    return Region(spending.year, share, level, overall, implied, len(both), hidden)


def _levels(both: pd.DataFrame, scenario: Scenario) -> tuple[Array, tuple[float, float]]:
    """Return the region over the ACO's own history, less 1, by type and over all."""
    rules = rules_in_force(int(scenario.performance_year), scenario.agreement_start)
    own = updated_target(scenario, rules).historical_benchmark
    risk = np.asarray(scenario.risk_score)[BY3]
    costs = np.array([_cost(both, kind) for kind in TYPE_WORDS])
    level = costs * (risk / own)[:, None] - 1
    known = ~np.isnan(level).any(axis=1)
    weight = np.asarray(scenario.person_year_share_by3)[known] * own[known]
    low, high = (float(weight @ level[known, end] / weight.sum()) for end in (0, 1))
    return level, (low, high)


def _by3(row: pd.Series) -> int:
    start = agreement_start(row.to_frame().T.reset_index(drop=True)).iloc[0]
    return benchmark_year_3(start)


def _belong_together(row: pd.Series, spending: Counties, people: Counties) -> None:
    if spending.year != people.year:
        what = f"it is of {people.year}, but {spending.file or 'the other file'} of {spending.year}"
        raise ResultsFileError(what, file=people.file)
    by3, now = _by3(row), int(row["performance_year"])
    if spending.year not in (by3, now):
        what = (
            f"it is of {spending.year}; {row['aco_name']} needs {by3}, its last benchmark year, "
            f"or {now}, its performance year"
        )
        raise ResultsFileError(what, file=spending.file)
    told = {one.assignment for one in (spending, people)} - {""}
    if len(told) > 1:
        what = f"it is a file of {people.assignment} years, the other one of {spending.assignment}"
        raise ResultsFileError(what, file=people.file)
    kind = str(row["assignment_type"] or "").casefold()
    wanted = {PROSPECTIVE: "offset", RETROSPECTIVE: "calendar"}.get(kind)
    if wanted and told and told != {wanted}:
        what = (
            f"it is the file of {told.pop()} years; assignment of {row['aco_name']} is {kind}, "
            f"which goes by {wanted} years"
        )
        raise ResultsFileError(what, file=spending.file)


def _share(both: pd.DataFrame, kind: str) -> tuple[float, float]:
    """Return the least and the most market share that the hidden cells leave possible."""
    there = both[f"person_years_{kind}"].to_numpy(float)
    low, high = (both[f"{end}_{kind}"].to_numpy(float) for end in ("low", "high"))
    known = there > 0
    there, low, high = there[known], low[known], np.minimum(high, there)[known]
    if not high.sum():
        return (np.nan, np.nan)
    low = np.minimum(low, high)
    least = float((low**2 / there).sum() / high.sum())
    most = float((high**2 / there).sum() / low.sum()) if low.sum() else 1.0
    return least, min(most, float((high / there).max()))


def _cost(both: pd.DataFrame, kind: str) -> tuple[float, float]:
    """Return the least and the most the region costs at a risk score of 1.

    Hidden people stand in the cheapest counties for the one, in the dearest for the other.
    """
    cost = (both[f"expenditure_{kind}"] / both[f"risk_score_{kind}"]).to_numpy(float)
    low, high = (both[f"{end}_{kind}"].to_numpy(float) for end in ("low", "high"))
    known = np.isfinite(cost) & (high > 0)
    if not known.any():
        return (np.nan, np.nan)
    order = np.argsort(cost[known], kind="stable")
    cost, low, high = cost[known][order], low[known][order], high[known][order]
    return _mean_cost(cost, low, high), -_mean_cost(-cost[::-1], low[::-1], high[::-1])


def _mean_cost(cost: Array, low: Array, high: Array) -> float:
    """Return the least mean of rising costs whose weights lie between two bounds."""
    turns = range(len(cost) + 1)
    means = [
        float(weights @ cost / weights.sum())
        for turn in turns
        for weights in [np.concatenate([high[:turn], low[turn:]])]
    ]
    return min(means)


@dataclass(frozen=True)
class _Rows:
    file: str
    year: int
    codes: list[str]
    rows: list[list[str]]
    places: dict[str, int]
    aco: int


def _opened(source: Source, of: Callable[[str], str], what: str, columns: int) -> _Rows:
    """Return the rows of a county file, and where its quantities stand."""
    try:
        opened = open_rows(source, lambda cells: sum(bool(of(plain(c))) for c in cells), LIMITS)
        records = list(opened.records)
    except TableError as fault:
        raise ResultsFileError(fault.what, file=fault.file, row=fault.row) from None
    names = [plain(heading) for heading in opened.headings]
    places = {of(name): at for at, name in enumerate(names) if of(name)}
    needed = {"year": "Year", "stateid": "State_ID", "countyid": "County_ID"}
    if of is _people_of:
        needed["acoid"] = "ACO_ID"
    missing = [label for name, label in needed.items() if name not in names]
    if len(places) < columns or missing:
        lacks = f"; it lacks {', '.join(missing)}" if missing else ""
        raise ResultsFileError(f"this is not CMS's {what}{lacks}", file=opened.file)
    at = {name: names.index(name) for name in needed}
    rows, codes, years = [], [], set()
    for row_number, row in records:
        if len(row) < len(names) or not any(cell.strip() for cell in row):
            continue
        year = _YEAR.fullmatch(row[at["year"]].strip())
        state, county = (_CODE.fullmatch(row[at[n]].strip()) for n in ("stateid", "countyid"))
        if not (year and state and county):
            raise ResultsFileError(
                "expected a year and the SSA codes of state and county", file=opened.file,
                row=row_number,
            )  # fmt: skip
        years.add(int(year[1]))
        codes.append(f"{int(state[1]):02d}{int(county[1]):03d}")
        rows.append(row)
    if len(years) != 1:
        held = " and ".join(map(str, sorted(years))) or "no row"
        raise ResultsFileError(f"expected one year; it holds {held}", file=opened.file)
    return _Rows(opened.file, years.pop(), codes, rows, places, at.get("acoid", -1))


def _quantity(name: str) -> str:
    """Return what a heading of the file of spending holds, by our words; else nothing.

    Examples
    --------
    >>> _quantity("percapitaexpagdu"), _quantity("percapitaagednondualexpenditures")
    ('expenditure_aged_dual', 'expenditure_aged_non_dual')
    >>> _quantity("avgdemogscoreesrd"), _quantity("countyname")
    ('', '')
    """
    if "percapita" in name:
        word, rest = "expenditure", name.replace("percapita", "")
    elif "risk" in name or "hcc" in name:
        word, rest = "risk_score", name
    elif "personyears" in name or "psnyrs" in name:
        word, rest = "person_years", name
    else:
        return ""
    left = re.sub(r"expenditures?|exp|average|avg|risk|hcc|scores?|personyears|psnyrs", "", rest)
    kind = next((ours for ours, its in _TYPES.items() if left in its), "")
    return f"{word}_{kind}" if kind else ""


def _people_of(name: str) -> str:
    """Return which type's assigned people a heading holds; else nothing."""
    left = name.removeprefix("abpsnyrs")
    if left == name:
        return ""
    kind = next((ours for ours, its in _TYPES.items() if left in its), "")
    return f"people_{kind}" if kind else ""


def _value(cell: str) -> float:
    read = None if cell.strip() in (HIDDEN, NONE, "") else number(cell)
    return np.nan if read is None else float(read.value)


def _assignment(file: str) -> Assignment:
    name = file.casefold()
    if "offset" in name or PROSPECTIVE in name:
        return "offset"
    return "calendar" if "calendar" in name or RETROSPECTIVE in name else ""
