"""CMS's settlement report: read into a scenario by type, settled, and compared line by line."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mssp_sim.cms_files.reports import _layout
from mssp_sim.cms_files.reports._error import ReportError
from mssp_sim.cms_files.reports._layout import BY1, BY2, RESULT, THE_YEAR
from mssp_sim.cms_files.reports._layout import BY3 as IN_BY3
from mssp_sim.cms_files.reports._lines import LINES, Compared
from mssp_sim.cms_files.reports._sheet import ALL_TYPES, Value, plain
from mssp_sim.cms_files.reports.expected import ONE_SIDED, capped, growth_and_cut
from mssp_sim.cms_files.reports.reader import Report
from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.quarter import FIRST_PROSPECTIVE
from mssp_sim.rules import corridor
from mssp_sim.scenario import BY_SIZE, Scenario, ScenarioError, benchmark_year_3
from mssp_sim.simulation import Result, simulate
from mssp_sim.target import Target, regional_weights, spending, years_from_by3
from mssp_sim.tolerances import HALF_CENT, SAME_RATE
from mssp_sim.units import TYPES, Array

PERCENT = 100
LARGEST_MINIMUM = 0.2
"""No minimum is as large as a fraction, and every one that may be chosen is larger in points."""
WITHIN: Mapping[str, float] = {
    "dollars": HALF_CENT, "people": HALF_CENT, "ratio": 5e-7, "rate": 5e-7, "yes": 0.5, "word": 0.5,
}  # fmt: skip
"""How near two figures are one: half a cent, or half of the last digit of a ratio of six."""

DUST = 1e-12
BY_YEAR = ("BY1", "BY2", "BY3", "PY")
Outcome = Literal["savings", "losses", "neither"]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A figure of CMS's settlement report beside ours.

    ``cms`` is None where it is not applicable, ``ours`` where it does not arise. ``why`` names
    the cause of a difference, empty where there is none.
    """

    table: str
    code: str
    label: str
    place: str
    cell: str
    unit: str
    cms: float | None
    ours: float | None
    agrees: bool
    why: str = ""


@dataclass(frozen=True)
class SettledReport:
    """CMS's settlement report, settled again: the scenario, our result, and every line of both.

    ``missing`` are lines that stand in no table; ``assumed`` are fields the report does not tell.
    """

    report: Report
    scenario: Scenario
    result: Result
    lines: tuple[ComparedLine, ...]
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def differences(self) -> tuple[ComparedLine, ...]:
        """The lines on which CMS and we part."""
        return tuple(line for line in self.lines if not line.agrees)


def settle_report(report: Report) -> SettledReport:
    """Return a settlement report settled again by our rules, line by line beside CMS's.

    Parameters
    ----------
    report : of the kind STLMT

    Raises
    ------
    ReportError
        Names what the report lacks or what cannot be.

    Source: the tables are CMS's financial reconciliation; 42 CFR 425.601 to 425.610
    """
    scenario, assumed, notes = scenario_of(report)
    result = simulate(scenario)
    ours = _ours(scenario, result)
    found = {line.name: _layout.values_of(line.place, report.sheets) for line in LINES}
    lines: list[ComparedLine] = []
    apart: set[str] = set()
    missing = []
    for line in LINES:
        cells = found[line.name]
        if line.one_column:
            cells = tuple(value for value in cells if value.number is not None)
        compared = [
            one for value in cells
            if (one := _compared(line, value, ours[line.name])) is not None
        ]  # fmt: skip
        if not compared and line.name not in _beside_the_point(scenario, result):
            missing.append(f"{line.place.label} [{line.place.code}]")
        if any(not one.agrees for one in compared):
            why = _why(line, apart)
            apart.add(line.name)
            compared = [one if one.agrees else replace(one, why=why) for one in compared]
        lines += compared
    return SettledReport(
        report, scenario, result, tuple(lines), tuple(missing), assumed, (*report.notes, *notes)
    )


