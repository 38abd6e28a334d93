"""From a quarter's reports to the scenario of the year: all by type, nothing assumed that they say.

The historical benchmark of a report stands already for history, trend and adjustment, so the
scenario takes it as its history and adds nothing to it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mssp_sim.cms_files.reports._error import ReportError
from mssp_sim.cms_files.reports._layout import (
    BNMRK,
    NATION,
    NATION_12_MONTHS,
    agreement_year,
    quarter,
)
from mssp_sim.cms_files.reports._layout import BY3 as IN_BY3
from mssp_sim.cms_files.reports.deliveries import AcoReports
from mssp_sim.cms_files.reports.reader import Report
from mssp_sim.figures import percent
from mssp_sim.parameters import last_published_year, rules_in_force
from mssp_sim.quarter import (
    FIRST_PROSPECTIVE,
    LAST_TWELVE_MONTHS,
    Basis,
    QuarterByType,
    QuarterSteps,
    YearSoFar,
    steps,
)
from mssp_sim.scenario import (
    BY_SIZE,
    FIRST_LEVELS,
    Scenario,
    ScenarioError,
    agreement_starts,
    benchmark_year_3,
    quantities,
)
from mssp_sim.target import trend_to_by3
from mssp_sim.tolerances import SHARES_TO_ONE
from mssp_sim.units import TYPES, Array

ONE_SIDED = ("A", "B")
LEAST_RATIO = 0.5
"""Fewer person-years a person than this are those of the months so far, not of a year."""

ROUNDED_TOTAL = 0.005
"""How far CMS's rounded types may be from its printed total of person-years."""

BACK = 1.051
"""What spending is taken to have grown by in a benchmark year no report tells."""

NOT_SAID = ("quality_score", "risk_growth", "participant_revenue_share")
"""Fields no quarterly report holds: they stay as the simulator opens."""


@dataclass(frozen=True)
class Expected:
    """What a quarter's reports come to: CMS's steps, the year in totals, and the scenario of it.

    ``assumed`` names the fields of the scenario that no report tells; ``notes`` are sentences on
    what was concluded.
    """

    aco: AcoReports
    used: tuple[Report, ...]
    steps: QuarterSteps
    year_so_far: YearSoFar
    scenario: Scenario
    assumed: tuple[str, ...]
    notes: tuple[str, ...]


def expected(aco: AcoReports, basis: Basis = LAST_TWELVE_MONTHS) -> Expected:
    """Return what an ACO's latest quarter says of the year: steps A to W and the scenario.

    Parameters
    ----------
    aco : its reports; BNMRK and QEXPU at least, AEXPU where the nation's benchmark year is to be
        CMS's printed one
    basis : what the spending of a quarterly report covers, which it does not say

    Raises
    ------
    ReportError
        Names what the reports lack or what cannot be.

    Source: CMS's estimate in its quarterly reports; ours from the scenario on
    """
    notes = list(aco.notes)
    held, used, by3 = quarter_of(aco, notes)
    benchmark, quarterly = used[0], used[1]
    level = benchmark.level or quarterly.level
    assumed = [] if level else ["level"]
    level = level or Scenario().level
    election, told = _election(benchmark, quarterly, level)
    assumed += [] if told else ["minimum_election"]
    found = steps(held, election, two_sided=level not in ONE_SIDED)
    if not np.isfinite(found.target_per_person):
        raise ReportError("its target cannot be worked out: " + _unknown(held), file=benchmark.file)
    years = held.performance_year - by3
    people_years = _person_years(held, notes)
    scenario, more = _scenario(
        held, found, benchmark, level, election, years, people_years, quarterly, notes
    )
    so_far = YearSoFar(
        performance_year=held.performance_year,
        quarter=held.quarter,
        people=float(held.people),
        spending_per_person=float(held.spending_per_person),
        target_per_person=float(found.target_per_person),
        person_years=people_years,
        basis=basis,
        market_share=tuple(map(float, held.national_weight)),
        national_growth=tuple(map(float, _a_year(found.national_ratio, years))),
        regional_growth=tuple(map(float, _a_year(found.regional_ratio, years))),
    )
    return Expected(aco, used, found, so_far, scenario, (*assumed, *more, *NOT_SAID), tuple(notes))


