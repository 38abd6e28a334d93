"""Forecast against final: the causes sum to the difference to the cent, in whatever order."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario
from mssp_sim.simulation import settle
from mssp_sim.studies import forecast_causes
from mssp_sim.studies.forecast_causes import CAUSES, YearEnd, causes

LEVELS = st.sampled_from(["A", "E", "ENHANCED"])


def of_types(low, high):
    return st.lists(st.floats(low, high), min_size=4, max_size=4).map(np.array)


MIXES = of_types(0.05, 1.0).map(lambda parts: parts / parts.sum())
ENDS = st.builds(
    YearEnd,
    target=of_types(11_000, 15_000), spending=of_types(10_500, 15_500), risk=of_types(0.95, 1.03),
    mix=MIXES, quality=st.floats(0.3, 1.0), people=st.floats(3_000, 80_000),
    person_years=st.floats(3_000, 80_000), two_way=st.floats(0.97, 1.03),
)  # fmt: skip


def paid(scenario, end):
    """Return the payment of one end of the year, settled alone."""
    total = float(np.sum(end.target * end.risk * end.mix)) * end.person_years
    settled = replace(scenario, assigned_beneficiaries=end.people, quality_score=end.quality)
    return settle(
        settled, scenario.rules, benchmark_total=total,
        expenditure_total=float(np.sum(end.spending * end.mix)) * end.person_years,
        two_way_total=total * end.two_way,
    ).payment  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(before=ENDS, after=ENDS, level=LEVELS, order=st.permutations(CAUSES))
def test_the_causes_sum_to_forecast_less_final_whatever_the_order_of_names(
    before, after, level, order
):
    scenario = Scenario(level=level)
    found = causes(scenario, before, after)
    assert sum(found.moved.values()) == found.final - found.forecast
    assert float(found.forecast) == pytest.approx(float(paid(scenario, before)), abs=0.006)
    assert float(found.final) == pytest.approx(float(paid(scenario, after)), abs=0.006)
    usual = forecast_causes.CAUSES
    try:
        forecast_causes.CAUSES = tuple(order)
        again = causes(scenario, before, after)
    finally:
        forecast_causes.CAUSES = usual
    assert set(again.moved) == set(found.moved)
    for name, dollars in found.moved.items():
        assert abs(again.moved[name] - dollars) <= Decimal("0.02")


@pytest.mark.parametrize(("cause", "fields"), [
    ("target", {"target": 13_300.0}), ("own spending", {"spending": 12_300.0}),
    ("risk", {"risk": 1.02}), ("quality", {"quality": 0.75}),
    ("people", {"person_years": 40_000.0}),
])  # fmt: skip
def test_what_alone_differs_is_the_whole_difference(cause, fields):
    usual = {"target": 13_000.0, "spending": 12_600.0, "risk": 1.0, "mix": 1.0, "quality": 0.82,
             "people": 45_000.0, "person_years": 44_000.0}  # fmt: skip
    found = causes(Scenario(), YearEnd(**usual), YearEnd(**usual | fields))
    assert found.moved[cause] == found.final - found.forecast != 0
    assert not [name for name, dollars in found.moved.items() if dollars and name != cause]


def test_mix_moves_target_and_spending_together():
    rich, poor = np.array([90_000.0, 12_000.0]), np.array([88_000.0, 11_000.0])
    ends = [
        YearEnd(target=rich, spending=poor, risk=1.0, mix=np.array(mix), quality=0.82,
                people=45_000.0, person_years=44_000.0)
        for mix in ([0.004, 0.996], [0.006, 0.994])
    ]  # fmt: skip
    found = causes(Scenario(), *ends)
    # saved a person: 2,000 x 0.004 + 1,000 x 0.996 = 1,004, then 1,006: 2 x 44,000 x 0.49
    assert found.moved["mix"] == Decimal("43120.00")


def test_what_no_quarterly_report_tells_is_a_cause_with_a_name():
    usual = YearEnd(target=13_000.0, spending=12_600.0, risk=1.0, mix=1.0, quality=0.82,
                    people=45_000.0, person_years=44_000.0)  # fmt: skip
    before, after = Scenario(level="A"), Scenario(level="ENHANCED")
    found = causes(after, usual, usual, before)
    assert float(found.forecast) == pytest.approx(float(paid(before, usual)), abs=0.006)
    assert float(found.final) == pytest.approx(float(paid(after, usual)), abs=0.006)
    assert found.moved["contract"] == found.final - found.forecast != 0
