"""A real ACO as a scenario settles to what CMS published for it."""

import pytest

from mssp_sim import simulate
from mssp_sim.cms_files import NotLoadableError, load, read, reproduce
from mssp_sim.cms_files.loading import _needed
from mssp_sim.scenario import Scenario
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
