"""Table 2: the historical benchmark brought to the performance year."""

from dataclasses import dataclass

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range
from mssp_sim.exports.workbook.historical import HistoryCells
from mssp_sim.exports.workbook.inputs import Inputs
from mssp_sim.exports.workbook.rulebook import RulebookCells
from mssp_sim.exports.workbook.sheet import camel
from mssp_sim.exports.workbook.steps import PLACES, Steps
from mssp_sim.rules import benchmark

TITLE = "Table 2 Updated benchmark"


@dataclass(frozen=True, slots=True)
class TargetCells:
    """What Table 3 settles against, dollars per person-year, and over how many years."""

    years: Formula
    benchmark: Formula
    two_way: Formula
    own_spending: Range


def write(sheet: Steps, given: Inputs, rule: RulebookCells, history: HistoryCells) -> TargetCells:
    """Write risk growth and the update of rules 4.3, up to the target per person-year."""
    sheet.head(
        "Table 2: Updated benchmark",
        "From benchmark year 3 to the performance year: risk growth that counts, then the trend.",
    )
    mix = given.table["person_year_share"][0]
    sheet.heading("Carried from Table 1")
    adjusted = sheet.types(
        "Historical benchmark",
        [history.adjusted[t] for t in PLACES],
        words="Table 1, last line",
        source="425.601(a), 425.652(a)",
    )
    years = sheet.line(
        "Years from BY3 to the performance year",
        given["performance_year"] - f.year_of(given["agreement_start"]) + 1.0,
        "count",
        name="Years",
        words="BY3 is the year before the agreement starts; every yearly rate compounds over these",
    )
    risk, weight = _risk(sheet, given, rule, adjusted, years)
    update, two_way = _trend(sheet, given, rule, history, weight, years)

    sheet.heading("Updated benchmark")
    updated = sheet.types(
        "Updated benchmark by type",
        [adjusted[t] * risk[t] * update[t] for t in PLACES],
        words="historical benchmark × risk growth × update",
        source=benchmark.updated_benchmark,
    )
    calibration = given["benchmark_calibration"]
    target = sheet.line(
        "Spending target (updated benchmark)",
        f.sum_of_products(updated, mix) * calibration,
        name="UpdatedBenchmark",
        words="weighted by the person-years of the performance year (× calibration)",
        source=benchmark.updated_benchmark,
        style="result",
    )
    without = sheet.types(
        "Without the prospective trend, by type",
        [adjusted[t] * risk[t] * two_way[t] for t in PLACES],
        words="the same with the two-way blend, for the guardrail",
        source="425.652(b)",
    )
    recalculated = sheet.line(
        "Target without the prospective trend",
        f.when(
            rule["prospective_trend_guardrail"].says_yes,
            f.sum_of_products(without, mix) * calibration,
            target,
        ),
        name="TwoWayBenchmark",
        words="stands in for the target if the guardrail applies (Table 3)",
        source="425.652(b)",
    )
    sheet.heading("What your people cost without a cost reduction")
    grown = _grown(sheet, given, years, "own_growth", "Your expected growth", "ours")
    spending = sheet.types(
        "Your spending, grown",
        [history.last_year[t] * grown[t] for t in PLACES],
        name="OwnSpending",
        words="BY3 spending × growth",
        source=benchmark.performance_year_expenditure,
    )
    return TargetCells(years, target, recalculated, spending)


def _risk(
    sheet: Steps, given: Inputs, rule: RulebookCells, adjusted: Range, years: Formula
) -> tuple[Range, Range]:
    sheet.heading("Risk growth")
    before, after = given.table["risk_score"][-1], given.table["risk_score_performance_year"][0]
    ratio = sheet.types(
        "Growth of risk scores",
        [after[t] / before[t] * (1 + given["risk_growth"]) ** years for t in PLACES],
        "ratio",
        name="RiskRatio",
        words="performance year / BY3 × (1 + yearly risk growth) ^ years",
        source="425.605(a)(1)",
    )
    mix = given.table["person_year_share"][0]
    weight = sheet.types(
        "Benchmark dollars by type",
        [adjusted[t] * mix[t] for t in PLACES],
        name="RiskWeight",
        words="historical benchmark × share of person-years",
        source=benchmark.risk_factor_in_all,
    )
    in_all = sheet.line(
        "Growth over all types",
        f.sum_of_products(ratio, weight) / f.total(weight),
        "ratio",
        name="RiskRatioInAll",
        words="weighted by benchmark dollars (decides from 2024)",
        source=benchmark.risk_factor_in_all,
    )
    bound = sheet.line(
        "Bound over all types",
        (1 + given["demographic_growth"]) ** years + rule["risk_growth_cap"],
        "ratio",
        name="RiskBound",
        words="growth of the demographic score + the cap",
        source=benchmark.risk_factor_in_all,
    )
    together = rule["risk_growth_capped_in_all"].says_yes
    by_type = 1 + rule["risk_growth_cap"]
    counted = sheet.types(
        "Risk growth that counts",
        [
            f.when(
                together,
                f.when(in_all > bound, f.lowest(ratio[t], bound), ratio[t]),
                f.lowest(ratio[t], by_type),
            )
            for t in PLACES
        ],
        "ratio",
        words="to 2023 each type at most 1 + cap; from 2024 held to the bound if all together "
        "exceed it; no floor",
        source="425.605(a)(1)-(2)",
        style="bold",
    )
    return counted, weight


