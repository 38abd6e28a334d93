"""The trade-off map: a place inside a band is paid an amount of that band, by the engine."""

import datetime as dt
import io
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario
from mssp_sim.charts.tradeoff import bands
from mssp_sim.charts.tradeoff import tradeoff as drawn
from mssp_sim.simulation import payoff
from mssp_sim.studies.tradeoff import tradeoff
from tests.strategies import scenarios

SLIP = Scenario()
parts = st.floats(0, 1)

MOST_SCORES = 101 + 3
"""Whole points from 0 to 100, the scenario's own score, the standard from under it and on it."""

MOST_BANDS = 5 + 6 + 2
"""A step is a sixth of the larger end or more: five bands fit under the one, six from the other
on, and each side begins with the band from zero."""


def paid(scenario, rate, score):
    return float(payoff(replace(scenario, quality_score=score), rate).payment)


def between(found, rate, score):
    """Return the least and the most that the band at a place promises; None beside an edge."""
    least, most = {"earned": 0.0, "owed": 0.0}, {"earned": np.inf, "owed": np.inf}
    wide = np.diff(found.savings_rate).max()
    for band in bands(found):
        edge = np.interp(score, found.quality_score, np.nan_to_num(band.edge, nan=np.inf))
        if np.isnan(edge) or abs(edge - rate) <= wide:
            return None
        inside = rate > edge if band.side == "earned" else rate < edge
        if inside and np.isfinite(edge):
            least[band.side] = band.dollars
        else:
            most[band.side] = min(most[band.side], band.dollars)
    return least, most


def datasets(found, **options):
    picture = drawn(found, None, "light", "", **options)
    return {
        name: pa.ipc.open_stream(io.BytesIO(sent)).read_all().to_pylist()
        for name, sent in picture.datasets.items()
    }


@settings(max_examples=25)
@given(scenarios(), parts, parts)
def test_any_place_in_a_band_is_paid_an_amount_of_that_band(scenario, across, up):
    found = tradeoff(scenario)
    low, high = found.savings_rate[[0, -1]]
    row = round(up * (len(found.quality_score) - 1))
    rate, score = low + across * (high - low), float(found.quality_score[row])
    promised = between(found, rate, score)
    if promised is None:
        return
    least, most = promised
    payment = paid(scenario, rate, score)
    assert least["earned"] - 2 <= max(payment, 0) <= most["earned"] + 2
    assert least["owed"] - 2 <= max(-payment, 0) <= most["owed"] + 2


@pytest.mark.parametrize("level", ["A", "C", "E", "ENHANCED"])
def test_ten_thousand_places_of_a_contract_lie_in_the_band_the_engine_pays(level):
    scenario = Scenario(level=level)
    found = tradeoff(scenario)
    random = np.random.default_rng(7)
    rates = random.uniform(-0.06, 0.08, 10_000)
    scores = random.uniform(0.4, 1.0, 10_000)
    payment = np.asarray(payoff(replace(scenario, quality_score=scores), rates).payment)
    steps = {"earned": np.zeros(10_000), "owed": np.zeros(10_000)}
    away = np.full(10_000, np.inf)
    for band in bands(found):
        end = 1.0 if band.side == "earned" else -1.0
        edge = np.interp(scores, found.quality_score, np.where(np.isnan(band.edge), end, band.edge))
        inside = rates > edge if band.side == "earned" else rates < edge
        steps[band.side] = np.where(inside, band.nth + 1, steps[band.side])
        away = np.minimum(away, np.abs(rates - edge))
    beside = (away < 2e-4) | (np.abs(scores - found.standard) < 1e-5)
    # A contour that leaves the map between two scores is drawn to the corner.
    corner = np.isclose(rates, 0.08, atol=2e-3) | np.isclose(rates, -0.06, atol=2e-3)
    sure = ~(beside | corner)
    size = found.bands[found.bands > 0][0]
    for side, sign in (("earned", 1), ("owed", -1)):
        counted = np.where(sign * payment > 0, np.floor(sign * payment / size) + 1, 0)
        assert np.array_equal(counted[sure], steps[side][sure]), side
    assert sure.mean() > 0.9


