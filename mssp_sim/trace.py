"""Where every number comes from: one line a step of the rule, written from what it computed.

``LINES`` is the settlement in order. A line names the function of the rule that computes it, the
parameters it reads and the lines it builds on; a function without a line fails a test.

Over 500 lines: the settlement is one list in the rule's order, read from top to bottom.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mssp_sim.figures import percent, plain, points, score
from mssp_sim.figures import whole_dollars as _dollars
from mssp_sim.naming import contract
from mssp_sim.parameters import Rules, parameters
from mssp_sim.quantity import refined
from mssp_sim.result import Result, State
from mssp_sim.rules import benchmark, corridor, quality, settlement
from mssp_sim.simulation import counted_score
from mssp_sim.target import (
    Target,
    dollars_that_grow,
    dual_share,
    growth_beyond_own,
    market_share,
    market_share_in_all,
    over_types,
    own_growth,
    own_share,
    regional_history,
    regional_weights,
    years_from_by3,
)
from mssp_sim.units import TYPES, Ratio

OURS = "ours, illustrative"
ACCOUNT = "ours: where the savings went"
BY_DOLLARS = "; all types by their benchmark dollars"
CENT = 0.005
DOMAINS = {
    "patient_experience_met": "patient experience",
    "care_coordination_met": "care coordination",
    "preventive_health_met": "preventive health",
    "at_risk_population_met": "the at-risk population",
}
"""The four domains of quality to 2020, by the field that says whether one is met."""

FOLLOWS = "follows from the lines above"
STRENGTH = ("recalled", "secondary", "CMS files", "CMS", "rule", "does not apply")
"""Ways to know a value from the weakest on: a step is known as its weakest value is."""

Side = Literal["both", "savings", "losses", "account"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic.

    ``words`` is the formula, ``numbers`` the same with this scenario's figures, ``value`` what
    it comes to and ``amount`` the same unrounded.
    """

    key: str
    name: str
    words: str
    numbers: str
    value: str
    amount: float
    section: str
    years: str
    known: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """How a step is written: what computes it, what it reads, what it builds on."""

    key: str
    name: str
    words: str
    write: Callable[["Settled"], tuple[str, float]]
    shown: Callable[[float], str]
    by: tuple[Callable[..., object], ...] = ()
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    side: Side = "both"


def ours(name: str, words: str, numbers: str, value: str, amount: float = np.nan) -> Step:
    """Return a line of an illustrative model: a figure that no paragraph gives."""
    return Step(
        key="",
        name=name,
        words=words,
        numbers=numbers,
        value=value,
        amount=amount,
        section=OURS,
        years="",
        known="an illustration",
        checked=True,
    )


@dataclass(frozen=True)
class Trace:
    """The arithmetic of one settlement, read line by line."""

    result: Result

    @cached_property
    def settled(self) -> "Settled":
        """What the lines are written from."""
        return Settled(self.result)

    def __getitem__(self, key: str) -> Step:
        return self._step(BY_KEY[key])

    def how(self, key: str) -> tuple[Step, ...]:
        """Return the lines that lead to a number; the last one is the number.

        Examples
        --------
        >>> from mssp_sim import Scenario, simulate
        >>> [step.key for step in trace(simulate(Scenario())).how("gross_savings")][-3:]
        ['benchmark_total', 'expenditure_total', 'gross_savings']
        """
        wanted, open_keys = set(), [key]
        while open_keys:
            at = open_keys.pop()
            if at not in wanted:
                wanted.add(at)
                open_keys += BY_KEY[at].needs
        steps = [self._step(line) for line in LINES if line.key in wanted and line.key != key]
        return (*steps, self[key])

    def steps(self) -> tuple[Step, ...]:
        """Return the settlement from history to payment, the lines of its side; then the account.

        The last line of the settlement proper is what is paid or owed.
        """
        other = "losses" if self.result.gross_savings >= 0 else "savings"
        return tuple(self._step(line) for line in LINES if line.side != other)

    def _step(self, line: Line) -> Step:
        numbers, amount = line.write(self.settled)
        source = self.settled.rules.source
        versions = [(name, source[name]) for name in line.reads]
        citations = [version.citation for _, version in versions]
        weakest = min(citations, key=lambda one: STRENGTH.index(one.known_by), default=None)
        sections = [citation.section.removeprefix("42 CFR ") for citation in citations]
        sections = sections or [_source(step) for step in line.by[:1]] or [ACCOUNT]
        years = [parameters()[name].years(version) for name, version in versions]
        return Step(
            key=line.key,
            name=line.name,
            words=line.words,
            numbers=numbers,
            value=line.shown(amount),
            amount=amount,
            section=", ".join(dict.fromkeys(sections)),
            years="; ".join(dict.fromkeys(years)),
            known=weakest.known if weakest else FOLLOWS,
            checked=weakest is None or weakest.known_by != "recalled",
        )


def trace(result: Result) -> Trace:
    """Return the arithmetic of one settlement, from the functions that computed it.

    Source: ours; each line names its paragraph

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> trace(simulate(Scenario()))["shared_savings"].value
    '$6,516,510'
    """
    return Trace(result)


def _source(step: Callable[..., object]) -> str:
    found = re.search(r"Source: (?:42 CFR )?(.+?)(?: \(recalled\))?$", step.__doc__ or "", re.M)
    return found.group(1) if found else OURS