def _trend(
    sheet: Steps,
    given: Inputs,
    rule: RulebookCells,
    history: HistoryCells,
    weight: Range,
    years: Formula,
) -> tuple[Range, Range]:
    sheet.heading("Trend")
    national = _grown(sheet, given, years, "national_growth", "National growth", "425.601(b)")
    factor = _region_over(sheet, given, rule, weight, years)
    own_share, grown = history.own_share, given.by_type("regional_growth")
    regional = sheet.types(
        "Regional growth, less what ACOs cut from it",
        [
            (1 + grown[t]) ** years
            * factor[t]
            * (
                1
                - own_share[t] * given["cost_reduction"]
                - given["other_acos_share"] * given["other_acos_reduction"]
            )
            for t in PLACES
        ],
        "ratio",
        name="RegionalRatio",
        words="(1 + rate) ^ years × past its cap × (1 − own share × cut − others' share × cut)",
        source=benchmark.regional_growth_with_own_effect,
    )
    share = given.by_type("market_share")
    two_way = sheet.types(
        "Two-way blend",
        [share[t] * national[t] + (1 - share[t]) * regional[t] for t in PLACES],
        "ratio",
        name="TwoWayUpdate",
        words="market share × nation + the rest × region",
        source="425.601(b)",
    )
    prospective = _grown(
        sheet, given, years, "prospective_trend", "Prospective trend (ACPT)", "425.660"
    )
    part = rule["prospective_trend_weight"]
    update = sheet.types(
        "Update",
        [part * prospective[t] + (1 - part) * two_way[t] for t in PLACES],
        "ratio",
        name="UpdateFactor",
        words="weight × prospective trend + the rest × two-way blend; no weight to 2023",
        source=benchmark.three_way_blend,
        style="bold",
    )
    return update, two_way


def _grown(
    sheet: Steps, given: Inputs, years: Formula, field: str, step: str, source: str
) -> Range:
    """Write the growth of each type since BY3 at its yearly rate."""
    return sheet.types(
        step,
        [(1 + rate) ** years for rate in given.by_type(field)],
        "ratio",
        name=f"{camel(field).removesuffix('Growth').removesuffix('Trend')}Ratio",
        words="(1 + yearly rate) ^ years; the rate by type, or the one for all",
        source=source,
    )


def _region_over(
    sheet: Steps, given: Inputs, rule: RulebookCells, weight: Range, years: Formula
) -> Range:
    source = benchmark.regional_risk_factor
    sickness = sheet.types(
        "Region's risk growth since BY3",
        [(1 + rate) ** years for rate in given.by_type("regional_risk_growth")],
        "ratio",
        words="(1 + yearly rate) ^ years; the rate by type, or the one for all",
        source=source,
    )
    in_all = sheet.line(
        "The same over all types",
        f.sum_of_products(sickness, weight) / f.total(weight),
        "ratio",
        words="weighted by benchmark dollars",
        source=source,
    )
    bound = sheet.line(
        "Region's demographic growth and the cap",
        (1 + given["regional_demographic_growth"]) ** years + rule["risk_growth_cap"],
        "ratio",
        words="(1 + yearly rate) ^ years + the cap on your own risk growth",
        source=source,
    )
    share = sheet.types(
        "Market share",
        given.by_type("market_share"),
        "short_percent",
        name="MarketShareHeld",
        mix=given.table["person_year_share"][0],
        words="by type, or the one for all; over all types by person-years",
        source=source,
    )
    cap = sheet.line(
        "Cap on the region's risk growth",
        bound
        + sheet.in_all(share, given.table["person_year_share"][0]) * f.highest(in_all - bound, 0.0),
        "ratio",
        words="that + market share × what is over it",
        source=source,
    )
    counts = f.all_of(rule["regional_risk_growth_capped"].says_yes, in_all > cap)
    return sheet.types(
        "Region's risk growth past its cap",
        [f.when(counts, f.highest(sickness[t] / cap, 1.0), 1.0) for t in PLACES],
        "ratio",
        name="RegionalRiskFactor",
        words="risk growth / cap, at least 1; 1 to 2023",
        source=source,
    )