def _why(line: Compared, apart: set[str]) -> str:
    """Return the cause of a difference: a line it follows from, or this step itself."""
    parents = [one.place for one in LINES if one.name in line.follows]
    causes = [one.place for one in LINES if one.name in line.follows and one.name in apart]
    if causes:
        names = ", ".join(f"{place.label} [{place.code}]" for place in causes)
        return f"follows from {names}"
    if not parents:
        return "CMS's figure is not the one its other tables give"
    names = ", ".join(f"{place.label} [{place.code}]" for place in parents)
    return f"here the two part: the rule gives ours from {names}"


def scenario_of(report: Report) -> tuple[Scenario, tuple[str, ...], tuple[str, ...]]:
    """Return a settlement report as a scenario by type, what was assumed, and what was concluded.

    No lever is assumed that the report tells, and nothing is calibrated.

    Raises
    ------
    ReportError
        Names what the report lacks or what cannot be.

    Source: ours; the tables are those of CMS's financial reconciliation
    """
    notes: list[str] = []
    assumed: list[str] = []
    start, level = report.agreement_start, report.level
    if start is None:
        raise ReportError("its cover does not say when the agreement started", file=report.file)
    if not level:
        raise ReportError("its parameters do not say the ACO's track", file=report.file)
    by3 = benchmark_year_3(start)
    said = report.benchmark_year_3
    if said and said != by3:
        what = f"its benchmark year 3 is {said}, but an agreement that starts on {start} has {by3}"
        raise ReportError(what, file=report.file)
    history = _table(report, "spending_history", BY1, BY2, IN_BY3)
    risk = _table(report, "risk_history", BY1, BY2, IN_BY3)
    national = _table(report, "national_history", BY1, BY2, IN_BY3, THE_YEAR)
    regional = _table(report, "regional_history", BY1, BY2, IN_BY3, THE_YEAR)
    share_by3, share = _table(report, "national_weight", IN_BY3, THE_YEAR)
    risk_now = _table(report, "risk_scores", THE_YEAR)[0]
    mix_by3, mix = _types(report, "mix_by3"), _types(report, "mix")
    spent = _types(report, "spending_by_type")
    people = _one(report, "settled_people")
    person_years = _one(report, "settled_person_years")
    score = _one(report, "score")
    years = report.year - by3
    total = float(np.vecdot(spent, mix)) * person_years
    revenue = report.number("revenue")
    if np.isnan(revenue):
        assumed.append("participant_revenue_share")
        revenue = float(Scenario().participant_revenue_share) * total
    met = report.text("standard_met").strip().lower()[:1]
    if met not in ("y", "n"):
        raise ReportError("it does not say whether the quality standard was met (Yes or No)",
                          file=report.file)  # fmt: skip
    period = report.period("agreement period", without="regional")
    assumed += [] if period else ["agreement_period"]
    if start.year >= FIRST_PROSPECTIVE:
        assumed += ["prospective_trend", "demographic_growth"]
        notes.append(
            "The layout read here is that of agreements before 2024: the prospective trend and the "
            "demographic scores are not read from it."
        )
    hit = np.nan_to_num(report.number("year_affected") * report.number("people_affected"))
    try:
        growth, cut = growth_and_cut(spent / history[2], years)
        scenario = Scenario(
            performance_year=report.year,
            agreement_start=start,
            agreement_period=period or Scenario().agreement_period,
            regional_adjustment_period=report.period("regional") or None,
            level=level,
            minimum_election=_election(report, people, level, start),
            assigned_beneficiaries=people,
            person_years_ratio=person_years / people,
            expenditure=history,
            risk_score=risk,
            risk_score_performance_year=risk_now,
            person_year_share_by3=mix_by3,
            person_year_share=mix,
            national_expenditure=national[:3],
            regional_expenditure=regional[:3],
            market_share=float(np.vecdot(share, mix)),
            market_share_by3=float(np.vecdot(share_by3, mix_by3)),
            market_share_by3_by_type=share_by3,
            market_share_by_type=share,
            national_growth_by_type=_a_year(national[3] / national[2], years),
            regional_growth_by_type=_a_year(regional[3] / regional[2], years),
            own_growth_by_type=growth,
            cost_reduction=cut,
            quality_score=score / PERCENT if score > 1 else score,
            quality_standard_met=met == "y",
            alternative_standard_met=bool(met == "n" and report.number("final_rate") > 0),
            participant_revenue_share=revenue / total,
            disaster_share=float(hit),
        )
    except (ScenarioError, ZeroDivisionError) as fault:
        what = f"its figures make no year that can be settled: {fault}".rstrip(".")
        raise ReportError(what, file=report.file) from None
    notes += capped(cut)
    return scenario, tuple(assumed), tuple(notes)