@dataclass(frozen=True)
class Settled:
    """One settlement with its target, ready to be read."""

    result: Result

    @cached_property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.result.rules

    @cached_property
    def target(self) -> Target:
        """The benchmark on its way."""
        return self.result.target

    @property
    def years(self) -> int:
        """Years from BY3 to the performance year."""
        return years_from_by3(self.result.scenario)

    def at_by3(self, by_type: object) -> float:
        """Return the average over all types by the people of BY3."""
        return _average(by_type, self.result.scenario.person_year_share_by3)

    def over_types(self, ratio: Ratio) -> float:
        """Return growth over all types, each with the benchmark dollars it acts on."""
        weight = dollars_that_grow(self.target, self.result.scenario.person_year_share)
        return float(over_types(ratio, weight))

    def now(self, by_type: object) -> float:
        """Return the average over all types by the people of the performance year."""
        return _average(by_type, self.result.scenario.person_year_share)

    @cached_property
    def open_share(self) -> float:
        """Part of the sharing rate that the minimum lets through: all, half or nothing."""
        r = self.result
        if r.state == State.HALF_RATE:
            return float(self.rules.half_rate[r.scenario.level_number])
        cleared = corridor.savings_shared(
            r.gross_savings, r.benchmark_total, r.minimum_savings_rate
        )
        return float(bool(cleared) and not r.guardrail and bool(r.in_program_to_the_end))

    @property
    def full_payment(self) -> float:
        """What the same spending earns with full quality and no minimum."""
        return float(self.result.shared_savings + self.result.left_on_the_table)


def _average(by_type: object, mix: object) -> float:
    return float(np.vecdot(np.broadcast_to(np.asarray(by_type), (4,)), np.asarray(mix)))


def _person(dollars: float) -> str:
    return f"${plain(dollars, 2)}" if dollars >= 0 else f"−${plain(-dollars, 2)}"


def _ratio(ratio: float) -> str:
    return plain(ratio, 6)


def _rate(fraction: float) -> str:
    digits = 1 if abs(fraction * 1000 - round(fraction * 1000)) < 1e-9 else 4  # noqa: PLR2004
    return percent(fraction, digits)


def _grown(rate: float, years: int) -> str:
    return f"(1 {'+' if rate >= 0 else '−'} {_rate(abs(rate))})^{years}"


def in_points(difference: float) -> str:
    """Return a difference of two scores in points, signed where it is short."""
    digits = 1 if abs(difference * 1000 - round(difference * 1000)) < 1e-9 else 2  # noqa: PLR2004
    return f"{'−' if difference < 0 else ''}{points(difference, digits)}"


def _yes(claim: float) -> str:
    return "yes" if claim else "no"


def _each(write: Callable[[int], str], *quantities: Ratio) -> str:
    """Return what is written of some quantities: once, or type by type where they differ."""
    if all(np.size(quantity) == 1 for quantity in quantities):
        return write(0)
    return ", ".join(f"{name} {write(at)}" for at, name in enumerate(TYPES)) + BY_DOLLARS


def _of(ratio: Ratio, at: int) -> float:
    """Return a ratio of one enrollment type; all have the same where there is one."""
    return float(np.broadcast_to(np.asarray(ratio), (4,))[at])


def _history(x: Settled) -> tuple[str, float]:
    s, t = x.result.scenario, x.target
    weights = x.rules.benchmark_year_weights["first" if s.agreement_period == 1 else "later"]
    risk = np.asarray(s.risk_score)
    brought = np.asarray(t.expenditure_history) * np.asarray(t.trend_to_by3) * (risk[2] / risk)
    three = " + ".join(
        f"{plain(weight, 4)} × {_person(x.at_by3(year))}"
        for weight, year in zip(weights, brought, strict=True)
    )
    return three, x.at_by3(t.historical_benchmark)


def _trend(x: Settled) -> tuple[str, float]:
    s, trend = x.result.scenario, np.asarray(x.target.trend_to_by3)
    share = refined(s.market_share_by3, s.market_share_by3_by_type)
    national = np.asarray(s.national_expenditure)
    nation = x.at_by3(national[2] / national[0])
    region = x.at_by3(np.asarray(regional_history(s))[0])
    years = f"from benchmark year 1 to 3, and {_ratio(x.at_by3(trend[1]))} from year 2"
    if np.size(share) > 1:
        shares = ", ".join(f"{name} {percent(_of(share, at))}" for at, name in enumerate(TYPES))
        blend = f"the nation {_ratio(nation)} by market share {shares}"
        return f"{blend}, else the region {_ratio(region)}; {years}", x.at_by3(trend[0])
    own = _of(share, 0)
    return (
        f"{percent(own)} × {_ratio(nation)} + {percent(1 - own)} × {_ratio(region)}; {years}",
        x.at_by3(trend[0]),
    )


def _national(x: Settled) -> tuple[str, float]:
    s = x.result.scenario
    nation, mix = np.asarray(s.national_expenditure)[2], np.asarray(s.person_year_share_by3)
    four = (f"{_rate(share)} × {_person(cost)}" for share, cost in zip(mix, nation, strict=True))
    return " + ".join(four), x.at_by3(nation)


