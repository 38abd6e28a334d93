"""A real ACO as a scenario settles to what CMS published for it."""

import numpy as np
import pytest

from mssp_sim import simulate
from mssp_sim.cms_files import NotLoadableError, load, read, reproduce
from mssp_sim.cms_files.loading import _needed
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import settled_person_years
from mssp_sim.units import TYPES as LABELS
from tests.cms_files import synthetic
from tests.cms_files.published import results_file

YEARS = (2016, 2017, 2018, 2019, 2020, 2021)
"""The files that carry the benchmark years."""


@pytest.mark.cms_files
@pytest.mark.parametrize("year", YEARS)
def test_every_explained_row_loads_and_settles_to_the_published_figure(year):
    frame = read(results_file(year))
    rows = reproduce(frame)
    loaded = 0
    for number in range(len(frame)):
        row = frame.iloc[number]
        try:
            found = load(row)
        except NotLoadableError:
            assert row[_needed()].isna().any() or (row[_needed()] <= 0).any(), row["aco_id"]
            continue
        loaded += 1
        if rows["within"].iloc[number]:
            paid = float(simulate(found.scenario).payment)
            near = max(1.5, 1e-4 * abs(found.published))
            assert paid == pytest.approx(found.published, abs=near), row["aco_id"]
    assert loaded >= 0.99 * len(frame)


@pytest.mark.cms_files
def test_what_no_file_tells_stays_at_the_defaults():
    found = load(read(results_file(2021)).iloc[0])
    plain = Scenario()
    for name in found.assumed:
        if name != "participant_revenue_share":
            assert str(getattr(found.scenario, name)) == str(getattr(plain, name)), name
    assert found.scenario.cost_reduction == pytest.approx(0, abs=1e-12)
    assert found.scenario.benchmark_calibration != 1


@pytest.mark.cms_files
def test_a_row_without_its_history_says_what_is_missing():
    row = read(results_file(2021)).iloc[0].copy()
    row["expenditure_esrd_by1"] = float("nan")
    with pytest.raises(NotLoadableError, match="lacks expenditure_esrd_by1"):
        load(row)


TYPES = ("esrd", "disabled", "aged_dual", "aged_nondual")
WHEN = ("by1", "by2", "by3")


def invented(year):
    frame = read(synthetic.written(year))
    return [frame.iloc[at] for at in range(0, len(frame), 4)]


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_each_field_of_a_loaded_scenario_is_the_column_of_its_name(year):
    assert len(LABELS) == len(TYPES)
    for row in invented(year):
        found = load(row)
        s = found.scenario
        for name in ("expenditure", "risk_score"):
            columns = [[row[f"{name}_{kind}_{when}"] for kind in TYPES] for when in WHEN]
            assert np.asarray(getattr(s, name)) == pytest.approx(np.array(columns, float)), name
        now = [row[f"risk_score_{kind}_py"] for kind in TYPES]
        assert np.asarray(s.risk_score_performance_year) == pytest.approx(np.array(now, float))
        mixes = {"person_year_share_by3": "by3", "person_year_share": "py"}
        for name, when in mixes.items():
            counts = np.array([row[f"person_years_{kind}_{when}"] for kind in TYPES], float)
            assert np.asarray(getattr(s, name)) == pytest.approx(counts / counts.sum()), name
        assert not np.allclose(s.person_year_share_by3, s.person_year_share, rtol=1e-4)
        for name in ("level", "assigned_beneficiaries", "performance_year"):
            assert getattr(s, name) == row[name], name
        assert s.quality_score == pytest.approx(row["quality_score"])
        for name in ("quality_standard_met", "alternative_standard_met"):
            assert getattr(s, name) == bool(row[name]), name
        people = float(settled_person_years(s))
        assert people == pytest.approx(float(row["person_years"]))
        assert (found.name, found.published) == (row["aco_name"], float(row["payment"]))
        # The guardrail of a result of CMS's own is settled by CMS, not by a trend assumed here.
        if not row["guardrail"]:
            result = simulate(s)
            totals = ("benchmark_total", "expenditure_total")
            for name in totals:
                assert getattr(result, name) == pytest.approx(float(row[name]), rel=1e-9), name