def quarter_of(aco: AcoReports, notes: list[str]) -> tuple[QuarterByType, tuple[Report, ...], int]:
    """Return the latest quarter by type, the reports it is from, and benchmark year 3.

    Raises
    ------
    ReportError
        Names what the reports lack.
    """
    quarterly, benchmark = aco.quarterly, aco.benchmark
    if quarterly is None or benchmark is None:
        lacks = "QEXPU, the report of a quarter" if quarterly is None else (
            "BNMRK, the historical benchmark"
        )  # fmt: skip
        raise ReportError(f"a forecast needs {lacks}", file=aco.aco_id)
    year = quarterly.year
    if benchmark.year and benchmark.year != year:
        what = f"it is for performance year {benchmark.year}, the latest quarter is of {year}"
        raise ReportError(what, file=benchmark.file)
    by3 = benchmark.benchmark_year_3 or quarterly.benchmark_year_3
    if not by3:
        raise ReportError("it does not say which year is benchmark year 3", file=benchmark.file)
    annual = aco.annual(by3)
    nth = year - by3
    if not 1 <= nth <= 6:  # noqa: PLR2004  (six performance years at most)
        what = f"benchmark year 3 is {by3} and the performance year {year}, which no agreement has"
        raise ReportError(what, file=benchmark.file)
    person_years = quarterly.by_type("person_years")
    there = np.nan_to_num(person_years[:4]) > 0
    if not there.any():
        raise ReportError("it has no person-years by enrollment type", file=quarterly.file)
    used = (benchmark, quarterly, *([annual] if annual else []))
    historical = benchmark.by_type("historical_benchmark")
    acpt = _acpt(aco, benchmark, nth, by3, notes)
    national_by3 = _national(annual) if annual else benchmark.by_type("national_by_year", IN_BY3)
    if annual is None and np.isfinite(national_by3[:4]).any():
        notes.append(
            f"There is no AEXPU of {by3}; the nation's spending in benchmark year 3 is that of "
            "the trend table in BNMRK."
        )
    wanted = {
        "national spending in benchmark year 3 (A)": (annual or benchmark, national_by3),
        "national spending (B)": (quarterly, _national(quarterly)),
        "regional spending in benchmark year 3 (D)": (
            quarterly, quarterly.by_type("regional", IN_BY3)
        ),
        "regional spending (E)": (quarterly, _latest(quarterly, "regional", notes)),
        "the national weight (G)": (quarterly, _latest(quarterly, "national_weight", notes)),
        "the regional weight (H)": (quarterly, _latest(quarterly, "regional_weight", notes)),
        "the historical benchmark (L)": (benchmark, historical),
    }  # fmt: skip
    filled = _filled(wanted, there)
    weights = filled["the national weight (G)"] + filled["the regional weight (H)"]
    if np.any(np.abs(weights - 1) > SHARES_TO_ONE) or weights.max() > 2:  # noqa: PLR2004
        notes.append("National and regional weight do not add up to 1 in CMS's report.")
    people = quarterly.number("people")
    if not people >= 1:
        raise ReportError("it does not say how many people are assigned", file=quarterly.file)
    total = float(person_years[4]) if person_years[4] > 0 else float(person_years[:4][there].sum())
    shares = np.nan_to_num(person_years[:4]) / total
    if abs(shares.sum() - 1) > ROUNDED_TOTAL:
        what = f"its person-years by type come to {shares.sum():.2%} of the total it prints"
        raise ReportError(what, file=quarterly.file)
    if abs(shares.sum() - 1) > SHARES_TO_ONE:
        notes.append(
            f"CMS's types come to {shares.sum():.4%} of its total of person-years: its target "
            "counts them so, the settlement here each in its share of them all."
        )
    all_spent = _spent_in_all(quarterly, shares, there)
    held = QuarterByType(
        performance_year=year,
        quarter=quarterly.quarter,
        agreement_year=nth,
        national_by3=filled["national spending in benchmark year 3 (A)"],
        national_now=filled["national spending (B)"],
        regional_by3=filled["regional spending in benchmark year 3 (D)"],
        regional_now=filled["regional spending (E)"],
        national_weight=filled["the national weight (G)"],
        regional_weight=filled["the regional weight (H)"],
        prospective_ratio=np.where(there, acpt, np.nanmean(acpt[there]) if np.isfinite(
            acpt[there]).any() else np.nan),
        historical_benchmark=filled["the historical benchmark (L)"],
        person_years=np.nan_to_num(person_years[:4]),
        person_years_total=total,
        spending_per_person=all_spent,
        people=people,
    )  # fmt: skip
    return held, used, by3


