"""What a line of the arithmetic writes comes to what it says: each written sum is worked out.

A printed number stands for every number that rounds to it, so a sum of them is a range; the
amount of the line lies in it.
"""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.quantity import refined
from mssp_sim.target import years_from_by3
from mssp_sim.trace import trace
from mssp_sim.units import TYPES
from tests import random_scenarios

PROSE = (
    r";.*", r", (from|between) .*", r" \((?=[a-z])[^()]*\)", r"^maximum ", r" of a year",
    r" owed$", r" at full quality", r" after the limit", r"other ACOs' (?=[−\d])",
)  # fmt: skip
NUMBER = re.compile(r"(\$?)(\d[\d,]*(?:\.(\d+))?)(%?)")
WORKED_OUT = {
    "trend_to_by3", "national_by3", "historical_benchmark",
    "adjusted_benchmark", "national_ratio", "regional_ratio",
    "two_way_update", "update_factor", "benchmark", "person_years", "benchmark_total",
    "expenditure_total", "gross_savings", "savings_rate", "final_sharing_rate",
    "payment_before_limit", "sequestration", "performance_payment_limit", "above_limit",
    "shared_savings", "shared_loss_rate", "charge", "forgiven", "shared_losses",
    "lost_at_the_minimum", "lost_to_quality", "left_on_the_table", "medicare_part", "payment",
}  # fmt: skip


