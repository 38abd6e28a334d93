"""CMS's settlement report of 2022, every line of it by enrollment type, through one scenario.

The figures are invented. The arithmetic beside the engine is the report's own, line by line in
exact fractions and under its letters: tables 1, 2, 3 and A3 of the financial reconciliation.
"""

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.scenario import quantities
from mssp_sim.target import spending

F = Fraction
TYPES = range(4)
BY1, BY2, BY3, PY = range(4)
CENT = 0.005


def by_type(*lines):
    """Return a table, a line a year, as exact numbers."""
    return [[F(cell) for cell in line.split()] for line in lines]


@dataclass(frozen=True)
class Report:
    """What CMS gives; every other line of the report follows from it.

    Years run BY1, BY2, BY3 (and PY), types ESRD, disabled, aged/dual, aged/non-dual.
    """

    # Parameters and table A5
    track: str
    first_agreement: bool
    regional_period: int
    higher_weight: F
    lower_weight: F
    highest_rate: F
    payment_cap: F
    loss_cap_revenue: F | None
    loss_cap_benchmark: F | None
    minimum: F
    # Table 1: B, C; H
    per_capita: list
    risk: list
    mix_by3: list
    # Table A3: A, C, E
    national: list
    regional: list
    market_share_by3: list
    market_share: list
    # Table 3: A, B, C, D; R, S; AA; DD, EE
    people: int
    person_years: F
    spent: list
    mix: list
    score: F
    standard_met: bool
    revenue: F
    year_affected: F
    people_affected: F


NATIONAL = by_type(
    "81484.11 10997.36 16502.52 9879.77", "84729.80 11325.14 16917.03 10170.41",
    "85901.90 11801.73 17582.66 10531.28", "90392.05 13353.94 20765.31 11610.87",
)  # fmt: skip
REGIONAL = by_type(
    "79000.25 10900.50 16900.75 10500.10", "82500.40 11500.20 17600.90 11100.35",
    "87000.60 12100.80 18700.15 11900.45", "93050.85 13800.35 21300.65 13210.15",
)  # fmt: skip
RISK = by_type(
    "1.002 1.011 0.993 1.021", "0.991 1.003 0.996 1.012", "0.983 0.994 1.001 1.004",
    "0.972 1.017 1.046 1.009",
)  # fmt: skip
SPENT_BEFORE = by_type(
    "78011.37 10412.91 16032.08 9711.66", "81044.52 10931.04 16816.73 10322.19",
    "86073.96 11518.77 17833.41 11015.82",
)  # fmt: skip
MIX_BY3, MIX = by_type("0.004 0.076 0.056 0.864", "0.0045 0.0725 0.0565 0.8665")
SHARE_BY3, SHARE = by_type("0.0213 0.0467 0.0791 0.0352", "0.0244 0.0512 0.0833 0.0391")

PAID = Report(
    track="B", first_agreement=True, regional_period=1,
    higher_weight=F("0.15"), lower_weight=F("0.35"), highest_rate=F("0.4"), payment_cap=F("0.1"),
    loss_cap_revenue=None, loss_cap_benchmark=None,
    minimum=F("0.030") - (F("0.030") - F("0.027")) * F(13_151 - 10_000, 14_999 - 10_000),
    per_capita=SPENT_BEFORE, risk=RISK, mix_by3=MIX_BY3,
    national=NATIONAL, regional=REGIONAL, market_share_by3=SHARE_BY3, market_share=SHARE,
    people=13_151, person_years=F("12808.75"),
    spent=by_type("91022.14 12811.05 20402.66 12020.17")[0], mix=MIX,
    score=F("0.8437"), standard_met=True, revenue=F("60412345.67"),
    year_affected=F(0), people_affected=F(0),
)  # fmt: skip
OWED = replace(
    PAID, track="E", first_agreement=False, regional_period=2,
    higher_weight=F("0.25"), lower_weight=F("0.5"), highest_rate=F("0.5"),
    loss_cap_revenue=F("0.08"), loss_cap_benchmark=F("0.04"), minimum=F("0.01"),
    spent=by_type("101022.14 15811.05 24402.66 14620.17")[0], revenue=F("40412345.67"),
    year_affected=F(5, 12), people_affected=F("0.9"),
)  # fmt: skip
AT_REVENUE = OWED
OWED = replace(OWED, spent=by_type("96022.14 13811.05 21802.66 13120.17")[0])
CAPPED = replace(
    OWED, spent=by_type("121022.14 18811.05 28402.66 17620.17")[0], revenue=F("95412345.67"),
)  # fmt: skip
ENHANCED = replace(
    OWED, track="ENHANCED", highest_rate=F("0.75"), payment_cap=F("0.2"), loss_cap_revenue=None,
    loss_cap_benchmark=F("0.15"), spent=by_type("87022.14 11811.05 18402.66 11020.17")[0],
    regional=[[cell * F("0.93") for cell in line] for line in REGIONAL],
)  # fmt: skip
REPORTS = {
    "paid": PAID, "owed": OWED, "at the revenue cap": AT_REVENUE, "at the loss cap": CAPPED,
    "ENHANCED": ENHANCED, "no standard": replace(PAID, standard_met=False, score=F("0.51")),
}  # fmt: skip