def _a_year(ratio: Array, years: int) -> Array:
    return np.asarray(np.abs(ratio) ** (1 / years) - 1)


def _table(report: Report, name: str, *columns: str) -> Array:
    return np.array([_types(report, name, column) for column in columns])


def _types(report: Report, name: str, column: str = r".*") -> Array:
    found = report.by_type(name, column)[:4]
    positive = {"mix", "mix_by3", "national_weight"}
    if np.isnan(found).any() or (name not in positive and not (found > 0).all()):
        which = TYPES[int((~(found > 0)).argmax())]
        label = next(line.label for line in _layout.LINES[report.kind] if line.name == name)
        raise ReportError(f"{label} of {which} is not there", file=report.file)
    return found


def _one(report: Report, name: str) -> float:
    found = report.number(name)
    if not found > 0:
        label = next(line.label for line in _layout.LINES[report.kind] if line.name == name)
        raise ReportError(f"{label} is not there", file=report.file)
    return found


def _election(report: Report, people: float, level: str, start: dt.date) -> float | str:
    """Return the choice that gives the minimum the report prints."""
    printed = report.number("minimum")
    if level in ONE_SIDED or np.isnan(printed):
        return BY_SIZE
    rules = rules_in_force(report.year, start, assume_last=True)
    by_size = np.interp(people, rules.minimum_savings_rate.at, rules.minimum_savings_rate.gives)
    printed = printed / PERCENT if printed > LARGEST_MINIMUM else printed
    near = [c for c in rules.minimum_rate_choices if abs(c - printed) < SAME_RATE]
    if near and abs(by_size - printed) >= SAME_RATE:
        return float(near[0])
    return BY_SIZE


Key = tuple[int, str]
Figures = Mapping[Key, float | None]


def _ours(scenario: Scenario, result: Result) -> dict[str, Figures]:
    """Return our figure of every line, by enrollment type's place (4 for all) and column."""
    rules, target = result.rules, result.target
    return {
        **_historical(scenario, target, rules),
        **_updated(scenario, target, result),
        **_settled(scenario, target, result),
        **_trends(scenario, target),
    }


def _each(*columns: tuple[str, Any]) -> Figures:
    """Return figures by type under columns."""
    return {
        (at, column): float(value)
        for column, values in columns
        for at, value in enumerate(np.broadcast_to(np.asarray(values, float), (4,)))
    }


def _all(value: Any, column: str = "") -> Figures:  # noqa: ANN401  (any number)
    return {(ALL_TYPES, column): None if value is None else float(value)}


def _historical(s: Scenario, target: Target, rules: Rules) -> dict[str, Figures]:
    history, risk = np.asarray(s.expenditure), np.asarray(s.risk_score)
    ratio = risk[2] / risk
    trend = np.broadcast_to(np.asarray(target.trend_to_by3), (3, 4))
    mix = np.asarray(s.person_year_share_by3)
    g = np.asarray(target.historical_benchmark)
    region = np.asarray(s.regional_expenditure)[2]
    adjustments = target.adjustments
    difference = np.asarray(adjustments.regional_difference)
    lower, higher = regional_weights(s, rules)
    overall = float(np.vecdot(difference, mix))
    weight = float(lower if overall >= 0 else higher)
    cap = rules.regional_adjustment_positive_cap if overall >= 0 else (
        rules.regional_adjustment_negative_cap
    )  # fmt: skip
    adjusted = np.asarray(target.adjusted_benchmark)
    by_year = BY_YEAR[:3]
    return {
        "T1.B": _each(*zip(by_year, history, strict=True)),
        "T1.C": _each(*zip(by_year, risk, strict=True)),
        "T1.D": _each(*zip(by_year, ratio, strict=True)),
        "T1.E": _each(*zip(by_year, trend, strict=True)),
        "T1.F": _each(*zip(by_year, history * ratio * trend, strict=True)),
        "T1.G": _each(("", g)),
        "T1.H": {**_each(("", mix)), **_each(("BY3", mix))},
        "T1.I": _all(np.vecdot(g, mix)),
        "T1.J": _each(("", region)),
        "T1.K": _each(("", region * risk[2])),
        "T1.L": _each(("", difference)),
        "T1.M": {**_each(("", difference * mix)), **_all(overall)},
        "T1.N": {**_each(("", weight)), **_all(weight)},
        "T1.O": _each(("", weight * difference)),
        "T1.P": _each(("", cap * np.asarray(s.national_expenditure)[2])),
        "T1.Q": _each(("", adjustments.adjustment)),
        "T1.R": _each(("", adjusted)),
        "T1.S": _all(np.vecdot(adjusted, mix)),
    }


