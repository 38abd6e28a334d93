"""What a line of the arithmetic writes comes to what it says: each written sum is worked out.

A printed number stands for every number that rounds to it, so a sum of them is a range; the
amount of the line lies in it.
"""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.trace import trace
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


def test_each_written_sum_comes_to_the_amount_of_its_line():
    seen = set()
    for result in SETTLED:
        lines = trace(result)
        for key in WORKED_OUT:
            line = lines[key]
            found = None if result.guardrail else worked_out(line.numbers)
            if found is None or (key == "shared_loss_rate" and line.amount in (0.4, 0.75)):
                continue
            seen.add(key)
            if key == "above_limit":
                found = Range(max(found.low, 0.0), max(found.high, 0.0))
            slack = 1e-9 * max(1.0, abs(line.amount))
            assert found.low - slack <= line.amount <= found.high + slack, (key, line.numbers)
            wide = found.high - found.low
            assert wide <= max(0.05 * abs(line.amount), 2e-3 * result.benchmark_total), key
    assert seen == WORKED_OUT


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
