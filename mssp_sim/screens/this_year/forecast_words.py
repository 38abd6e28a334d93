"""A settled year in words: how it compares with CMS's report, and why the forecast was not it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from mssp_sim.cms_files.reports import ComparedLine
from mssp_sim.figure import Figure
from mssp_sim.figures import money, plain, rounded
from mssp_sim.studies.forecast_causes import CAUSES, Cause, Causes, YearEnd
from mssp_sim.studies.this_year import Projection
from mssp_sim.trace import ours
from mssp_sim.units import TYPES
from mssp_sim.words.cms_reports import NOTHING, figure

TABLES = {
    "T1": "Table 1: Historical benchmark",
    "T2": "Table 2: Updated benchmark",
    "T3": "Table 3: Savings and losses",
    "A3": "Table A3: Trend and update",
}
NAMES: Mapping[Cause, str] = {
    "target": "Target, before risk",
    "own spending": "Your own spending",
    "risk": "Risk that counts",
    "mix": "Mix of people by type",
    "quality": "Quality",
    "people": "Number of people",
    "contract": "Contract, revenue, disasters",
}
WHAT: Mapping[Cause, str] = {
    "target": "benchmark and trends by type",
    "own spending": "dollars per person-year by type",
    "risk": "risk growth by type, after its cap",
    "mix": "shares of person-years by type",
    "quality": "the score, and which standard is met",
    "people": "heads and person-years",
    "contract": "what no quarterly report tells, and limits go by",
}
HOW = (
    "Each cause is worth its average over every order in which the causes may come, and together "
    "they are the whole difference, to the cent."
)


@dataclass(frozen=True)
class Forecast:
    """An earlier forecast of a year that is settled now: what it projected, and its ends."""

    quarter: int
    projection: Projection
    end: YearEnd


def headline(year: int, payment: float, lines: int, differ: int) -> str:
    """Return what a settlement came to, and whether CMS and we agree, in one sentence."""
    if rounded(payment, 2) > 0:
        ends = f"you earned {money(payment)}"
    elif rounded(payment, 2) < 0:
        ends = f"you owe {money(-payment)}"
    else:
        ends = "no money moves"
    agree = (
        f"all {lines} lines of CMS's report agree with ours" if not differ
        else f"{differ} of {lines} lines of CMS's report differ{'s' * (differ == 1)} from ours"
    )  # fmt: skip
    return f"{year} is settled: {ends}; {agree}."


def causes_title(found: Causes, quarter: int) -> str:
    """Return from what to what the payment moved."""
    return f"From {_paid(found.forecast)} at Q{quarter} to {_paid(found.final)} in the settlement"


def _paid(dollars: Decimal) -> str:
    return money(float(dollars)) if dollars >= 0 else f"{money(-float(dollars))} owed"


def causes_words(found: Causes) -> str:
    """Return which cause moved most."""
    moved = {cause: dollars for cause, dollars in found.moved.items() if dollars}
    if not moved:
        return "Nothing moved between forecast and settlement."
    most = max(moved, key=lambda cause: abs(moved[cause]))
    difference = found.final - found.forecast
    side = "above" if difference > 0 else "below"
    far = f"{cents(abs(difference), sign=False)} {side}" if difference else "exactly at"
    return (
        f"The settlement is {far} the forecast. {NAMES[most]} moved it most: "
        f"{cents(moved[most])}. {HOW}"
    )


def causes_rows(found: Causes, quarter: int) -> list[dict[str, str]]:
    """Return forecast, causes and settlement as rows that add up to the cent."""
    return [
        {"Cause": f"Forecast at Q{quarter}", "Dollars": cents(found.forecast, sign=False),
         "What it is": "as this page projected it"},
        *(
            {"Cause": NAMES[cause], "Dollars": cents(found.moved[cause]),
             "What it is": WHAT[cause]}
            for cause in CAUSES
        ),
        {"Cause": "Settlement", "Dollars": cents(found.final, sign=False),
         "What it is": "by our rules, from CMS's figures"},
    ]  # fmt: skip


def cents(dollars: Decimal, *, sign: bool = True) -> str:
    """Return dollars to the cent.

    Examples
    --------
    >>> cents(Decimal("-1234.5")), cents(Decimal("3")), cents(Decimal("0"))
    ('−$1,234.50', '+$3.00', '$0.00')
    """
    before = "−" if dollars < 0 else "+" if sign and dollars else ""
    return f"{before}${plain(abs(float(dollars)), 2)}"


def of_causes(found: Causes, quarter: int) -> tuple[Figure, ...]:
    """Return the causes as figures, each with how it is worked out."""
    ends = f"from {cents(found.forecast, sign=False)} to {cents(found.final, sign=False)}"
    made = []
    for cause in CAUSES:
        dollars = found.moved[cause]
        step = ours(
            NAMES[cause],
            "the average, over every order of the causes, of what the payment moves by when this "
            "one turns from forecast to final",
            ends, cents(dollars), float(dollars),
        )  # fmt: skip
        made.append(Figure(key="forecast_cause", label=f"{NAMES[cause]}, since Q{quarter}",
                           shown=cents(dollars), amount=float(dollars),
                           how=partial(tuple, (step,))))  # fmt: skip
    return tuple(made)


def rows_of(
    table: str, lines: Sequence[ComparedLine], forecast: Forecast | None
) -> list[dict[str, str]]:
    """Return CMS's lines of one table beside ours and the forecast, those that differ first."""
    known = forecasted(forecast) if forecast else {}
    here = sorted((line for line in lines if line.table == table), key=lambda line: line.agrees)
    rows = []
    for line in here:
        before = {f"Forecast at Q{forecast.quarter}": _forecast_of(line, known)} if forecast else {}
        rows.append({
            "Line": line.code, "What": f"{line.label} {line.place}".strip(), **before,
            "CMS": figure(line.unit, line.cms), "Ours": figure(line.unit, line.ours),
            "Difference": line.why or ("none" if line.agrees else "differs"),
        })  # fmt: skip
    return rows