def _updated(s: Scenario, target: Target, result: Result) -> dict[str, Figures]:
    adjusted, factor = np.asarray(target.adjusted_benchmark), np.asarray(target.risk_factor)
    update = np.asarray(target.growth.update_factor)
    mix = np.asarray(s.person_year_share)
    return {
        "T2.A": _each(("", adjusted)),
        "T2.B": _each(("BY3", np.asarray(s.risk_score)[2]), ("PY", s.risk_score_performance_year)),
        "T2.C": _each(("", factor)),
        "T2.D": _each(("", adjusted * factor)),
        "T2.E": _each(("", update)),
        "T2.F": _each(("", adjusted * factor * update)),
        "T2.G": _each(("", mix)),
        "T2.H": _all(result.benchmark),
    }


def _settled(s: Scenario, target: Target, r: Result) -> dict[str, Figures]:
    years = years_from_by3(s)
    growth = np.asarray(s.own_growth_by_type)
    spent = np.asarray(target.expenditure_history)[2] * (1 + growth) ** years
    spent = spent * (1 - float(s.cost_reduction))
    gross, total, minimum = float(r.gross_savings), float(r.benchmark_total), float(
        r.minimum_savings_rate
    )  # fmt: skip
    outcome = _outcome(r)
    paid = float(r.shared_savings + r.above_limit + r.sequestration)
    charged = -gross if outcome == "losses" else 0.0
    before = charged * float(r.shared_loss_rate)
    limited = float(r.shared_losses + r.forgiven + r.spared_by_leaving)
    two = bool(r.two_sided)
    words = {"savings": 1.0, "losses": -1.0, "neither": 0.0}
    return {
        "T3.A": _all(s.assigned_beneficiaries),
        "T3.B": _all(r.person_years),
        "T3.C": _each(("", spent)),
        "T3.D": _each(("", s.person_year_share)),
        "T3.E": _all(spending(s, target)),
        "T3.F": _all(r.benchmark),
        "T3.G": _all(r.expenditure_total),
        "T3.H": _all(total),
        "T3.I": _all(gross),
        "T3.J": _all(max(gross, 0.0)),
        "T3.K": _all(max(-gross, 0.0)),
        "T3.L": _all(minimum),
        "T3.M": _all(minimum if two else None),
        "T3.N": _all(minimum * total),
        "T3.O": _all(minimum * total if two else None),
        "T3.P": _all(words[outcome]),
        "T3.Q": _all(r.sharing_rate),
        "T3.R": _all(s.quality_score),
        "T3.S": _all(float(bool(r.standard_met))),
        "T3.T": _all(r.final_sharing_rate),
        "T3.U": _all(r.shared_loss_rate if two else None),
        "T3.V": _all(paid),
        "T3.W": _all(r.performance_payment_limit),
        "T3.X": _all(r.sequestration),
        "T3.Y": _all(r.shared_savings),
        "T3.Z": _all(before),
        "T3.AA": _all(float(s.participant_revenue_share) * float(r.expenditure_total)),
        "T3.BB": _all(r.loss_recoupment_limit if two else None),
        "T3.CC": _all(limited),
        "T3.FF": _all(r.forgiven),
        "T3.GG": _all(r.shared_losses),
    }