def _filled(wanted: dict[str, tuple[Report, Array]], there: Array) -> dict[str, Array]:
    """Return each line for the types that have people, checked; the others take their mean."""
    filled = {}
    for name, (report, values) in wanted.items():
        lowest = 0.0 if "weight" in name else np.nextafter(0, 1)
        four = values[:4]
        wrong = there & ~(four >= lowest)
        if wrong.any():
            which = TYPES[int(wrong.argmax())]
            said = "is not there" if np.isnan(four[wrong][0]) else "cannot be"
            raise ReportError(f"{name} of {which} {said}", file=report.file)
        filled[name] = np.where(there, four, float(four[there].mean()))
    return filled


def _spent_in_all(quarterly: Report, shares: Array, there: Array) -> float:
    """Return CMS's printed spending over all types, else the types' in their shares."""
    spending = quarterly.by_type("spending")
    if spending[4] > 0:
        return float(spending[4])
    if np.isnan(spending[:4][there]).any():
        raise ReportError("it does not say what the ACO spent per person", file=quarterly.file)
    return float(np.vecdot(np.nan_to_num(spending[:4]), shares))


def _unknown(held: QuarterByType) -> str:
    if np.isnan(held.prospective_ratio).any():
        return (
            "Table 6, the prospective trend (ACPT), is not in it, as in the preliminary delivery "
            "of March; June's has it"
        )
    return "a figure of the steps A to P is not there"


def _national(report: Report) -> Array:
    """Return the nation's spending: the twelve months' where both columns stand there."""
    twelve = report.by_type("national", NATION_12_MONTHS)
    return twelve if np.isfinite(twelve[:4]).any() else report.by_type("national", NATION)


def _latest(report: Report, name: str, notes: list[str]) -> Array:
    """Return a line's last quarter that has a number."""
    for nth in range(4, 0, -1):
        found = report.by_type(name, quarter(nth))
        if np.isfinite(found[:4]).any():
            if nth != report.quarter:
                notes.append(
                    f"The latest {name.replace('_', ' ')} in the report of Q{report.quarter} is "
                    f"that of Q{nth}."
                )
            return found
    return np.full(5, np.nan)


def _acpt(aco: AcoReports, benchmark: Report, nth: int, by3: int, notes: list[str]) -> Array:
    """Return the prospective trend by type; of an earlier delivery where the latest lacks it."""
    found = benchmark.by_type("acpt", agreement_year(nth))[:4]
    if np.isfinite(found).any() or by3 + 1 < FIRST_PROSPECTIVE:
        return found
    for other in aco.of(BNMRK):
        theirs = other.by_type("acpt", agreement_year(nth))[:4]
        if other.benchmark_year_3 == by3 and np.isfinite(theirs).any():
            notes.append(f"The prospective trend (ACPT) is that of {other.file}.")
            return theirs
    return found


def _person_years(held: QuarterByType, notes: list[str]) -> float:
    """Return a year's person-years: what is printed, or what it comes to in twelve months."""
    printed, people = float(held.person_years_total), float(held.people)
    a_year = printed * 4 / held.quarter
    if printed / people < LEAST_RATIO <= a_year / people:
        notes.append(
            f"Person-years are {printed:,.0f} for {people:,.0f} people: taken as those of the "
            f"months so far, {a_year:,.0f} in a year."
        )
        printed = a_year
    if printed > people:
        notes.append("There are more person-years than people; as many are taken as people.")
        return people
    return max(printed, LEAST_RATIO * people)


def _election(benchmark: Report, quarterly: Report, level: str) -> tuple[float | str, bool]:
    """Return the minimum an ACO has, and whether a report says it."""
    if level in ONE_SIDED:
        return BY_SIZE, True
    for report in (benchmark, quarterly):
        said = report.parameter("minimum savings rate") or report.parameter("msr")
        if not said:
            continue
        digits = "".join(c for c in said if c.isdigit() or c == ".").strip(".")
        if not digits:
            return BY_SIZE, True
        rate = float(digits) / (100 if "%" in said or float(digits) >= 0.1 else 1)  # noqa: PLR2004
        choices = rules_in_force(last_published_year()).minimum_rate_choices
        near = [c for c in choices if abs(c - rate) < SHARES_TO_ONE]
        return (near[0] if near else BY_SIZE), True
    return Scenario().minimum_election, False


def _a_year(ratio: Array, years: int) -> Array:
    """Return the yearly rate that compounds to a ratio."""
    return np.asarray(ratio ** (1 / years) - 1)