def _regional(x: Settled) -> tuple[str, float]:
    a, s = x.target.adjustments, x.result.scenario
    gap = x.at_by3(a.regional_difference)
    size = f"{_person(abs(gap))} {'more' if gap > 0 else 'less'} than you"
    costs = size if abs(gap) >= CENT else "what you cost"
    period = s.regional_adjustment_period or s.agreement_period
    below, above = regional_weights(s, x.rules)
    weight = _rate(float(below if gap >= 0 else above))
    spared = percent(float(a.negative_offset))
    softened = f", negative amounts less {spared}," if x.rules.negative_adjustment_offset else ""
    up, down = x.rules.regional_adjustment_positive_cap, x.rules.regional_adjustment_negative_cap
    return (
        f"the region costs {costs}; the weight of period {plain(float(period), 0)}, {weight}, and "
        f"each type's cap, {_rate(up)} of national spending up and {_rate(down)} "
        f"down{softened} leave",
        float(a.net_regional_adjustment),
    )


def _offset(x: Settled) -> tuple[str, float]:
    s, offset = x.result.scenario, float(x.target.adjustments.negative_offset)
    if not x.rules.negative_adjustment_offset:
        return "none in agreements before 2024", offset
    dollars = np.asarray(s.expenditure)[2] * np.asarray(s.person_year_share_by3)
    risk = float(np.vecdot(np.asarray(s.risk_score)[2], dollars) / np.sum(dollars))
    share = percent(float(dual_share(s)), 2)
    known = "" if s.dually_eligible_share_by3 is not None else " (the aged alone: a lower bound)"
    return f"{share} with Medicaid{known} + mean risk score {_ratio(risk)} − 1", offset


def _prior(x: Settled) -> tuple[str, float]:
    saved = float(x.result.scenario.prior_savings_per_person)
    share, cap = percent(x.rules.prior_savings_share, 0), percent(x.rules.prior_savings_cap, 0)
    most = x.rules.prior_savings_cap * x.at_by3(
        np.asarray(x.result.scenario.national_expenditure)[2]
    )
    return (
        f"{share} × {_person(saved)}, between nothing and {cap} of national spending, "
        f"{_person(most)}",
        float(x.target.adjustments.prior_savings_adjustment),
    )


def _population(x: Settled) -> tuple[str, float]:
    s, found = x.result.scenario, x.target.adjustments
    share = percent(float(s.underserved_share))
    cap = percent(x.rules.population_adjustment_cap, 0)
    least = percent(x.rules.population_adjustment_threshold, 0)
    nation = x.at_by3(np.asarray(s.national_expenditure)[2])
    higher = max(float(found.net_regional_adjustment), float(found.prior_savings_adjustment), 0.0)
    return (
        f"({cap} × {_person(nation)} − {_person(higher)}) × {share} of people who qualify, "
        f"from {least} on",
        float(found.population_adjustment),
    )


def _adjusted(x: Settled) -> tuple[str, float]:
    before, after = x.at_by3(x.target.historical_benchmark), x.at_by3(x.target.adjusted_benchmark)
    kind = ("none is positive", "regional", "prior savings", "population")
    which = kind[int(x.target.adjustments.kind)]
    sign = "+" if after >= before else "−"
    return f"{_person(before)} {sign} {_person(abs(after - before))} ({which})", after


def _risk(x: Settled) -> tuple[str, float]:
    t = x.target
    weight = np.asarray(t.adjusted_benchmark)
    grown = x.now(weight * t.risk_ratio) / x.now(weight)
    cap = percent(x.rules.risk_growth_cap)
    demographic = (1 + float(x.result.scenario.demographic_growth)) ** x.years
    if x.rules.risk_growth_capped_in_all:
        test = f"tested over all types at {_ratio(demographic)} + {cap}"
    else:
        test = f"each type at most {cap} up"
    return (
        f"risk scores grew to {_ratio(grown)} times those of BY3; {test}; no floor",
        x.now(weight * t.risk_factor) / x.now(weight),
    )


def _region(x: Settled) -> tuple[str, float]:
    s, factor = x.result.scenario, x.target.growth.regional_risk_factor
    rate = refined(s.regional_growth, s.regional_growth_by_type)
    own = own_share(s)

    def written(at: int) -> str:
        numbers = _grown(_of(rate, at), x.years)
        if bool(s.own_effect):
            cut = f"{percent(_of(own, at))} × {percent(float(s.cost_reduction))}"
            numbers += f" × (1 − your {cut} − other ACOs' cut)"
        elif float(s.other_acos_share) and float(s.other_acos_reduction):
            cut = f"{percent(float(s.other_acos_share))} × {percent(float(s.other_acos_reduction))}"
            numbers += f" × (1 − other ACOs' {cut})"
        if _of(factor, at) != 1:
            numbers += f" × {_ratio(_of(factor, at))}"
        return numbers

    alike = factor if np.ptp(factor) else np.ones(1)
    return _each(written, rate, own, alike), x.over_types(x.target.growth.regional_ratio)


def _region_over(x: Settled) -> tuple[str, float]:
    s, found = x.result.scenario, x.target.growth.regional_risk_factor
    factor = x.over_types(found)
    if not x.rules.regional_risk_growth_capped:
        return "none in agreements before 2024", factor
    rate = refined(s.regional_risk_growth, s.regional_risk_growth_by_type)
    by_type = (1 + rate) ** x.years
    weight = np.asarray(x.target.adjusted_benchmark) * np.asarray(s.person_year_share)
    risk = float(over_types(by_type, weight))
    demographic, allowed = float(s.regional_demographic_growth), x.rules.risk_growth_cap
    bound = (1 + demographic) ** x.years + allowed
    share = float(market_share_in_all(s))
    cap = bound + share * max(risk - bound, 0.0)
    numbers = (
        f"the region's risk grew to {_each(lambda at: _grown(_of(rate, at), x.years), rate)}"
        f" = {_ratio(risk)} times that of BY3; its cap is "
        f"{_grown(demographic, x.years)} + {percent(allowed)}"
    )
    if risk <= bound:
        return f"{numbers} = {_ratio(cap)}: 1", factor
    numbers += f" + {percent(share)} × ({_ratio(risk)} − {_ratio(bound)}) = {_ratio(cap)}"
    return numbers + ": " + _each(lambda at: f"{_ratio(_of(by_type, at))} / {_ratio(cap)}", rate), (
        factor
    )


