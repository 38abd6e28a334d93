"""What the spending target is made of: dollars per person that add up to it, cause by cause."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mssp_sim.parameters import Rules
from mssp_sim.quantity import refined
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario
from mssp_sim.studies.levers import room
from mssp_sim.target import (
    Growth,
    Target,
    dollars_that_grow,
    market_share,
    market_share_in_all,
    over_types,
    regional_weights,
    settled_person_years,
    updated_target,
    year_weight,
    years_from_by3,
)
from mssp_sim.tolerances import NOISE
from mssp_sim.units import Array, Dollars, Ratio


@dataclass(frozen=True, slots=True)
class Split:
    """One target, dollars per person-year unless named otherwise.

    ``history`` to ``calibration`` add up to ``target``; ``by_year`` blends to ``history`` with
    ``weights``. Risk counts before the trends, so each trend acts on it too. What is not counted
    stands beside the sum. Ratios and rates are fractions.
    """

    by_year: tuple[float, ...]
    weights: tuple[float, ...]
    history: float
    adjustment: float
    mix: float
    national: float
    regional: float
    other_acos: float
    own_effect: float
    prospective: float
    risk: float
    calibration: float
    target: float
    adjustment_not_counted: float
    risk_not_counted: float
    kind: int
    regional_difference: float
    regional_weight: float
    trend_weights: tuple[float, float, float]
    trends: tuple[float, float, float]
    update: float
    risk_growth: float
    risk_counted: float
    risk_bound: float
    person_years: float

    @property
    def known_afterwards(self) -> float:
        """What only the end of the year tells: nation, region, risk and mix, dollars a person."""
        measured = self.national + self.regional + self.other_acos + self.own_effect
        return measured + self.risk + self.mix


def split(result: Result) -> Split:
    """Return one settled target in parts that add up to it.

    Under the guardrail the parts are those of the target without the prospective trend.

    Parameters
    ----------
    result : a single one

    Source: ours; every part is a difference of what 42 CFR 425.601 and 425.652 compute

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> parts = split(simulate(Scenario()))
    >>> [round(part, 2) for part in (parts.history, parts.regional, parts.target)]
    [12369.17, 371.08, 13000.0]
    """
    s, rules = result.scenario, result.rules
    t = result.target
    mix3, mix = np.asarray(s.person_year_share_by3), np.asarray(s.person_year_share)
    weights = year_weight(s, rules)
    by_year = benchmark.historical_benchmark(
        t.expenditure_history, np.asarray(s.risk_score), t.trend_to_by3, np.eye(3)
    )
    prospective = prospective_weight(result, rules)
    update = growth_in_force(t.growth, prospective)
    before, counted, risen = (
        float(np.vecdot(t.adjusted_benchmark * ratio, mix))
        for ratio in (np.ones(4), t.risk_factor, t.risk_ratio)
    )
    dollars = dollars_that_grow(t, mix)
    settled = float(benchmark.updated_benchmark(t.adjusted_benchmark, t.risk_factor, update, mix))
    calibration = float(s.benchmark_calibration)
    weight = t.adjusted_benchmark * mix
    history = float(np.vecdot(t.historical_benchmark, mix3))
    adjusted = float(np.vecdot(t.adjusted_benchmark, mix3))
    return Split(
        by_year=tuple(float(year) for year in np.vecdot(by_year, mix3)),
        weights=tuple(float(w) for w in weights),
        history=history,
        adjustment=adjusted - history,
        mix=before - adjusted,
        risk=counted - before,
        calibration=settled * (calibration - 1),
        target=settled * calibration,
        adjustment_not_counted=_adjustment_before_caps(s, t, rules) - (adjusted - history),
        risk_not_counted=risen - counted,
        kind=int(t.adjustments.kind),
        regional_difference=float(np.vecdot(t.adjustments.regional_difference, mix3)),
        regional_weight=_regional_weight(s, t, rules),
        update=float(over_types(update, dollars)) - 1,
        risk_growth=float(np.vecdot(t.risk_ratio, weight) / weight.sum()) - 1,
        risk_counted=float(np.vecdot(t.risk_factor, weight) / weight.sum()) - 1,
        risk_bound=risk_bound(s, rules),
        person_years=float(settled_person_years(s)),
        **_growth_parts(s, t, prospective, counted),
    )


def prospective_weight(result: Result, rules: Rules) -> float:
    """Return the weight of the prospective trend in the target that settled: 0 if set aside."""
    return 0.0 if result.guardrail else float(rules.prospective_trend_weight)


def growth_in_force(growth: Growth, prospective: float) -> Ratio:
    """Return the update of the target that settled, by type."""
    return benchmark.three_way_blend(growth.two_way_update, growth.prospective_ratio, prospective)


def risk_bound(scenario: Scenario, rules: Rules) -> float:
    """Return how far risk growth counts from BY3 on, as a fraction.

    Source: 42 CFR 425.605(a)(1)
    """
    cap = float(rules.risk_growth_cap)
    if not rules.risk_growth_capped_in_all:
        return cap
    return (1 + float(scenario.demographic_growth)) ** years_from_by3(scenario) - 1 + cap


def _growth_parts(s: Scenario, t: Target, prospective: float, counted: Dollars) -> dict[str, Any]:
    """Return what each trend adds to a history whose risk is counted; their weights and trends.

    Where types differ, each counts with its benchmark dollars.
    """
    g, share, dollars = t.growth, market_share(s), dollars_that_grow(t, s.person_year_share)
    grown = (1 + refined(s.regional_growth, s.regional_growth_by_type)) ** years_from_by3(s)
    base = grown * g.regional_risk_factor
    cuts = (float(s.cost_reduction), float(s.other_acos_share), float(s.other_acos_reduction))
    with_others = benchmark.regional_growth_with_own_effect(base, 0.0, *cuts)
    of_nation = float(over_types(share, dollars))

    def national(ratio: Ratio) -> float:
        return float(over_types(ratio, dollars * share))

    def regional(ratio: Ratio) -> float:
        return float(over_types(ratio, dollars * (1 - share)))

    two_way = 1 - prospective
    fixed = float(over_types(g.prospective_ratio, dollars))
    region, plain, others = (regional(r) for r in (g.regional_ratio, base, with_others))
    return {
        "national": counted * (two_way * of_nation * (national(g.national_ratio) - 1)),
        "regional": counted * (two_way * (1 - of_nation) * (plain - 1)),
        "other_acos": counted * (two_way * (1 - of_nation) * (others - plain)),
        "own_effect": counted * (two_way * (1 - of_nation) * (region - others)),
        "prospective": counted * (prospective * (fixed - 1)),
        "trend_weights": (two_way * of_nation, two_way * (1 - of_nation), prospective),
        "trends": (national(g.national_ratio) - 1, region - 1, fixed - 1),
    }


def _adjustment_before_caps(s: Scenario, t: Target, rules: Rules) -> float:
    """Return what the adjustment would be without its caps, and without the rule against a loss."""
    kind = int(t.adjustments.kind)
    if kind == benchmark.PRIOR_SAVINGS:
        return float(s.prior_savings_per_person) * rules.prior_savings_share
    if kind == benchmark.POPULATION:
        return float(t.adjustments.population_adjustment)
    mix = np.asarray(s.person_year_share_by3)
    return _regional_weight(s, t, rules) * float(np.vecdot(t.adjustments.regional_difference, mix))


def _regional_weight(s: Scenario, t: Target, rules: Rules) -> float:
    mix = np.asarray(s.person_year_share_by3)
    below, above = regional_weights(s, rules)
    net = np.vecdot(t.adjustments.regional_difference, mix)
    return float(below if net >= 0 else above)


@dataclass(frozen=True, slots=True)
class Swept:
    """A target at many values of one lever: what the lever is, and what it makes of the target.

    ``growth`` is the update since benchmark year 3 as a fraction, ``target`` dollars a person.
    """

    at: Array
    growth: Array
    target: Array


def by_share(result: Result, shares: Array, *, own_effect: bool | None = None) -> Swept:
    """Return the target at other market shares, all else as it is.

    Parameters
    ----------
    shares : fractions; the part that other ACOs have is left out
    own_effect : is the ACO's own effect on its region counted? as the scenario says if None

    Source: ours; 42 CFR 425.601(a)(5)(iv)-(v)

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> fast = simulate(Scenario(regional_growth=0.06, national_growth=0.04))
    >>> by_share(fast, np.array([0.1, 0.6])).growth.round(4)
    array([0.0557, 0.049 ])
    """
    s, rules = result.scenario, result.rules
    own = np.asarray(shares)
    highest = np.max(_shares_at(s, own), axis=-1)
    own = own[highest <= room(s, "market_share") + NOISE]
    counted = s.own_effect if own_effect is None else own_effect
    table = None if s.market_share_by_type is None else _shares_at(s, own)
    at = replace(s, market_share=own, market_share_by_type=table, own_effect=counted)
    t = updated_target(at, rules)
    weight = prospective_weight(result, rules)
    dollars = dollars_that_grow(t, s.person_year_share)
    growth = over_types(growth_in_force(t.growth, weight), dollars) - 1
    return Swept(own, growth, t.two_way_benchmark if result.guardrail else t.benchmark)


def _shares_at(s: Scenario, shares: Array) -> Array:
    """Return the share of each type where that over all types is another, as (share, type)."""
    if s.market_share_by_type is None:
        return np.asarray(shares)[..., None]
    now = float(market_share_in_all(s))
    of_types = market_share(s) / now if now > 0 else np.ones(4)
    return np.minimum(np.asarray(shares)[..., None] * of_types, 1.0)


@dataclass(frozen=True, slots=True)
class RiskSwept:
    """Risk growth since benchmark year 3 and the part that counts, as fractions."""

    growth: Array
    counted: Array


def by_risk(result: Result, risk_growth: Array) -> RiskSwept:
    """Return what counts of risk growth, over all types, at other rates a year.

    Source: ours; 42 CFR 425.605(a)(1)-(2)

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> swept = by_risk(simulate(Scenario()), np.array([-0.03, 0.02, 0.05]))
    >>> swept.counted.round(6)
    array([-0.03,  0.02,  0.03])
    """
    s, rules = result.scenario, result.rules
    t = updated_target(replace(s, risk_growth=np.asarray(risk_growth)), rules)
    weight = t.adjusted_benchmark * np.asarray(s.person_year_share)
    total = weight.sum(axis=-1)
    return RiskSwept(
        np.vecdot(t.risk_ratio, weight) / total - 1, np.vecdot(t.risk_factor, weight) / total - 1
    )


@dataclass(frozen=True, slots=True)
class RegionRisk:
    """The region's risk growth since benchmark year 3 against its cap; fractions.

    ``own_cap`` is the cap before the market share lifts it, ``cap`` after. What the region grew
    beyond ``cap`` is given back to its spending growth, which is multiplied by ``factor``;
    ``given_back`` is what that adds to the target, dollars per person-year.
    """

    growth: float
    own_cap: float
    cap: float
    factor: float
    given_back: Dollars


def region_risk(result: Result) -> RegionRisk | None:
    """Return the region's risk growth and what its cap gives back; None where there is no cap.

    Source: 42 CFR 425.655; the region's types grow alike in a scenario

    Examples
    --------
    >>> import datetime as dt
    >>> from mssp_sim import Scenario, simulate
    >>> found = region_risk(simulate(Scenario(regional_risk_growth=0.08)))
    >>> round(found.own_cap, 4), round(found.cap, 4), round(found.factor, 4)
    (0.03, 0.035, 1.0435)
    >>> region_risk(simulate(Scenario(agreement_start=dt.date(2022, 1, 1)))) is None
    True
    """
    s, rules = result.scenario, result.rules
    if not rules.regional_risk_growth_capped:
        return None
    years = years_from_by3(s)
    growth = (1 + float(s.regional_risk_growth)) ** years - 1
    own_cap = _region_own_cap(s, rules)
    t = result.target
    dollars = dollars_that_grow(t, s.person_year_share)
    factor = float(over_types(t.growth.regional_risk_factor, dollars))
    return RegionRisk(
        growth=growth,
        own_cap=own_cap,
        cap=own_cap + float(market_share_in_all(s)) * max(growth - own_cap, 0.0),
        factor=factor,
        given_back=_given_back(result) if factor != 1 else 0.0,
    )


def _given_back(result: Result) -> float:
    """Return the target less that with the region's risk unchanged, dollars per person-year."""
    unchanged = replace(
        result.scenario, regional_risk_growth=0.0, regional_demographic_growth=0.0
    )  # fmt: skip
    before, after = (
        float(t.two_way_benchmark if result.guardrail else t.benchmark)
        for t in (updated_target(unchanged, result.rules), result.target)
    )
    return after - before