@dataclass(frozen=True)
class Range:
    """All numbers that a printed one, or a sum of printed ones, can stand for."""

    low: float
    high: float

    def _with(self, other, do):
        other = other if isinstance(other, Range) else Range(other, other)
        ends = [do(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __pow__(self, years):
        return Range(self.low**years.low, self.high**years.low)

    def __neg__(self):
        return Range(-self.high, -self.low)


def printed(found):
    """Return the range of one printed number; counts and the ones of formulas are exact."""
    dollar, digits, decimals, per_cent = found.groups()
    number = float(digits.replace(",", ""))
    exact = not (dollar or decimals or per_cent)
    half = 0.0 if exact else 0.5 * 10.0 ** -len(decimals or "") * (1 + 1e-9)
    scale = 100 if per_cent else 1
    return f"R({(number - half) / scale!r}, {(number + half) / scale!r})"


def worked_out(numbers):
    """Return the range a written sum comes to, or nothing where the line is no sum."""
    text = numbers.replace(" less the limit of ", " − ")
    for prose in PROSE:
        text = re.sub(prose, "", text)
    if re.search(r"[A-Za-z]", text):
        return None
    text = NUMBER.sub(printed, text)
    text = text.replace("×", "*").replace("−", "-").replace("^", "**")
    return eval(text, {"R": Range})


def settled():
    """Return settlements whose mix of people moved, and of both signs of everything."""
    for seed in range(150):
        random = np.random.default_rng(seed)
        yield simulate(Scenario(**random_scenarios.fields(random)))
        yield simulate(random_scenarios.by_chance_by_type(seed))
    mix = [0.005, 0.055, 0.05, 0.89]
    for cut in (-0.06, 0.031, 0.3):
        yield simulate(Scenario(cost_reduction=cut, person_year_share=mix))
        yield simulate(Scenario(cost_reduction=cut, benchmark_calibration=1.01))


SETTLED = list(settled())


def within(found, amount, step, *, wide=0.0):
    slack = 1e-9 * max(1.0, abs(amount)) + wide
    assert found.low - slack <= amount <= found.high + slack, (step.key, step.numbers, amount)


def numbers_in(text):
    """Return each printed number of a text as the range it stands for."""
    return [eval(printed(found), {"R": Range}) for found in NUMBER.finditer(text)]


def between(found, low, high):
    return Range(min(max(found.low, low), high), min(max(found.high, low), high))


def written_out(result, step):
    """Return the range of a line whose sum stands among words; nothing where it has none."""
    s, text = result.scenario, step.numbers
    if step.key == "negative_offset" and " + mean risk score " in text:
        share, risk, _ = numbers_in(text)
        return between(share + risk - 1.0, 0.0, 1.0)
    if step.key == "prior_savings_adjustment":
        share, saved, _, most = numbers_in(text)
        saved = -saved if "× −" in text else saved
        return Range(*(min(max(end, 0.0), cap) for end, cap in
                       zip(vars_of(share * saved), vars_of(most), strict=True)))  # fmt: skip
    if step.key == "population_adjustment":
        cap, nation, higher, share, least = numbers_in(text)
        if s.underserved_share < least.low:
            return Range(0.0, 0.0)
        return between((cap * nation - higher) * share, 0.0, np.inf)
    if step.key == "quality_gap":
        own, bar = numbers_in(text)
        return (own - bar) / 100
    if step.key == "spared_by_leaving" and " / " in text:
        loss, out, whole = numbers_in(text)
        return loss * out / whole
    if step.key == "spared_by_leaving" and text.startswith("all of"):
        return numbers_in(text)[0]
    if step.key == "loss_recoupment_limit" and "smaller of" in text:
        on, target, first, rate, revenue, part, second = numbers_in(text)
        within(on * target, (first.low + first.high) / 2, step, wide=1.0)
        within(rate * revenue, (second.low + second.high) / 2, step, wide=1.0)
        within(part * float(result.expenditure_total), (revenue.low + revenue.high) / 2, step,
               wide=1.0)  # fmt: skip
        return min(first, second, key=lambda one: one.low)
    if step.key == "loss_recoupment_limit" and "×" in text:
        rate, target = numbers_in(text)
        return rate * target
    if step.key == "regional_risk_factor" and "its cap is" in text:
        return risk_past_its_cap(result, step)
    if step.key == "regional_ratio" and "your" in text and not TYPED.search(text):
        others = s.other_acos_share * s.other_acos_reduction
        return worked_out(text.replace("your ", "").replace("other ACOs' cut", f"{others:.10f}"))
    return None


def risk_past_its_cap(result, step):
    """Return the range of the region's risk past its cap, after trying each sum on the way."""
    grown, risk, cap, came_to, ends = re.fullmatch(
        r"the region's risk grew to (.*) = (\S+) times that of BY3; "
        r"its cap is (.*?) = (\S+): (.*)", step.numbers,
    ).groups()  # fmt: skip
    within(worked_out(cap), float(came_to), step, wide=2e-6)
    s = result.scenario
    by_type = 1 + refined(s.regional_risk_growth, s.regional_risk_growth_by_type)
    years = years_from_by3(s)
    if TYPED.search(grown):
        for at, said in enumerate(of_each_type(grown)):
            within(worked_out(said), float(by_type[at] ** years), step)
    else:
        within(worked_out(grown), float(risk), step, wide=2e-6)
    if ends == "1":
        assert float(risk) <= float(came_to) + 1e-6
        return Range(1.0, 1.0)
    if not TYPED.search(ends):
        assert ends == f"{risk} / {came_to}"
        return worked_out(ends)
    factor = result.target.growth.regional_risk_factor
    for at, said in enumerate(of_each_type(ends)):
        found = worked_out(said)
        assert said.endswith(f" / {came_to}")
        within(Range(max(found.low, 0), max(found.high, 1)), float(factor[at]), step)
    return None


def vars_of(one):
    return one.low, one.high


TYPED = re.compile(rf"\b{TYPES[0]} .*\b{TYPES[-1]} ")
BY_TYPE = ("national_ratio", "regional_ratio", "two_way_update")
BY_DOLLARS = "; all types by their benchmark dollars"


def of_each_type(text):
    """Return what is written of each enrollment type, in their order."""
    assert text.endswith(BY_DOLLARS)
    parts = re.split(rf"(?:^|, )({'|'.join(TYPES)}) ", text.removesuffix(BY_DOLLARS))[1:]
    assert parts[::2] == list(TYPES)
    return parts[1::2]


def each_type(result, step):
    """Return what a line writes of each enrollment type with what the engine has of it."""
    if step.key not in BY_TYPE or not TYPED.search(step.numbers):
        return
    s, growth = result.scenario, getattr(result.target.growth, step.key)
    others = s.other_acos_share * s.other_acos_reduction
    text = step.numbers.replace("your ", "").replace("other ACOs' cut", f"{others:.10f}")
    for at, said in enumerate(of_each_type(text)):
        yield worked_out(said), float(np.broadcast_to(growth, (4,))[at])


def comes_to_its_amount(result, step):
    """Check what a line writes against its amount; whether it writes a sum."""
    for found, amount in each_type(result, step):
        within(found, amount, step)
    if (found := written_out(result, step)) is not None:
        within(found, step.amount, step)
        return True
    if step.key not in WORKED_OUT:
        return False
    found = None if result.guardrail else worked_out(step.numbers)
    if found is None or (step.key == "shared_loss_rate" and step.amount in (0.4, 0.75)):
        return False
    if step.key == "above_limit":
        found = Range(max(found.low, 0.0), max(found.high, 0.0))
    within(found, step.amount, step)
    wide = found.high - found.low
    assert wide <= max(0.05 * abs(step.amount), 2e-3 * result.benchmark_total), step.key
    return True


WRITTEN_OUT = {
    "negative_offset", "prior_savings_adjustment", "population_adjustment", "quality_gap",
    "spared_by_leaving", "loss_recoupment_limit", "regional_risk_factor", "regional_ratio",
}  # fmt: skip


def test_each_written_sum_comes_to_the_amount_of_its_line():
    seen = set()
    for result in SETTLED:
        lines = trace(result)
        seen |= {key for key in WORKED_OUT | WRITTEN_OUT if comes_to_its_amount(result, lines[key])}
    assert seen == WORKED_OUT | WRITTEN_OUT


def test_a_figure_that_one_line_takes_from_another_is_the_same_in_both():
    for result in SETTLED:
        lines = trace(result)
        _, risk, update = lines["benchmark"].numbers.split(" × ")[:3]
        assert risk == lines["risk_factor"].value
        assert update.split()[0].strip(";") == lines["update_factor"].value
        for key in ("gross_savings", "savings_rate", "performance_payment_limit"):
            assert lines["benchmark_total"].value in lines[key].numbers, key
        assert lines["expenditure_total"].value in lines["gross_savings"].numbers
        assert lines["person_years"].value in lines["benchmark_total"].numbers
        assert lines["benchmark"].value in lines["benchmark_total"].numbers


def test_one_side_of_a_comparison_is_written_as_larger_where_it_is():
    for result in SETTLED:
        lines = trace(result)
        for key in ("minimum_reached", "standard_met"):
            line = lines[key]
            found = re.fullmatch(r"(\S+)(?: overspent)? against (\S+)", line.numbers)
            if not found or result.guardrail:
                continue
            own, bar = (float(re.sub(r"[$,]", "", number)) for number in found.groups())
            if own != bar:
                assert line.value == ("yes" if own > bar else "no"), (key, line.numbers)
            assert ("overspent" in line.numbers) == (
                key == "minimum_reached" and result.gross_savings < 0
            )


@pytest.mark.parametrize(("level", "said"), [(-0.1, "less than"), (0.1, "more than")])
def test_the_region_costs_more_where_it_does(level, said):
    here = Scenario(regional_level=level)
    words = trace(simulate(here))["regional_adjustment"].numbers
    assert said in words
    adjustment = trace(simulate(here))["regional_adjustment"].amount
    assert (adjustment > 0) == (level > 0)
    for result in SETTLED:
        lines = trace(result)
        words, gap = lines["regional_adjustment"].numbers, result.target.adjustments
        mix = result.scenario.person_year_share_by3
        apart = float(np.vecdot(gap.regional_difference, mix))  # caps and offset can turn the net
        if gap.net_regional_adjustment and apart:
            word = "more" if apart > 0 else "less"
            assert f"{word} than you" in words


def test_a_region_that_costs_what_the_aco_costs_is_neither():
    words = trace(simulate(Scenario(regional_level=0.0)))["regional_adjustment"].numbers
    assert "costs what you cost" in words
