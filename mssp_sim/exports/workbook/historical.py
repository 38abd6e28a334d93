"""Table 1: three years of history as one amount, and what is added to it."""

from dataclasses import dataclass

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range
from mssp_sim.exports.workbook.inputs import Inputs
from mssp_sim.exports.workbook.rulebook import RulebookCells
from mssp_sim.exports.workbook.steps import PLACES, Steps
from mssp_sim.rules import benchmark
from mssp_sim.target import AGED_DUAL, trend_to_by3
from mssp_sim.units import BENCHMARK_YEARS

TITLE = "Table 1 Historical benchmark"
NO_ADJUSTMENT, REGIONAL, PRIOR, POPULATION = "none", "regional", "prior savings", "population"


@dataclass(frozen=True, slots=True)
class HistoryCells:
    """What Table 2 and 3 carry on."""

    last_year: Range
    adjusted: Range
    own_share: Range


def write(sheet: Steps, given: Inputs, rule: RulebookCells, *, settles: Formula) -> HistoryCells:
    """Write the steps of rules 425.601 and 425.652 up to the historical benchmark."""
    sheet.head(
        "Table 1: Historical benchmark",
        "Dollars per person-year by enrollment type, in the money and the risk of benchmark year 3 "
        "(BY3).",
    )
    spent = _spending(sheet, given, settles)
    history = _history(sheet, given, rule, spent)
    sheet.heading("Adjustment")
    own_share = sheet.types(
        "Own share of the region that counts",
        [f.when(given["own_effect"].says_yes, s, 0.0) for s in given.by_type("market_share")],
        "short_percent",
        name="OwnShare",
        words="market share where your own effect is counted, else nothing",
    )
    adjustment = _adjustment(sheet, given, rule, history, own_share)
    mix = given.table["person_year_share_by3"][0]
    adjusted = sheet.types(
        "Historical benchmark",
        [history[t] + adjustment[t] for t in PLACES],
        name="AdjustedBenchmark",
        mix=mix,
        words="history + the adjustment that applies",
        source="425.601(a)(8), 425.652(a)(9)",
        style="result",
    )
    return HistoryCells(spent[-1], adjusted, own_share)


def _spending(sheet: Steps, given: Inputs, settles: Formula) -> list[Range]:
    sheet.heading("Spending of the benchmark years")
    table = given.table["expenditure"]
    mix = given.table["person_year_share_by3"][0]
    average = sheet.line(
        "Average spending in BY3, as given",
        f.sum_of_products(table[-1], mix),
        words="spending by type, weighted by its share of person-years",
        source="425.601(a)(1)",
    )
    factor = sheet.line(
        "Scale of the whole table",
        f.when(
            settles,
            f.when(given["cost_per_person"].empty, 1.0, given["cost_per_person"] / average),
            f.not_available(),
        ),
        "ratio",
        name="CostScale",
        words="cost per person asked for / that average; no value if an input is not allowed",
    )
    return [
        sheet.types(
            f"Spending per person-year, {year}",
            [line[t] * factor for t in PLACES],
            words="as given × scale",
            source="425.601(a)(1)-(3)",
        )
        for year, line in zip(BENCHMARK_YEARS, table, strict=True)
    ]