def _region_own_cap(s: Scenario, rules: Rules) -> float:
    demographic = (1 + float(s.regional_demographic_growth)) ** years_from_by3(s)
    return demographic - 1 + float(rules.risk_growth_cap)


def by_region_risk(result: Result, rates: Array) -> RiskSwept:
    """Return what is divided out of the region's spending growth, at other risk growths a year.

    The place where the cap begins is added, so that the line bends there.

    Source: ours; 42 CFR 425.655

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> swept = by_region_risk(simulate(Scenario()), np.array([-0.02, 0.08]))
    >>> swept.growth.round(4), swept.counted.round(4)
    (array([-0.02,  0.03,  0.08]), array([-0.02 ,  0.03 ,  0.035]))
    """
    s, rules = result.scenario, result.rules
    years = years_from_by3(s)
    bend = (1 + _region_own_cap(s, rules)) ** (1 / years) - 1
    rates = np.asarray(rates)
    inside = [bend] if rates.min() < bend < rates.max() else []
    rates = np.unique(np.append(rates, inside))
    t = updated_target(replace(s, regional_risk_growth=rates), rules)
    growth = (1 + rates) ** years
    factor = over_types(t.growth.regional_risk_factor, dollars_that_grow(t, s.person_year_share))
    return RiskSwept(growth - 1, growth / factor - 1)