def _nation(x: Settled) -> tuple[str, float]:
    s = x.result.scenario
    rate = refined(s.national_growth, s.national_growth_by_type)
    numbers = _each(lambda at: _grown(_of(rate, at), x.years), rate)
    return numbers, x.over_types(x.target.growth.national_ratio)


def _two_way(x: Settled) -> tuple[str, float]:
    share, g = market_share(x.result.scenario), x.target.growth
    numbers = _each(
        lambda at: (
            f"{percent(_of(share, at))} × {_ratio(_of(g.national_ratio, at))} + "
            f"{percent(1 - _of(share, at))} × {_ratio(_of(g.regional_ratio, at))}"
        ),
        *(q if np.ptp(q) else np.ones(1) for q in (share, g.national_ratio, g.regional_ratio)),
    )
    return numbers, x.over_types(g.two_way_update)


def _update(x: Settled) -> tuple[str, float]:
    weight, g = float(x.rules.prospective_trend_weight), x.target.growth
    update = x.over_types(g.update_factor)
    if not weight:
        return "no prospective part in this agreement", update
    return (
        f"{plain(weight, 4)} × {_ratio(x.over_types(g.prospective_ratio))} + "
        f"{plain(1 - weight, 4)} × {_ratio(x.over_types(g.two_way_update))}",
        update,
    )


def _target(x: Settled) -> tuple[str, float]:
    t = x.target
    before = x.now(t.adjusted_benchmark)
    risk = x.now(np.asarray(t.adjusted_benchmark) * t.risk_factor) / before
    numbers = f"{_person(before)} × {_ratio(risk)} × {_ratio(x.over_types(t.growth.update_factor))}"
    calibration = float(x.result.scenario.benchmark_calibration)
    if calibration != 1:
        numbers += f" × {_ratio(calibration)} (calibrated to CMS's figure)"
    if x.result.guardrail:
        numbers += "; recalculated without the prospective trend"
    return numbers, float(x.result.benchmark)


def _person_years(x: Settled) -> tuple[str, float]:
    s = x.result.scenario
    numbers = f"{plain(float(s.assigned_beneficiaries), 0)} × {_ratio(float(s.person_years_ratio))}"
    if s.share_of_year != 1:
        numbers += f" × {plain(float(s.share_of_year), 4)} of a year"
    return numbers, float(x.result.person_years)


def _total(x: Settled) -> tuple[str, float]:
    r = x.result
    return f"{_person(r.benchmark)} × {plain(r.person_years, 1)}", float(r.benchmark_total)


def _spent(x: Settled) -> tuple[str, float]:
    r, s = x.result, x.result.scenario
    history = np.asarray(x.target.expenditure_history)[2]
    by3, grown = x.now(history), _grown(float(s.own_growth), x.years)
    if s.own_growth_by_type is not None:
        grown = f"{plain(x.now(own_growth(s, history)[0]) / by3, 8)}"
    risen = float(growth_beyond_own(s))
    sicker = f" × {_ratio(risen)}" if risen != 1 else ""
    cut = float(s.cost_reduction)
    less = f"(1 {'−' if cut >= 0 else '+'} {_rate(abs(cut))})"
    return (
        f"{_person(by3)} × {grown}{sicker} × {less} × {plain(r.person_years, 1)}",
        float(r.expenditure_total),
    )


def _saved(x: Settled) -> tuple[str, float]:
    r = x.result
    numbers = f"{_dollars(r.benchmark_total)} − {_dollars(r.expenditure_total)}"
    return numbers, float(r.gross_savings)


def _savings_rate(x: Settled) -> tuple[str, float]:
    r = x.result
    return f"{_dollars(r.gross_savings)} / {_dollars(r.benchmark_total)}", float(r.savings_rate)


def _minimum(x: Settled) -> tuple[str, float]:
    r = x.result
    people = plain(float(r.scenario.assigned_beneficiaries), 0)
    by_size = f"the table at {people} people"
    fixed = float(np.interp(
        float(r.scenario.assigned_beneficiaries), x.rules.minimum_savings_rate.at,
        x.rules.minimum_savings_rate.gives,
    )) != r.minimum_savings_rate  # fmt: skip
    words = "the rate chosen for the agreement" if fixed else by_size
    if r.two_sided and np.isfinite(x.rules.minimum_rate_without_choice[r.scenario.level_number]):
        words = "the rule sets it for this agreement, without a choice"
    return words, float(r.minimum_savings_rate)


def _cleared(x: Settled) -> tuple[str, float]:
    r = x.result
    bar = _dollars(r.minimum_savings_rate * r.benchmark_total)
    if r.gross_savings < 0:
        beyond = corridor.losses_beyond_minimum(
            r.gross_savings, r.benchmark_total, r.minimum_loss_rate
        )
        return f"{_dollars(-r.gross_savings)} overspent against {bar}", float(beyond)
    cleared = corridor.savings_shared(r.gross_savings, r.benchmark_total, r.minimum_savings_rate)
    reached = bool(cleared) and not r.guardrail
    return f"{_dollars(r.gross_savings)} against {bar}", float(reached)