def test_the_cliffs_are_upright_and_level():
    found = tradeoff(SLIP)
    first = next(band for band in bands(found) if band.side == "earned")
    assert np.allclose(first.edge, 0.02, atol=1e-6)
    owed = next(band for band in bands(found) if band.side == "owed")
    assert np.allclose(owed.edge, -0.02, atol=2e-6)
    rows = [row for row in datasets(found)["areas"] if row["band"] == "earned2"]
    jump = [row["x"] for row in rows if abs(row["y"] - 76.7) < 1e-3]
    # 8,000,000 / (572,000,000 x 37.5% / 75 x 76.7 x 98%) = 3.722%; / (x 50%) = 2.854%
    assert jump == pytest.approx([3.722, 2.854], abs=1e-3)


def test_half_the_share_begins_with_the_first_dollar_saved():
    found = tradeoff(Scenario(level="B", participant_revenue_share=0.3))
    first = next(band for band in bands(found) if band.side == "earned")
    assert np.allclose(first.edge, 0.0, atol=1e-5)


@example(
    Scenario(
        level="2",
        agreement_start=dt.date(2016, 1, 1),
        performance_year=2018,
        quality_score=0.0,
        assigned_beneficiaries=4_999.0,
        cost_per_person=8_000.0,
        cost_reduction=-0.07,
        minimum_election=0.0,
    )
)  # 12 bands of 102 scores, 1,224 marks: chance found it
@settings(max_examples=8)
@given(scenarios())
def test_every_scenario_can_be_drawn_and_clicked_everywhere(scenario):
    found = tradeoff(scenario)
    sent = datasets(found, turn=3)
    low, high = found.savings_rate[0] * 100, found.savings_rate[-1] * 100
    for rows in sent.values():
        for row in rows:
            numbers = [v for v in row.values() if isinstance(v, float)]
            assert all(np.isfinite(numbers)), row
    spots = sent["spots"]
    assert {row["turn"] for row in spots} == {3}
    assert min(row["x0"] for row in spots) == pytest.approx(low, abs=1e-3)
    assert max(row["x1"] for row in spots) == pytest.approx(high, abs=1e-3)
    assert [row["look"] for row in sent["marks"] if row["role"] == "dot"] == ["now"]
    scores = (found.quality_score * 100).tolist()
    assert len(scores) <= MOST_SCORES
    assert len(bands(found)) <= MOST_BANDS
    areas = {}
    for row in sent["areas"]:
        areas.setdefault(row["band"], []).append(row["y"])
    assert bool(areas) == bool(np.abs(found.payment).max() > 1)  # under a dollar nothing begins
    for look, heights in areas.items():
        alike = sum(band.look == look for band in bands(found))
        drawn, rest = divmod(len(heights), len(scores))
        assert rest == 0
        assert 1 <= drawn <= alike
        assert heights == scores * drawn


def test_a_spot_says_what_the_engine_pays_there():
    spots = {
        (round(s["x"], 3), round(s["y"], 3)): s["paid"] for s in datasets(tradeoff(SLIP))["spots"]
    }
    assert len(spots) == 29 * 31
    for (x, y), millions in list(spots.items())[::97]:
        assert millions == pytest.approx(paid(SLIP, x / 100, y / 100) / 1e6, abs=1e-4)


def test_the_table_holds_the_scenario_to_the_cent_of_the_screen():
    rows = drawn(tradeoff(SLIP), None, "light", "").table()
    mine = next(row for row in rows if row["Quality score"] == "75.0")
    assert mine["Saved 3.1%"] == "$6.5M"
    assert mine["Overspent 4.0%"] == "−$6.9M"
    assert rows[0]["Quality score"] == "100.0"
    assert "76.7" in [row["Quality score"] for row in rows]