def _history(sheet: Steps, given: Inputs, rule: RulebookCells, spent: list[Range]) -> Range:
    sheet.heading("Brought to benchmark year 3")
    nation, region = given.table["national_expenditure"], given.table["regional_expenditure"]
    risk = given.table["risk_score"]
    share = given.by_type("market_share_by3")
    weights = rule.row("benchmark_year_weights_first"), rule.row("benchmark_year_weights_later")
    first = f.same(given["agreement_period"], 1.0)
    brought, weight = [], []
    last = len(BENCHMARK_YEARS) - 1
    for year, name in enumerate(BENCHMARK_YEARS):
        national = sheet.types(
            f"National growth, {name} to BY3",
            [nation[last][t] / nation[year][t] for t in PLACES],
            "ratio",
            words="national spending in BY3 / in the year",
            source=trend_to_by3,
        )
        typed = f.same(f.filled(region[year]), 4.0)
        regional = sheet.types(
            f"Regional growth, {name} to BY3",
            [
                f.when(
                    typed,
                    region[last][t] / region[year][t],
                    rule["region_history_growth"] ** float(last - year),
                )
                for t in PLACES
            ],
            "ratio",
            words="regional spending in BY3 / in the year; ours where no table is given",
            source=trend_to_by3,
        )
        trend = sheet.types(
            f"Trend, {name} to BY3",
            [share[t] * national[t] + (1 - share[t]) * regional[t] for t in PLACES],
            "ratio",
            words="market share × nation + the rest × region",
            source=benchmark.blend,
        )
        brought.append(
            sheet.types(
                f"{name} in the money and risk of BY3",
                [spent[year][t] * (risk[last][t] / risk[year][t]) * trend[t] for t in PLACES],
                words="spending × risk score in BY3 / in the year × trend",
                source=benchmark.historical_benchmark,
            )
        )
        weight.append(
            sheet.line(
                f"Weight of {name}",
                f.when(first, weights[0][year], weights[1][year]),
                "percent",
                words="a first agreement leans on the last year",
                source="425.601(a)(7), 425.652(a)",
            )
        )
    return sheet.types(
        "History, the three years blended",
        [
            brought[0][t] * weight[0] + brought[1][t] * weight[1] + brought[2][t] * weight[2]
            for t in PLACES
        ],
        name="BlendedHistory",
        mix=given.table["person_year_share_by3"][0],
        words="the three years, each times its weight",
        source=benchmark.historical_benchmark,
        style="bold",
    )