def _standard(x: Settled) -> tuple[str, float]:
    r = x.result
    own, bar = score(r.score_of_year, 2), score(r.quality_performance_standard, 2)
    numbers = f"{own} against {bar}"
    if x.rules.domain_minimums_count:
        numbers = "no score is asked" if not r.quality_performance_standard else numbers
        numbers += f"; each domain at its minimum: {_yes(r.domains_met)}"
    if r.scenario.quality_standard_met is not None:
        numbers += ", as CMS says"
    elif r.deemed:
        numbers += ", deemed met by reporting"
    return numbers, float(r.standard_met)


def _score(x: Settled) -> tuple[str, float]:
    r, s = x.result, x.result.scenario
    own = score(float(s.quality_score), 2)
    if not (s.in_disaster_area and x.rules.disaster_quality_floor):
        return own, float(r.score_of_year)
    floor = x.rules.disaster_quality_floor
    least = float(r.quality_performance_standard) if np.isinf(floor) else floor
    return f"{own}, in a disaster area at least {score(least, 2)}", float(r.score_of_year)


def _domains(x: Settled) -> tuple[str, float]:
    r, s = x.result, x.result.scenario
    if not x.rules.domain_minimums_count:
        return "no domains from 2021 on", float(r.domains_met)
    missed = [name for field, name in DOMAINS.items() if not getattr(s, field)]
    said = f"none in {' and '.join(missed)}" if missed else "one in each of the four"
    if missed and r.domains_met:
        said += ", but a disaster area needs none"
    return said, float(r.domains_met)


def _gap(x: Settled) -> tuple[str, float]:
    r = x.result
    own, bar = float(r.score_of_year), float(r.quality_performance_standard)
    return f"{score(own, 2)} − {score(bar, 2)}", own - bar


def _highest(x: Settled) -> tuple[str, float]:
    r = x.result
    return f"of {contract(r.scenario.level)}", float(r.sharing_rate)


def _share(x: Settled) -> tuple[str, float]:
    r = x.result
    numbers = f"maximum {_rate(r.sharing_rate)}"
    if r.sharing_rate and r.final_sharing_rate != r.sharing_rate:
        numbers += f" × {plain(r.final_sharing_rate / r.sharing_rate, 4)}"
    return numbers, float(r.final_sharing_rate)


def _before_limit(x: Settled) -> tuple[str, float]:
    r = x.result
    amount = float(r.shared_savings + r.above_limit + r.sequestration)
    if r.guardrail:
        return "nothing is earned under the guardrail", amount
    if not r.in_program_to_the_end:
        return "who leaves before the year ends, or is ended, shares no savings", amount
    if not x.open_share:
        return "the minimum is not reached: nothing is shared", amount
    return (
        f"{_dollars(r.gross_savings)} × {_rate(r.final_sharing_rate)}, from the first dollar",
        amount,
    )


def _sequestration(x: Settled) -> tuple[str, float]:
    r = x.result
    counted = float(r.shared_savings + r.above_limit + r.sequestration)
    return f"{_dollars(counted)} × {_rate(x.rules.sequestration_rate)}", float(r.sequestration)


def _payment_limit(x: Settled) -> tuple[str, float]:
    r = x.result
    rate = float(x.rules.performance_payment_limit[r.scenario.level_number])
    return f"{_rate(rate)} × {_dollars(r.benchmark_total)}", float(r.performance_payment_limit)


def _above_limit(x: Settled) -> tuple[str, float]:
    r = x.result
    after = _dollars(r.shared_savings + r.above_limit)
    numbers = f"{after} less the limit of {_dollars(r.performance_payment_limit)}"
    return numbers, float(r.above_limit)


def _earned(x: Settled) -> tuple[str, float]:
    r = x.result
    counted = r.shared_savings + r.above_limit + r.sequestration
    numbers = f"{_dollars(counted)} − {_dollars(r.sequestration)}"
    if r.above_limit:
        numbers += f" − {_dollars(r.above_limit)}"
    return numbers, float(r.shared_savings)


def _loss_rate(x: Settled) -> tuple[str, float]:
    r = x.result
    at = r.scenario.level_number
    low, high = (
        float(rates[at]) for rates in (x.rules.shared_loss_rate_floor,
                                       x.rules.shared_loss_rate_ceiling)
    )  # fmt: skip
    if not r.two_sided:
        return f"{contract(r.scenario.level)} is one-sided", float(r.shared_loss_rate)
    if low == high:
        return "fixed: quality does not move it", float(r.shared_loss_rate)
    s = r.scenario
    if not (r.standard_met or (s.alternative_standard_met and x.rules.alternative_standard_pays)):
        return f"no quality standard is met: the highest, {_rate(high)}", float(r.shared_loss_rate)
    counted = float(counted_score(s, x.rules, r.standard_met))
    return (
        f"1 − {_rate(r.sharing_rate)} × {score(counted, 2)} / 100, "
        f"between {_rate(low)} and {_rate(high)}",
        float(r.shared_loss_rate),
    )


def _charge(x: Settled) -> tuple[str, float]:
    r = x.result
    charged = -r.gross_savings if _whole_years_loss(r) + r.forgiven > 0 else 0.0
    if not charged:
        return "no loss past the minimum: nothing is charged", 0.0
    return (
        f"{_dollars(charged)} × {_rate(r.shared_loss_rate)}, from the first dollar",
        float(charged * r.shared_loss_rate),
    )