def _outcome(r: Result) -> Outcome:
    if corridor.savings_shared(r.gross_savings, r.benchmark_total, r.minimum_savings_rate):
        return "savings"
    beyond = corridor.losses_beyond_minimum(
        r.gross_savings, r.benchmark_total, r.minimum_savings_rate
    )
    return "losses" if beyond and r.two_sided else "neither"


def _trends(s: Scenario, target: Target) -> dict[str, Figures]:
    national = np.asarray(s.national_expenditure)
    regional = np.asarray(s.regional_expenditure)
    up = np.asarray(target.growth.national_ratio), np.asarray(target.growth.regional_ratio)
    levels = (
        np.vstack([national, national[2] * up[0]]),
        np.vstack([regional, regional[2] * up[1]]),
    )
    ratios = tuple(
        np.vstack([table[2] / table, up[at]])
        for at, table in enumerate((national, regional))
    )  # fmt: skip
    before, now = np.asarray(s.market_share_by3_by_type), np.asarray(s.market_share_by_type)
    share = np.vstack([before, before, before, now])
    blended = np.vstack([np.broadcast_to(target.trend_to_by3, (3, 4)),
                         np.broadcast_to(target.growth.two_way_update, (4,))])  # fmt: skip
    tables = {
        "A3.A": levels[0], "A3.B": ratios[0], "A3.C": levels[1], "A3.D": ratios[1],
        "A3.E": share, "A3.F": 1 - share, "A3.G": blended,
    }  # fmt: skip
    return {name: _each(*zip(BY_YEAR, table, strict=True)) for name, table in tables.items()}


def _beside_the_point(scenario: Scenario, result: Result) -> set[str]:
    """Return the lines a report may leave out: those its outcome has no use for."""
    outcome, found = _outcome(result), set()
    if not result.two_sided or outcome != "losses":
        found |= {"T3.AA", "T3.BB", "T3.CC", "T3.FF", "T3.Z", "T3.GG"}
    if not result.two_sided:
        found |= {"T3.M", "T3.O", "T3.U"}
    if not scenario.disaster_share:
        found |= {"T3.FF"}
    return found


_COLUMNS = ((BY1, "BY1"), (BY2, "BY2"), (IN_BY3, "BY3"), (RESULT, ""), (THE_YEAR, "PY"))


def _compared(line: Compared, value: Value, ours: Figures) -> ComparedLine | None:
    """Return one cell beside our figure; None where the arithmetic has no such figure."""
    heading = plain(value.column)
    column = next((name for known, name in _COLUMNS if re.fullmatch(known, heading)), "")
    at = ALL_TYPES if value.type is None else value.type
    key = next((k for k in ((at, column), (at, "")) if k in ours), None)
    if key is None:
        return None
    mine = ours[key]
    its = _said(line, value)
    if its is not None and line.size_only:
        its = abs(its)
    agrees = _same(line, its, mine)
    place = TYPES[at] if at < ALL_TYPES else ""
    where = " ".join(part for part in (place, column) if part)
    return ComparedLine(
        line.name.partition(".")[0], line.place.code, line.place.label, where,
        f"{value.sheet}!{value.cell}", line.unit, its, mine, agrees,
    )  # fmt: skip


def _said(line: Compared, value: Value) -> float | None:
    if line.unit == "yes":
        return {"y": 1.0, "n": 0.0}.get(value.text.lower()[:1])
    if line.unit == "word":
        text = value.text.lower()
        if re.search(r"no\b|neither|not |within|–|-$", text):
            return 0.0
        return 1.0 if "sav" in text else -1.0 if "los" in text else None
    found = value.number
    if found is not None and line.unit == "rate" and abs(found) > 1:
        return found / PERCENT
    return found


def _same(line: Compared, its: float | None, ours: float | None) -> bool:
    if its is None:
        return ours is None or line.may_be_blank or abs(ours) <= WITHIN[line.unit]
    if ours is None:
        return abs(its) <= WITHIN[line.unit] or line.may_be_blank
    return abs(its - ours) <= WITHIN[line.unit] * (1 + SAME_RATE) + DUST * abs(its)