def over_types(amounts, mix):
    return sum(a * m for a, m in zip(amounts, mix, strict=True))


def worked_out(r):
    """Return the lines of the report, under their letters, in exact fractions."""
    years = (BY1, BY2, BY3)

    def growth(table, year, later, t):
        return table[later][t] / table[year][t]

    # Table A3, lines B, D, G
    trend = [
        [
            r.market_share_by3[t] * growth(r.national, y, BY3, t)
            + (1 - r.market_share_by3[t]) * growth(r.regional, y, BY3, t)
            for t in TYPES
        ]
        for y in years
    ]
    # Table 1
    trended = [
        [r.per_capita[y][t] * r.risk[BY3][t] / r.risk[y][t] * trend[y][t] for t in TYPES]
        for y in years
    ]
    weights = (F(1, 10), F(3, 10), F(6, 10)) if r.first_agreement else (F(1, 3),) * 3
    g = [sum(weights[y] * trended[y][t] for y in years) for t in TYPES]
    i = over_types(g, r.mix_by3)
    k = [r.regional[BY3][t] * r.risk[BY3][t] for t in TYPES]
    low = over_types(k, r.mix_by3) >= i
    weight = r.lower_weight if low else r.higher_weight
    cap = [F("0.05") * r.national[BY3][t] for t in TYPES]
    q = [max(-cap[t], min(cap[t], weight * (k[t] - g[t]))) for t in TYPES]
    adjusted = [g[t] + q[t] for t in TYPES]
    # Table 2
    ratio = [min(r.risk[PY][t] / r.risk[BY3][t], F("1.03")) for t in TYPES]
    update = [
        r.market_share[t] * growth(r.national, BY3, PY, t)
        + (1 - r.market_share[t]) * growth(r.regional, BY3, PY, t)
        for t in TYPES
    ]
    updated = [adjusted[t] * ratio[t] * update[t] for t in TYPES]
    benchmark = over_types(updated, r.mix)
    # Table 3
    e = over_types(r.spent, r.mix)
    spent, target = e * r.person_years, benchmark * r.person_years
    difference = target - spent
    rate = r.highest_rate if r.standard_met else F(0)
    savings = difference if difference > 0 and difference >= r.minimum * target else F(0)
    earned = min(savings * rate * F("0.98"), r.payment_cap * target)
    two_sided = r.loss_cap_benchmark is not None
    over = -difference if two_sided and -difference >= r.minimum * target else F(0)
    loss_rate = F("0.3")
    if r.track == "ENHANCED":
        loss_rate = max(F("0.4"), min(F("0.75"), 1 - F("0.75") * r.score))
    owed = over * loss_rate
    if two_sided:
        caps = [r.loss_cap_benchmark * target]
        caps += [r.loss_cap_revenue * r.revenue] if r.loss_cap_revenue else []
        owed = min(owed, *caps)
    forgiven = owed * r.year_affected * r.people_affected
    return {
        "trend_to_by3": trend, "historical_benchmark": g, "adjustment": q,
        "adjusted_benchmark": adjusted, "risk_factor": ratio, "update_factor": update,
        "updated": updated, "benchmark": benchmark, "per_capita": e, "target": target,
        "spent": spent, "difference": difference, "earned": earned, "forgiven": forgiven,
        "owed": owed - forgiven,
    }  # fmt: skip


def a_year(ratio, years):
    """Return the yearly rate that compounds to a ratio."""
    return float(ratio) ** (1 / years) - 1


def numbers(table):
    return np.array([[float(cell) for cell in line] for line in table])