def own_drag(result: Result, shares: Array) -> Dollars:
    """Return what the ACO's own savings take off its target, dollars a person, by market share.

    The ACO slows the growth of the region it is compared with, by its share of the region times
    its cost reduction, and only the regional part of the blend, 1 less its share, feels it: the
    drag goes by (1 - share) x share, whether or not the scenario counts it. Two thirds of it
    stay under the three-way blend.

    Parameters
    ----------
    shares : fractions

    Returns
    -------
    negative where the ACO saves, positive where it spends more than expected

    Source: ours; 42 CFR 425.601(a)(5) counts an ACO's own patients in its region

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> own_drag(simulate(Scenario(regional_growth=0.051)), np.array([0.1, 0.5, 0.9])).round(1)
    array([-24.2, -67.2, -24.2])
    """
    s, rules = result.scenario, result.rules
    t = result.target
    grown = (1 + refined(s.regional_growth, s.regional_growth_by_type)) ** years_from_by3(s)
    region = grown * t.growth.regional_risk_factor
    cut, at = float(s.cost_reduction), _shares_at(s, shares)
    slowed = benchmark.regional_growth_with_own_effect(region, at, cut, 0.0, 0.0)
    on, off = (benchmark.blend(at, t.growth.national_ratio, ratio) for ratio in (slowed, region))
    felt = (1 - prospective_weight(result, rules)) * (on - off)
    mix = np.asarray(s.person_year_share)
    lost = benchmark.updated_benchmark(t.adjusted_benchmark, t.risk_factor, felt, mix)
    return lost * float(s.benchmark_calibration)


