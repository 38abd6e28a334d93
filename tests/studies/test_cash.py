"""Cash by month: every month's dollars, their sum the net of the year to the cent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.studies.advances import Investment
from mssp_sim.studies.cash import FLOWS, cash
from mssp_sim.studies.program_cost import ProgramCost, net

COSTS = st.one_of(
    st.builds(ProgramCost, per_person=st.floats(0, 500), advance=st.floats(0, 2e6),
              own_revenue=st.floats(0, 1), own_margin=st.floats(0, 1)),
    st.builds(ProgramCost, per_person=st.floats(0, 500),
              investment=st.builds(Investment, quarters=st.none() | st.integers(0, 8))),
    st.builds(ProgramCost, prepaid=st.floats(0, 800)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    cost=COSTS,
    cut=st.floats(-0.06, 0.08),
    level=st.sampled_from(["A", "E", "ENHANCED"]),
    year=st.sampled_from([2025, 2026]),
    check=st.integers(4, 24),
)
def test_the_months_add_up_to_the_net_of_the_year(cost, cut, level, year, check):
    result = simulate(Scenario(cost_reduction=cut, level=level, performance_year=year))
    found = cash(result, cost, check)
    number = year - 2024
    after = net([result] * number, cost)
    assert found.net == pytest.approx(float(after.net[-1]), abs=1e-6)
    assert float(found.by_month.sum()) == pytest.approx(found.net, abs=0.005)
    for flow in FLOWS:
        sign = 1 if flow in ("advanced", "payment") else -1
        total = float(getattr(found, flow).sum())
        assert total == pytest.approx(sign * float(getattr(after, flow)[-1]), abs=0.005)


def test_the_months_by_hand():
    # 45,000 people x $96 = $4,320,000: $360,000 a month; the check of the good year in October
    # after, $8,688,680; $500,000 in January, taken back from the check
    result = simulate(Scenario(quality_score=0.82))
    found = cash(result, ProgramCost(per_person=96, advance=500_000), 10)
    assert found.cost[:12].tolist() == pytest.approx([-360_000.0] * 12)
    assert not np.any(found.cost[12:])
    assert found.check == 22 == len(found.payment)
    assert found.payment[-1] == pytest.approx(8_688_680, abs=1)
    assert (found.advanced[0], found.recouped[-1]) == (500_000, -500_000)
    assert found.lowest == pytest.approx(500_000 - 4_320_000)
    assert found.net == pytest.approx(8_688_680 - 4_320_000, abs=1)


def test_what_is_owed_is_paid_three_months_later_and_is_not_carried_until_then():
    result = simulate(Scenario(level="ENHANCED", cost_reduction=-0.04))
    found = cash(result, ProgramCost(), 10)
    assert found.check == 25
    assert found.payment[24] == pytest.approx(float(result.payment))
    assert found.lowest == 0


def test_advance_investment_payments_come_once_and_each_quarter():
    first = Scenario(
        performance_year=2025, level="A", agreement_period=1, participant_revenue_share=0.2
    )
    found = cash(simulate(first), ProgramCost(investment=Investment(per_person=30.0)), 10)
    quarterly = 30.0 * 10_000
    assert found.advanced[:12:3].tolist() == [250_000 + quarterly, *[quarterly] * 3]
    assert float(found.advanced.sum()) == 250_000 + 4 * quarterly