def as_scenario(r):
    """Say all of a report in one scenario: BY3 is 2018, the performance year the fourth since."""
    years = 4

    def growth(table):
        return [a_year(table[PY][t] / table[BY3][t], years) for t in TYPES]

    total = float(over_types(r.spent, r.mix) * r.person_years)
    elected = "size" if r.track == "B" else float(r.minimum)
    return Scenario(
        performance_year=2022, agreement_start=dt.date(2019, 7, 1), level=r.track,
        agreement_period=1 if r.first_agreement else 2,
        regional_adjustment_period=r.regional_period, minimum_election=elected,
        assigned_beneficiaries=r.people, person_years_ratio=float(r.person_years / r.people),
        expenditure=numbers(r.per_capita), risk_score=numbers(r.risk[:3]),
        risk_score_performance_year=numbers(r.risk)[PY],
        person_year_share_by3=numbers([r.mix_by3])[0], person_year_share=numbers([r.mix])[0],
        national_expenditure=numbers(r.national[:3]), regional_expenditure=numbers(r.regional[:3]),
        market_share_by3_by_type=numbers([r.market_share_by3])[0],
        market_share_by_type=numbers([r.market_share])[0],
        national_growth_by_type=growth(r.national), regional_growth_by_type=growth(r.regional),
        own_growth_by_type=[a_year(r.spent[t] / r.per_capita[BY3][t], years) for t in TYPES],
        cost_reduction=0.0, quality_score=float(r.score), quality_standard_met=r.standard_met,
        alternative_standard_met=False, participant_revenue_share=float(r.revenue) / total,
        disaster_share=float(r.year_affected * r.people_affected),
    )  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_one_scenario_says_all_that_the_settlement_report_says(name):
    report = REPORTS[name]
    lines, scenario = worked_out(report), as_scenario(report)
    found = simulate(scenario)
    target = found.target
    for line, ours in (
        ("trend_to_by3", target.trend_to_by3),
        ("historical_benchmark", target.historical_benchmark),
        ("adjustment", target.adjustments.adjustment),
        ("adjusted_benchmark", target.adjusted_benchmark),
        ("risk_factor", target.risk_factor),
        ("update_factor", target.growth.update_factor),
    ):
        wanted = np.array(lines[line], float)
        assert np.asarray(ours) == pytest.approx(wanted, rel=1e-12), line
    updated = target.adjusted_benchmark * target.risk_factor * target.growth.update_factor
    assert updated == pytest.approx(np.array(lines["updated"], float), rel=1e-12)
    assert spending(scenario, target) == pytest.approx(float(lines["per_capita"]), abs=1e-8)
    assert found.benchmark == pytest.approx(float(lines["benchmark"]), abs=1e-8)
    for line, ours in (
        ("target", found.benchmark_total), ("spent", found.expenditure_total),
        ("difference", found.gross_savings), ("earned", found.shared_savings),
        ("forgiven", found.forgiven), ("owed", found.shared_losses),
    ):  # fmt: skip
        assert ours == pytest.approx(float(lines[line]), abs=CENT), line


def test_the_reports_tried_end_in_every_way():
    found = {name: worked_out(report) for name, report in REPORTS.items()}
    assert min(found[name]["earned"] for name in ("paid", "ENHANCED")) > 0
    assert found["no standard"]["difference"] > 0 == found["no standard"]["earned"]
    owed, capped = found["owed"], found["at the loss cap"]
    assert owed["owed"] + owed["forgiven"] == -owed["difference"] * F("0.3")
    at_revenue = found["at the revenue cap"]
    assert at_revenue["owed"] + at_revenue["forgiven"] == F("0.08") * AT_REVENUE.revenue
    assert capped["owed"] + capped["forgiven"] == F("0.04") * capped["target"]


def test_shares_and_growth_averaged_over_the_types_miss_what_the_report_says():
    right = as_scenario(PAID)
    tables = {name: getattr(right, name) for name in quantities() if name.endswith("_by_type")}
    tables = {name: table for name, table in tables.items() if table is not None}
    averaged = {
        name.removesuffix("_by_type"): float(table @ right.person_year_share)
        for name, table in tables.items()
    }
    alike = replace(right, **dict.fromkeys(tables), **averaged)
    off = simulate(alike), simulate(right)
    assert abs(off[0].benchmark - off[1].benchmark) > 0.3
    assert abs(off[0].payment - off[1].payment) > 1_000


@pytest.mark.parametrize("name", ["market_share", "national_growth", "own_growth"])
def test_four_values_in_the_plain_field_are_four_scenarios(name):
    four = [0.02, 0.03, 0.05, 0.06]
    batch = simulate(Scenario(**{name: four}))
    assert batch.payment.shape == (4,)
    alone = [simulate(Scenario(**{name: value})).payment for value in four]
    assert batch.payment == pytest.approx(alone)
    table = simulate(Scenario(**{f"{name}_by_type": four}))
    assert np.shape(table.payment) == ()


def test_the_same_for_every_type_is_the_plain_field_and_an_empty_cell_follows_it():
    plain = Scenario(market_share=0.2, regional_growth=0.04, national_growth=0.06, own_growth=0.05)
    tables = {
        "market_share_by_type": [0.2, np.nan, 0.2, None], "regional_growth_by_type": [0.04] * 4,
        "national_growth_by_type": [None, 0.06, 0.06, 0.06], "own_growth_by_type": [0.05] * 4,
    }  # fmt: skip
    same = replace(plain, **tables)
    assert simulate(same).payment == pytest.approx(float(simulate(plain).payment), abs=1e-6)
    moved = replace(same, market_share=0.6)
    assert float(simulate(moved).benchmark) != pytest.approx(float(simulate(same).benchmark))
    assert replace(plain, own_growth_by_type=[None] * 4) == plain


def test_a_table_that_fills_the_region_beside_other_acos_is_refused():
    with pytest.raises(ValueError, match="together they are at most 100%"):
        Scenario(market_share_by_type=[0.1, 0.8, 0.1, 0.1], other_acos_share=0.3)