def _forecast_of(line: ComparedLine, known: Mapping[tuple[str, str, str], float | None]) -> str:
    key = (line.table, line.code, line.place.removesuffix("PY").strip())
    return figure(line.unit, known[key]) if key in known else NOTHING


def forecasted(forecast: Forecast) -> dict[tuple[str, str, str], float | None]:
    """Return the forecast's figure of each line it has one for: by table, code and place."""
    end, projection = forecast.end, forecast.projection
    r, years = projection.result, float(projection.person_years)
    adjusted = np.asarray(r.target.adjusted_benchmark)
    two = bool(r.two_sided)
    total, spent = float(projection.benchmark_total), float(projection.expenditure_total)
    minimum, gross = float(r.minimum_savings_rate), float(r.gross_savings)
    by_type: dict[tuple[str, str], Any] = {
        ("T1", "R"): adjusted,
        ("T2", "A"): adjusted,
        ("T2", "C"): end.risk,
        ("T2", "D"): adjusted * end.risk,
        ("T2", "E"): np.asarray(end.target) / adjusted,
        ("T2", "F"): np.asarray(end.target) * end.risk,
        ("T2", "G"): end.mix,
        ("T3", "C"): end.spending,
        ("T3", "D"): end.mix,
    }
    in_all: dict[tuple[str, str], float | None] = {
        ("T1", "S"): float(np.vecdot(adjusted, np.asarray(r.scenario.person_year_share_by3))),
        ("T2", "H"): total / years,
        ("T3", "A"): float(projection.so_far.people),
        ("T3", "B"): years,
        ("T3", "E"): spent / years,
        ("T3", "F"): total / years,
        ("T3", "G"): spent,
        ("T3", "H"): total,
        ("T3", "I"): gross,
        ("T3", "J"): max(gross, 0.0),
        ("T3", "K"): max(-gross, 0.0),
        ("T3", "L"): minimum,
        ("T3", "M"): minimum if two else None,
        ("T3", "N"): minimum * total,
        ("T3", "O"): minimum * total if two else None,
        ("T3", "Q"): float(r.sharing_rate),
        ("T3", "R"): float(projection.so_far.quality),
        ("T3", "S"): float(bool(r.standard_met)),
        ("T3", "T"): float(r.final_sharing_rate),
        ("T3", "U"): float(r.shared_loss_rate) if two else None,
        ("T3", "W"): float(r.performance_payment_limit),
        ("T3", "X"): float(r.sequestration),
        ("T3", "Y"): float(r.shared_savings),
        ("T3", "BB"): float(r.loss_recoupment_limit) if two else None,
        ("T3", "GG"): float(r.shared_losses),
    }
    found: dict[tuple[str, str, str], float | None] = {(*key, ""): v for key, v in in_all.items()}
    for key, values in by_type.items():
        found |= {(*key, kind): float(v) for kind, v in zip(TYPES, values, strict=True)}
    return found