def growth_and_cut(ratio: Array, years: int) -> tuple[Array, float]:
    """Return growth a year by type, and the cut that keeps it within what a scenario may hold.

    Spending of a type with few people can double in a year. What all types have in common of that
    stands in the cut, so that no type's growth is out of reach: nothing where none is.

    Parameters
    ----------
    ratio : spending now over benchmark year 3, by type

    Raises
    ------
    ScenarioError
        Where the types grow too far apart.
    """
    low, high = quantities()["own_growth_by_type"].allowed
    inside = 1e-9
    least = float((ratio / (1 + high - inside) ** years).max())
    most = float((ratio / (1 + low + inside) ** years).min())
    if least > most:
        raise ScenarioError({"own_growth_by_type": (
            "spending by type has moved too far apart since benchmark year 3"
        )})  # fmt: skip
    left = min(max(1.0, least), most)
    return _a_year(ratio / left, years), 1 - left


def _scenario(
    held: QuarterByType,
    found: QuarterSteps,
    benchmark: Report,
    level: str,
    election: float | str,
    years: int,
    person_years: float,
    quarterly: Report,
    notes: list[str],
) -> tuple[Scenario, list[str]]:
    assumed: list[str] = []
    year = held.performance_year
    start = held.agreement_start
    if start not in agreement_starts(assume_last=True) and start.year == FIRST_LEVELS.year:
        start = FIRST_LEVELS
    period = benchmark.period("agreement period", without="regional")
    assumed += [] if period else ["agreement_period"]
    mix = np.asarray(found.person_year_share)
    mix = mix / mix.sum()
    before = benchmark.by_type("person_years")[:4]
    if np.isfinite(before).all() and before.sum() > 0:
        mix_by3 = before / before.sum()
    else:
        mix_by3, assumed = mix, [*assumed, "person_year_share_by3"]
    share_by3 = quarterly.by_type("national_weight", IN_BY3)[:4]
    share_by3 = np.where(np.isfinite(share_by3), share_by3, held.national_weight)
    national = np.array([np.asarray(held.national_by3) / BACK**back for back in (2, 1, 0)])
    fields: dict[str, Any] = {
        "performance_year": year,
        "assume_last_published": year > last_published_year(),
        "agreement_start": start,
        "agreement_period": period or Scenario().agreement_period,
        "level": level,
        "minimum_election": election,
        "assigned_beneficiaries": float(np.rint(held.people)),
        "person_years_ratio": person_years / float(np.rint(held.people)),
        "person_year_share": mix,
        "person_year_share_by3": mix_by3,
        "national_expenditure": national,
        "market_share_by_type": held.national_weight,
        "market_share_by3_by_type": share_by3,
        "national_growth_by_type": _a_year(found.national_ratio, years),
        "regional_growth_by_type": _a_year(found.regional_ratio, years),
    }
    if np.isfinite(held.prospective_ratio).all():
        fields["prospective_trend_by_type"] = _a_year(held.prospective_ratio, years)
    spent = _spent(held, found, quarterly, notes)
    try:
        blank = Scenario(**fields, cost_reduction=0.0)
        if benchmark_year_3(blank.agreement_start) + years != year:
            message = f"no agreement that begins on {start} has year {year} as its year {years}"
            raise ReportError(message, file=benchmark.file)
        history = np.asarray(held.historical_benchmark) / trend_to_by3(blank)
        growth, cut = growth_and_cut(spent / np.asarray(held.historical_benchmark), years)
        scenario = Scenario(
            **fields, expenditure=history, own_growth_by_type=growth, cost_reduction=cut
        )
    except ScenarioError as fault:
        raise ReportError(f"its figures make no year that can be settled: {fault}".rstrip("."),
                          file=quarterly.file) from None  # fmt: skip
    notes += capped(cut)
    return scenario, assumed


def capped(cut: float) -> list[str]:
    """Return the note on spending that grew further than a scenario's growth can hold, if it did.

    Parameters
    ----------
    cut : what all types have in common of it, as ``growth_and_cut`` gives it
    """
    if not cut:
        return []
    return [
        f"Spending by type moved further in a year than its growth can hold; {percent(cut)} stands "
        "in the cost reduction."
    ]


def _spent(held: QuarterByType, found: QuarterSteps, quarterly: Report, notes: list[str]) -> Array:
    """Return spending by type that comes to CMS's printed total at the mix of the types."""
    shares = np.asarray(found.person_year_share)
    shares = shares / shares.sum()
    spent = quarterly.by_type("spending")[:4]
    known = np.isfinite(spent) & (spent > 0)
    if (shares[~known] > 0).any():
        notes.append(
            "Spending by type is not given for every type; it is spread as the benchmark is."
        )
        spent, known = np.asarray(held.historical_benchmark), np.full(4, fill_value=True)
    spent = np.where(known, spent, held.historical_benchmark)
    return np.asarray(spent * (held.spending_per_person / np.vecdot(shares, spent)))
