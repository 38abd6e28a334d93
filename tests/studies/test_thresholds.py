"""What stands on a lever's reach follows the year and the agreement."""

import datetime as dt
from math import sqrt

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.studies.thresholds import thresholds

JULY_2019, JANUARY_2024 = dt.date(2019, 7, 1), dt.date(2024, 1, 1)


def found(lever, **fields):
    return [each.at for each in thresholds(simulate(Scenario(**fields)), lever)]


def test_the_quality_standard_is_the_one_of_the_year_or_the_one_given():
    assert found("quality_score") == [0.767]
    assert found("quality_score", performance_year=2024, agreement_start=JANUARY_2024) == [0.7705]
    assert found("quality_score", quality_performance_standard=0.5) == [0.5]


def test_growing_risk_a_year_comes_to_its_cap_sooner_in_a_later_year():
    assert found("risk_growth") == pytest.approx([0.03], abs=1e-4)
    second = found("risk_growth", performance_year=2026)
    assert second == pytest.approx([sqrt(1.03) - 1], abs=1e-4)
    with_age = found("risk_growth", demographic_growth=0.01)
    assert with_age == pytest.approx([0.04], abs=1e-4)


def test_a_dearer_region_comes_to_the_cap_and_a_cheaper_one_only_before_2024():
    (above,) = found("regional_level")
    s = Scenario()
    history = simulate(s).target.historical_benchmark
    nation = np.asarray(s.national_expenditure)[2]
    assert above == pytest.approx((0.05 * nation / (0.5 * history)).min(), abs=2e-4)
    assert [at < 0 for at in found(
        "regional_level", performance_year=2024, agreement_start=JULY_2019
    )] == [True, False]  # fmt: skip
    assert found("market_share") == []