def _loss_limit(x: Settled) -> tuple[str, float]:
    r, at = x.result, x.result.scenario.level_number
    if not r.two_sided:
        return "no losses to limit", 0.0
    on_target = float(x.rules.loss_recoupment_limit_benchmark[at])
    numbers = f"{_rate(on_target)} × {_dollars(r.benchmark_total)}"
    on_revenue = float(x.rules.loss_recoupment_limit_revenue[at])
    if np.isfinite(on_revenue):
        part = float(r.scenario.participant_revenue_share)
        revenue = part * float(r.expenditure_total)
        numbers = (
            f"the smaller of {numbers} = {_dollars(on_target * max(r.benchmark_total, 0.0))} and "
            f"{_rate(on_revenue)} × participants' revenue of {_dollars(revenue)} "
            f"({_rate(part)} of what you spent) = {_dollars(on_revenue * revenue)}"
        )
    return numbers, float(r.loss_recoupment_limit)


def _forgiven(x: Settled) -> tuple[str, float]:
    r = x.result
    share = percent(float(r.scenario.disaster_share))
    return f"{_dollars(_whole_years_loss(r) + r.forgiven)} × {share}", float(r.forgiven)


def _whole_years_loss(r: Result) -> float:
    """Return what would be owed had the ACO stayed to the end of the year."""
    return float(r.shared_losses + r.spared_by_leaving)


def _in_program(x: Settled) -> tuple[str, float]:
    r, s = x.result, x.result.scenario
    whole = plain(float(s.share_of_year * 12), 0)
    months = s.months_in_program
    stayed = months is None or months >= s.share_of_year * 12
    said = f"all {whole} months" if stayed else f"{plain(float(months), 0)} of {whole} months"
    if s.ended_by_cms:
        said += ", ended by CMS"
    return said, float(r.in_program_to_the_end)


def _spared(x: Settled) -> tuple[str, float]:
    r, s = x.result, x.result.scenario
    loss, spared = _whole_years_loss(r), float(r.spared_by_leaving)
    if not spared:
        return "nothing: in the program to the end, or nothing to owe", spared
    if not r.shared_losses:
        return f"all of {_dollars(loss)}; left so early that nothing is owed", spared
    whole, months = float(s.share_of_year * 12), float(s.months_in_program)
    return f"{_dollars(loss)} × {plain(whole - months, 0)} / {plain(whole, 0)}", spared


def _owed(x: Settled) -> tuple[str, float]:
    r = x.result
    before = _dollars(_whole_years_loss(r) + r.forgiven)
    left = f" − {_dollars(r.spared_by_leaving)}" if r.spared_by_leaving else ""
    numbers = f"{before} after the limit − {_dollars(r.forgiven)}{left}; no sequestration"
    return numbers, float(r.shared_losses)


def _lost_at_the_minimum(x: Settled) -> tuple[str, float]:
    r = x.result
    at_maximum = _dollars(x.full_payment)
    numbers = f"{at_maximum} at full quality − {_dollars(x.full_payment - r.lost_at_the_minimum)}"
    return numbers, float(r.lost_at_the_minimum)


def _lost_to_quality(x: Settled) -> tuple[str, float]:
    r = x.result
    open_to_you = x.full_payment - r.lost_at_the_minimum
    return f"{_dollars(open_to_you)} − {_dollars(r.shared_savings)}", float(r.lost_to_quality)


def _left(x: Settled) -> tuple[str, float]:
    r = x.result
    numbers = f"{_dollars(r.lost_at_the_minimum)} + {_dollars(r.lost_to_quality)}"
    return numbers, float(r.left_on_the_table)


def _medicare(x: Settled) -> tuple[str, float]:
    r = x.result
    if r.gross_savings < 0:
        return f"{_dollars(r.gross_savings)} + {_dollars(r.shared_losses)} owed", float(
            r.medicare_part
        )
    parts = [
        r.shared_savings, r.sequestration, r.above_limit, r.lost_at_the_minimum, r.lost_to_quality,
    ]  # fmt: skip
    taken = " − ".join(_dollars(part) for part in parts if part)
    numbers = f"{_dollars(r.gross_savings)} − {taken or '$0'}; takes the rounding"
    return numbers, float(r.medicare_part)


def _payment(x: Settled) -> tuple[str, float]:
    r = x.result
    return f"{_dollars(r.shared_savings)} − {_dollars(r.shared_losses)}", float(r.payment)


def _avoidable(x: Settled) -> tuple[str, float]:
    r = x.result
    floor = float(x.rules.shared_loss_rate_floor[r.scenario.level_number])
    return f"owed now − owed at the floor of {_rate(floor)}", float(r.avoidable_by_quality)


