"""The spreads of real ACOs that ship are those of the results inside, to their newest year."""

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.cms_files import peers
from mssp_sim.cms_files.published import results

LEAST = 10
"""ACOs of a contract from which on its spread is shown."""

NEWEST = 2024


@pytest.fixture(scope="module")
def inside():
    return results(("performance_year", "level", "first_year", *peers.MEASURES))


def test_a_year_after_the_newest_is_answered_with_the_newest_inside_and_says_which(inside):
    assert int(inside["performance_year"].max()) == NEWEST
    assert peers.savings_rate_by_contract(NEWEST + 1)[0] == NEWEST
    for measure in peers.MEASURES:
        assert peers.peers(measure, NEWEST + 1).year == NEWEST


def test_a_settlement_has_a_value_of_every_measure():
    result = simulate(Scenario(quality_score=0.82))
    held = peers.standing(result)
    assert set(held) == set(peers.MEASURES)
    assert held == {
        "savings_rate": pytest.approx(0.031), "quality_score": 0.82,
        "assigned_beneficiaries": 45_000, "benchmark": pytest.approx(13_000),
    }  # fmt: skip


@pytest.mark.parametrize("measure", peers.MEASURES)
def test_every_year_that_ships_is_the_spread_of_the_results_inside(inside, measure):
    digits = {"assigned_beneficiaries": 0, "benchmark": 0}.get(measure, 4)
    for year in peers.years(measure):
        spread = peers.peers(measure, year)
        rows = inside[inside["performance_year"] == year]
        if measure == "quality_score":  # a first year's score of 100 is for reporting
            rows = rows[rows["first_year"].ne(other=True)]
        wanted = np.percentile(rows[measure].dropna(), spread.percentiles)
        assert spread.values == pytest.approx(wanted, abs=0.51 * 10**-digits), year


def test_the_spread_by_contract_is_known_for_every_year_and_is_that_of_the_results_inside(inside):
    for year, rows in inside.groupby("performance_year"):
        known, spread = peers.savings_rate_by_contract(int(year))
        assert known == year
        groups = {str(level): group for level, group in rows.groupby("level")}
        assert set(spread) == {level for level, group in groups.items() if len(group) >= LEAST}
        for level, (acos, *quartiles) in spread.items():
            rates = groups[level]["savings_rate"]
            assert acos == len(rates)
            assert quartiles == pytest.approx(np.percentile(rates, [25, 50, 75]), abs=6e-5)