def _adjustment(
    sheet: Steps, given: Inputs, rule: RulebookCells, history: Range, own_share: Range
) -> Range:
    mix = given.table["person_year_share_by3"][0]
    nation = given.table["national_expenditure"][-1]
    region, risk = given.table["regional_expenditure"][-1], given.table["risk_score"][-1]
    level = sheet.types(
        "Regional cost level that counts",
        [given["regional_level"] * (1 - own_share[t]) for t in PLACES],
        "short_percent",
        words="regional cost level × (1 − own share)",
    )
    here = sheet.types(
        "Region's cost at your risk, BY3",
        [
            (
                f.when(f.same(f.filled(region), 4.0), region[t] * risk[t], history[t])
                * (1 + level[t])
            )
            for t in PLACES
        ],
        words="regional spending × your risk score, or your own history, × (1 + level)",
        source="425.601(f), 425.656",
    )
    gap = sheet.types(
        "Difference, region less you",
        [here[t] - history[t] for t in PLACES],
        name="RegionalDifference",
        mix=mix,
        words="its sign over all types picks one weight for all",
        source="425.601(f), 425.656",
    )
    net = sheet.in_all(gap, mix)
    agreements = f.when(
        given["regional_adjustment_period"].empty,
        given["agreement_period"],
        given["regional_adjustment_period"],
    )
    below = rule.row("regional_adjustment_weight_lower_spending")
    above = rule.row("regional_adjustment_weight_higher_spending")
    nth = sheet.line(
        "Agreement that counts for the weight",
        f.lowest(agreements, float(len(below.cells))),
        "count",
        name="RegionalAdjustmentPeriod",
        words="first, second, third, fourth and later",
        source="425.601(f)",
    )
    weight = sheet.line(
        "Weight of the difference",
        f.when(net >= 0.0, f.cell_at(below, nth), f.cell_at(above, nth)),
        "short_percent",
        name="RegionalAdjustmentWeight",
        words="higher where you cost less than your region",
        source=benchmark.regional_adjustment,
    )
    capped = sheet.types(
        "Weighted difference, capped",
        [
            f.highest(
                -(rule["regional_adjustment_negative_cap"] * nation[t]),
                f.lowest(rule["regional_adjustment_positive_cap"] * nation[t], weight * gap[t]),
            )
            for t in PLACES
        ],
        words="weight × difference, held between the two caps on national spending, type by type",
        source=benchmark.regional_adjustment,
    )
    dual = given["dually_eligible_share_by3"]
    share = sheet.line(
        "People with Medicaid in BY3",
        f.when(dual.empty, mix[AGED_DUAL], dual),
        "short_percent",
        words="of all assigned people; the aged alone where you give none, a lower bound",
        source=benchmark.offset_to_negative_adjustment,
    )
    spent = given.table["expenditure"][-1]
    dollars = sheet.types(
        "Dollars each type spent in BY3, a person of all",
        [spent[t] * mix[t] for t in PLACES],
        words="spending × share of person-years: the weight of its risk score",
        source=benchmark.offset_to_negative_adjustment,
    )
    mean_risk = f.sum_of_products(risk, dollars) / f.total(dollars)
    offset = sheet.line(
        "Offset to negative amounts",
        f.when(
            rule["negative_adjustment_offset"].says_yes,
            f.between(0.0, share + mean_risk - 1, 1.0),
            0.0,
        ),
        "short_percent",
        name="NegativeOffset",
        words="people with Medicaid + mean risk score by dollars − 1, held in 0 to 1 (from 2024)",
        source=benchmark.offset_to_negative_adjustment,
    )
    softened = sheet.types(
        "Regional adjustment",
        [f.when(capped[t] < 0.0, capped[t] * (1 - offset), capped[t]) for t in PLACES],
        name="RegionalAdjustment",
        mix=mix,
        words="a negative amount × (1 − offset)",
        source=benchmark.soften_negative_adjustment,
    )
    regional = sheet.in_all(softened, mix)
    average = sheet.line(
        "National spending at your mix, BY3",
        f.sum_of_products(nation, mix),
        words="what the two flat caps are a share of",
        source="425.658",
    )
    prior = sheet.line(
        "Prior savings adjustment",
        f.between(
            0.0,
            given["prior_savings_per_person"] * rule["prior_savings_share"],
            rule["prior_savings_cap"] * average,
        ),
        name="PriorSavingsAdjustment",
        words="a share of earlier savings per person, from 0 to the cap",
        source=benchmark.capped_flat_adjustment,
    )
    higher = sheet.line(
        "The higher of these two, or nothing",
        f.highest(regional, prior, 0.0),
        words="what the population adjustment is measured against",
        source=benchmark.population_adjustment,
    )
    population = sheet.line(
        "Population adjustment",
        f.when(
            given["underserved_share"]
            >= rule["population_adjustment_threshold"] - rule["rate_tolerance"],
            f.highest(rule["population_adjustment_cap"] * average - higher, 0.0)
            * given["underserved_share"],
            0.0,
        ),
        name="PopulationAdjustment",
        words="(cap × national spending − the higher) × low-income share, from the threshold on",
        source=benchmark.population_adjustment,
    )
    best = f.highest(regional, prior, population)
    enough = best * (1 - rule["equal_adjustments"])
    chosen = f.when(regional >= enough, REGIONAL, f.when(prior >= enough, PRIOR, POPULATION))
    kind = sheet.line(
        "Adjustment that applies",
        f.when(
            rule["net_negative_adjustment_counts"].says_yes,
            REGIONAL,
            f.when(best > 0.0, chosen, NO_ADJUSTMENT),
        ),
        "answer",
        name="AdjustmentKind",
        words="to 2023 the regional one; from 2024 the highest if positive, of equals the first",
        source=benchmark.highest_adjustment,
    )
    flat = sheet.line(
        "The same for every type",
        f.when(f.same(kind, PRIOR), prior, f.when(f.same(kind, POPULATION), population, 0.0)),
        words="prior savings or population, if that one applies",
        source=benchmark.highest_adjustment,
    )
    lines = [f.when(f.same(kind, REGIONAL), softened[place], flat) for place in PLACES]
    return sheet.types(
        "Adjustment by type",
        lines,
        name="Adjustment",
        mix=mix,
        words="added to the history",
        source="425.652(a)(9)",
        style="bold",
    )