def with_own_effect(result: Result, *, counted: bool) -> float:
    """Return the target per person with the ACO's own effect counted, or not.

    Source: ours
    """
    s, rules = result.scenario, result.rules
    if bool(s.own_effect) == counted:
        return float(result.benchmark)
    t = updated_target(replace(s, own_effect=counted), rules)
    return float(t.two_way_benchmark if result.guardrail else t.benchmark)


def by_type(result: Result) -> dict[str, Array]:
    """Return each step of the target by enrollment type, dollars per person-year or ratios.

    Source: 42 CFR 425.601, 425.652

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> steps = by_type(simulate(Scenario()))
    >>> float(steps["Target"] @ Scenario().person_year_share).__round__(2)
    13000.0
    """
    t, rules = result.target, result.rules
    update = np.broadcast_to(growth_in_force(t.growth, prospective_weight(result, rules)), (4,))
    calibration = float(result.scenario.benchmark_calibration)
    values: dict[str, Any] = {
        "History": t.historical_benchmark,
        "Adjustment": np.broadcast_to(t.adjustments.adjustment, (4,)),
        "Growth": update - 1,
        "Risk growth": t.risk_ratio - 1,
        "Risk growth that counts": t.risk_factor - 1,
        "Target": t.adjusted_benchmark * t.risk_factor * update * calibration,
    }
    return values