LINES: Sequence[Line] = (
    Line("trend_to_by3", "Growth within the history",
         "market share × the nation's growth + the rest × the region's, to the last benchmark year",
         _trend, _ratio, by=(benchmark.blend,)),
    Line("historical_benchmark", "Historical benchmark",
         "three benchmark years, each brought to the money and risk of the last, weighted",
         _history, _person, by=(benchmark.historical_benchmark,),
         reads=("benchmark_year_weights",), needs=("trend_to_by3",)),
    Line("national_by3", "National spending at your mix, last benchmark year",
         "your share of each enrollment type × what the nation spends on one of it; caps are "
         "parts of these",
         _national, _person, by=(benchmark.capped_flat_adjustment,)),
    Line("negative_offset", "Offset to negative amounts",
         "share with Medicaid + mean risk score by spending − 1, between 0 and 1",
         _offset, _rate, by=(benchmark.offset_to_negative_adjustment,),
         reads=("negative_adjustment_offset",)),
    Line("regional_adjustment", "Regional adjustment",
         "weight × (region at your risk − you), each type capped; a negative amount × (1 − offset)",
         _regional, _person,
         by=(benchmark.regional_adjustment, benchmark.soften_negative_adjustment),
         reads=("regional_adjustment_weight", "regional_adjustment_positive_cap",
                "regional_adjustment_negative_cap", "negative_adjustment_offset"),
         needs=("historical_benchmark", "national_by3", "negative_offset")),
    Line("prior_savings_adjustment", "Prior savings adjustment",
         "a share of what you saved a person before, capped",
         _prior, _person, by=(benchmark.capped_flat_adjustment,),
         reads=("prior_savings_share", "prior_savings_cap"), needs=("national_by3",)),
    Line("population_adjustment", "Population adjustment",
         "(a part of national spending − the higher of the other two adjustments) "
         "× the share of people who qualify",
         _population, _person, by=(benchmark.population_adjustment,),
         reads=("population_adjustment_cap", "population_adjustment_threshold"),
         needs=("regional_adjustment", "prior_savings_adjustment")),
    Line("adjusted_benchmark", "Adjusted benchmark",
         "history + the one adjustment that applies",
         _adjusted, _person, by=(benchmark.highest_adjustment,),
         reads=("net_negative_adjustment_counts",),
         needs=("historical_benchmark", "regional_adjustment", "prior_savings_adjustment",
                "population_adjustment")),
    Line("risk_factor", "Risk growth that counts",
         "risk score now / in the last benchmark year, capped above, no floor below",
         _risk, _ratio, by=(benchmark.risk_factor_by_type, benchmark.risk_factor_in_all),
         reads=("risk_growth_cap", "risk_growth_capped_in_all")),
    Line("national_ratio", "Nation's growth", "(1 + annual growth) ^ years", _nation, _ratio,
         by=(benchmark.blend,)),
    Line("regional_risk_factor", "Region's risk growth past its cap",
         "region's risk growth / its cap (demographic growth + cap + market share × the excess), "
         "at least 1",
         _region_over, _ratio, by=(benchmark.regional_risk_factor,),
         reads=("regional_risk_growth_capped", "risk_growth_cap")),
    Line("regional_ratio", "Region's growth",
         "(1 + annual growth) ^ years, less what ACOs cut, × risk growth past the region's cap",
         _region, _ratio, by=(benchmark.regional_growth_with_own_effect,),
         needs=("regional_risk_factor",)),
    Line("two_way_update", "Nation and region blended",
         "market share × nation + the rest × region",
         _two_way, _ratio, by=(benchmark.blend,), needs=("national_ratio", "regional_ratio")),
    Line("update_factor", "Growth of the target (update)",
         "prospective weight × prospective trend (ACPT) + the rest × the two-way blend",
         _update, _ratio, by=(benchmark.three_way_blend,), reads=("prospective_trend_weight",),
         needs=("two_way_update",)),
    Line("benchmark", "Spending target a person (updated benchmark)",
         "adjusted benchmark × risk growth × update, by type, weighted by this year's people",
         _target, _person, by=(benchmark.updated_benchmark, benchmark.guardrail_applies),
         reads=("prospective_trend_guardrail",),
         needs=("adjusted_benchmark", "risk_factor", "update_factor")),
    Line("person_years", "Person-years", "assigned people × their part of the year",
         _person_years, lambda years: plain(years, 1), by=(benchmark.person_years,)),
    Line("benchmark_total", "Spending target (benchmark)", "target a person × person-years",
         _total, _dollars, by=(benchmark.updated_benchmark,), needs=("benchmark", "person_years")),
    Line("expenditure_total", "What you spent (expenditures)",
         "last year of history × growth × (1 − cost reduction) × person-years",
         _spent, _dollars, by=(benchmark.performance_year_expenditure,)),
    Line("gross_savings", "Saved or overspent (gross savings or losses)", "target − spent",
         _saved, _dollars, by=(settlement.gross_savings,),
         needs=("benchmark_total", "expenditure_total")),
    Line("savings_rate", "Savings rate", "saved / target", _savings_rate, _rate,
         by=(settlement.gross_savings,), needs=("gross_savings",)),
    Line("minimum_savings_rate", "Minimum to get paid (MSR), and before you owe (MLR)",
         "the rate chosen, or the table by size", _minimum, _rate,
         by=(corridor.minimum_savings_rate,),
         reads=("minimum_savings_rate", "minimum_rate_choices", "minimum_rate_without_choice",
                "people_for_chosen_minimum")),
    Line("minimum_reached", "Minimum reached?", "saved or overspent against minimum × target",
         _cleared, _yes, by=(corridor.savings_shared, corridor.losses_beyond_minimum),
         needs=("gross_savings", "minimum_savings_rate")),
    Line("score_of_year", "Quality score of the year",
         "your score; in a disaster area not under the floor of the year",
         _score, lambda fraction: score(fraction, 2), by=(quality.floored_score,),
         reads=("disaster_quality_floor",)),
    Line("domains_met", "Each domain at its minimum?",
         "one measure of each of the four domains reached its minimum (to 2020)",
         _domains, _yes, by=(quality.each_domain_met,), reads=("domain_minimums_count",)),
    Line("standard_met", "Full quality standard met?", "score against the standard of the year",
         _standard, _yes, by=(quality.standard_met,),
         reads=("quality_performance_standard", "first_year_reporting_counts",
                "reporting_incentive_counts"),
         needs=("score_of_year", "domains_met")),
    Line("quality_gap", "Score over or under the full standard", "score − standard",
         _gap, in_points, by=(quality.standard_met,), reads=("quality_performance_standard",),
         needs=("score_of_year",)),
    Line("sharing_rate", "Highest share of the contract", "what the contract shares at most",
         _highest, _rate, by=(quality.final_sharing_rate,), reads=("sharing_rate",)),
    Line("final_sharing_rate", "Your share (final sharing rate)",
         "the contract's maximum; × the score when only the partial standard is met",
         _share, _rate, by=(quality.final_sharing_rate, corridor.half_rate_open),
         reads=("sharing_rate", "alternative_standard_pays", "score_scales_the_full_share",
                "half_rate", "low_revenue_threshold", "minimum_assigned_beneficiaries"),
         needs=("standard_met", "sharing_rate")),
    Line("in_program_to_the_end", "In the program to the end of the year?",
         "months in the program, and who ended the agreement",
         _in_program, _yes, by=(settlement.in_program_to_the_end,)),
    Line("payment_before_limit", "Share of savings", "all you saved × your share, past the minimum",
         _before_limit, _dollars, by=(settlement.payment_before_limit,),
         needs=("gross_savings", "minimum_reached", "final_sharing_rate",
                "in_program_to_the_end"), side="savings"),
    Line("sequestration", "Sequestration", "share of savings × the cut across Medicare",
         _sequestration, _dollars, by=(settlement.sequestration,), reads=("sequestration_rate",),
         needs=("payment_before_limit",), side="savings"),
    Line("performance_payment_limit", "Most you can be paid (payment limit)", "limit × target",
         _payment_limit, _dollars, by=(settlement.limited,), reads=("performance_payment_limit",),
         needs=("benchmark_total",), side="savings"),
    Line("above_limit", "Above the limit", "what the limit cuts off", _above_limit, _dollars,
         by=(settlement.limited,), needs=("sequestration", "performance_payment_limit"),
         side="savings"),
    Line("shared_savings", "You earn (shared savings)",
         "share of savings − sequestration, at most the limit",
         _earned, _dollars, by=(settlement.limited,),
         needs=("payment_before_limit", "sequestration", "above_limit"), side="savings"),
    Line("shared_loss_rate", "Your share of losses (shared loss rate)",
         "fixed by the contract; on ENHANCED 1 − the sharing rate quality gives, floor and ceiling",
         _loss_rate, _rate, by=(quality.shared_loss_rate,),
         reads=("shared_loss_rate_floor", "shared_loss_rate_ceiling"), side="losses"),
    Line("charge", "Share of losses", "all you overspent × the loss rate, once past the minimum",
         _charge, _dollars, by=(corridor.losses_beyond_minimum,),
         needs=("gross_savings", "minimum_reached", "shared_loss_rate"), side="losses"),
    Line("loss_recoupment_limit", "Most you can owe (loss limit)",
         "the smaller of a share of target and a share of revenue",
         _loss_limit, _dollars, by=(settlement.loss_limit,),
         reads=("loss_recoupment_limit_benchmark", "loss_recoupment_limit_revenue"),
         needs=("benchmark_total",), side="losses"),
    Line("forgiven", "Forgiven for a disaster", "loss after the limit × year and people hit",
         _forgiven, _dollars, by=(settlement.forgiven,),
         needs=("charge", "loss_recoupment_limit"), side="losses"),
    Line("spared_by_leaving", "Not owed for having left",
         "loss after limit and disaster × months out of the program / months of the year",
         _spared, _dollars, by=(settlement.part_of_losses_owed,),
         reads=("early_leavers_owe_losses", "months_without_losses"),
         needs=("forgiven", "in_program_to_the_end"), side="losses"),
    Line("shared_losses", "You owe (shared losses)",
         "share of losses, at most the limit, less what is forgiven or not owed for having left",
         _owed, _dollars, by=(settlement.limited, settlement.forgiven),
         needs=("charge", "loss_recoupment_limit", "forgiven", "spared_by_leaving"),
         side="losses"),
    Line("lost_at_the_minimum", "Lost at the minimum",
         "payment at full quality with no minimum − the same with the minimum",
         _lost_at_the_minimum, _dollars,
         needs=("shared_savings", "minimum_reached"), side="account"),
    Line("lost_to_quality", "Lost to quality", "payment at full quality − what is paid",
         _lost_to_quality, _dollars,
         needs=("shared_savings", "standard_met"), side="account"),
    Line("left_on_the_table", "Left on the table", "lost at the minimum + lost to quality",
         _left, _dollars,
         needs=("lost_at_the_minimum", "lost_to_quality"), side="account"),
    Line("medicare_part", "Medicare's part", "saved − what you earn, leave or lose to a limit",
         _medicare, _dollars,
         needs=("gross_savings", "shared_savings", "left_on_the_table"), side="account"),
    Line("avoidable_by_quality", "Avoidable by quality", "owed − owed at the lowest loss rate",
         _avoidable, _dollars, needs=("shared_losses",),
         side="account"),
    Line("payment", "Paid to you, less owed", "you earn − you owe", _payment, _dollars,
         needs=("shared_savings", "shared_losses"), side="account"),
)  # fmt: skip

BY_KEY = {line.key: line for line in LINES}
