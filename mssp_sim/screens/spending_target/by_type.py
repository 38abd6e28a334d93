"""The tables of a scenario by enrollment type: edited in place, settled by the full engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mssp_sim.figures import percent, whole_dollars
from mssp_sim.naming import in_labels
from mssp_sim.result import Result
from mssp_sim.rules.benchmark import BY3
from mssp_sim.scenario import Scenario, ScenarioError, benchmark_year_3, quantities
from mssp_sim.studies.target_split import by_type
from mssp_sim.target import Target, expenditure_history, regional_history
from mssp_sim.tolerances import SHARES_TO_ONE
from mssp_sim.units import TYPES, Array

Edits = Mapping[int, Mapping[str, Any]]
REFINED = "market_share_by_type"
"""The sheet of shares and growth by type: a column for each field that a table refines."""

OF_COLUMN = {
    quantities()[words.for_all_types].label: name
    for name, words in quantities().items()
    if words.for_all_types
}
"""The field that each column of that sheet holds."""


@dataclass(frozen=True, slots=True)
class TypeTable:
    """One table on the page: a column a year, a row a type; the values have them the other way."""

    name: str
    years: tuple[str, ...]
    values: Array
    scale: float
    form: str
    note: str = ""

    def frame(self) -> pd.DataFrame:
        """Return the table as it is shown."""
        return pd.DataFrame(self.values.T * self.scale, index=list(TYPES), columns=list(self.years))

    def edited(self, edits: Edits) -> Array:
        """Return the values with the edits of the screen in them; an emptied cell is no number."""
        values = np.array(self.values, np.float64)
        for row, cells in edits.items():
            for column, cell in cells.items():
                given = np.nan if cell is None else float(cell) / self.scale
                values[self.years.index(column), int(row)] = given
        return values


def sheets(scenario: Scenario, target: Target) -> dict[str, TypeTable]:
    """Return every table, by the name of its first field.

    Without a regional table the region's levels are what the plain levers make of the ACO's own
    history, before the regional cost level, which comes on top.
    """
    s = scenario
    last, year = benchmark_year_3(s.agreement_start), int(s.performance_year)
    years = tuple(str(last - back) for back in (2, 1, 0))
    region = s.regional_expenditure
    if region is None:
        at_average_risk = target.historical_benchmark / np.asarray(s.risk_score)[BY3]
        region = at_average_risk / np.broadcast_to(regional_history(s), (3, 4))
    risk = np.vstack([s.risk_score, s.risk_score_performance_year])
    mix = np.vstack([s.person_year_share_by3, s.person_year_share])
    return {
        "expenditure": TypeTable(
            "Spending per person-year", years, np.asarray(expenditure_history(s)), 1.0, "$%,.0f"
        ),
        "risk_score": TypeTable("Risk score", (*years, f"{year}"), risk, 1.0, "%.3f"),
        "person_year_share_by3": TypeTable(
            "Mix of people, %", (f"{last}", f"{year}"), mix, 100.0, "%.2f",
            "Each year adds to 100%: change two cells, and both count together.",
        ),
        "national_expenditure": TypeTable(
            "National spending per person-year", years, np.asarray(s.national_expenditure), 1.0,
            "$%,.0f", "Estimates after 2022.",
        ),
        "regional_expenditure": TypeTable(
            "Regional spending at average risk", years, np.asarray(region), 1.0, "$%,.0f",
            "The lever Regional cost level comes on top.",
        ),
        REFINED: TypeTable(
            "Shares and growth by type, %", tuple(OF_COLUMN),
            np.vstack([_with_gaps(getattr(s, field)) for field in OF_COLUMN.values()]), 100.0,
            "%.2f", "Growth is a year. A cell holds whatever its lever says; an empty one follows "
            "the lever.",
        ),
    }  # fmt: skip


def _with_gaps(table: Any) -> Array:  # noqa: ANN401  (a table or None)
    return np.full(len(TYPES), np.nan) if table is None else np.asarray(table)


def fields(name: str, values: Array) -> dict[str, Any]:
    """Return a table as the fields of the scenario it holds."""
    if name == REFINED:
        return dict(zip(OF_COLUMN.values(), values, strict=True))
    if name == "risk_score":
        return {"risk_score": values[:3], "risk_score_performance_year": values[3]}
    if name == "person_year_share_by3":
        return {"person_year_share_by3": values[0], "person_year_share": values[1]}
    if name == "expenditure":
        return {"expenditure": values, "cost_per_person": None}
    return {name: values}


def fault(name: str, sheet: TypeTable, edits: Edits, scenario: Scenario) -> str:
    """Return what is wrong with edited cells, and what is allowed; nothing if they can settle.

    Examples
    --------
    >>> from mssp_sim.parameters import rules_in_force
    >>> from mssp_sim.simulation import updated_target
    >>> scenario = Scenario()
    >>> found = sheets(scenario, updated_target(scenario, rules_in_force(2025)))
    >>> fault("expenditure", found["expenditure"], {0: {"2024": -5}}, scenario)
    'Spending per person-year, ESRD 2024 is −$5; it is above $0 and at most $10,000,000.'
    """
    for row, cells in edits.items():
        for column, cell in cells.items():
            words = quantities()[OF_COLUMN[column] if name == REFINED else name]
            low, high = words.allowed
            where = f"{sheet.name.removesuffix(', %')}, {TYPES[int(row)]} {column}"
            span = f"it is above {_shown(sheet, low)} and at most {_shown(sheet, high)}"
            if not words.above:
                span = f"it goes from {_shown(sheet, low)} to {_shown(sheet, high)}"
            if cell is None and name == REFINED:
                continue
            if cell is None:
                return f"{where} is empty; {span}."
            value = float(cell) / sheet.scale
            if not low <= value <= high or (words.above and value == low):
                return f"{where} is {_shown(sheet, value)}; {span}."
    values = sheet.edited(edits)
    if name == "person_year_share_by3":
        for label, total in zip(sheet.years, values.sum(axis=-1), strict=True):
            if abs(total - 1) > SHARES_TO_ONE:
                return (
                    f"The mix of {label} sums to {percent(total, 2)}; the four shares sum to "
                    f"100%: change another by {_points(1 - total)}."
                )
    try:
        replace(scenario, **fields(name, values))
    except ScenarioError as refused:
        return "; ".join(in_labels(said) for said in refused.faults.values()) + "."
    return ""


def _points(difference: float) -> str:
    return f"{'+' if difference > 0 else '−'}{percent(abs(difference), 2).removesuffix('%')} points"


def _shown(sheet: TypeTable, value: float) -> str:
    if sheet.scale != 1:
        return percent(value)
    return whole_dollars(value) if "$" in sheet.form else f"{value:g}".replace("-", "−")


def steps(result: Result) -> Sequence[dict[str, str]]:
    """Return the steps of the target by type, as texts."""
    mix = np.asarray(result.scenario.person_year_share)
    rows = []
    for name, values in by_type(result).items():
        dollars = name in ("History", "Adjustment", "Target")
        texts = [whole_dollars(float(v)) if dollars else percent(float(v)) for v in values]
        rows.append({"Step": name, **dict(zip(TYPES, texts, strict=True))})
    rows.append(
        {"Step": "Share of people"}
        | {t: percent(float(m)) for t, m in zip(TYPES, mix, strict=True)}
    )
    return rows
