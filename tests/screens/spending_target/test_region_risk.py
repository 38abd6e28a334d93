"""The region's risk growth against its cap: by hand, in words, in How? and in the picture."""

import datetime as dt
import io

import numpy as np
import pyarrow as pa
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.figures import change, percent, plain
from mssp_sim.screens.spending_target import figures, lines_picture, region_words, words
from mssp_sim.studies.target_split import by_region_risk, region_risk, split
from tests.screens.spending_target.test_page import opened, said

BEFORE_2024 = {"agreement_start": dt.date(2023, 1, 1), "performance_year": 2025}
RATES = np.linspace(-0.06, 0.08, 29)
SCENARIOS = {
    "over": {"regional_risk_growth": 0.08},
    "over in the second year": {"regional_risk_growth": 0.05, "performance_year": 2026,
                                "regional_demographic_growth": 0.01, "market_share": 0.4},
    "under": {"regional_risk_growth": 0.02},
    "falling": {"regional_risk_growth": -0.04},
    "unchanged": {},
    "whole region": {"regional_risk_growth": 0.08, "market_share": 1.0},
    "younger": {"regional_demographic_growth": -0.05},
}  # fmt: skip
of_each = pytest.mark.parametrize("name", SCENARIOS)


def settled(name):
    result = simulate(Scenario(**SCENARIOS[name]))
    found = region_risk(result)
    return result, found, split(result)


def picture(result, found):
    swept = by_region_risk(result, RATES)
    here = (found.growth, (1 + found.growth) / found.factor - 1)
    caps = (found.own_cap, found.cap)
    return lines_picture.region_risk(swept.growth, swept.counted, here, caps, "light", "")


def rows(drawn, dataset="marks", **wanted):
    table = pa.ipc.open_stream(io.BytesIO(drawn.datasets[dataset])).read_all().to_pylist()
    return [row for row in table if all(row[key] == value for key, value in wanted.items())]


def test_what_the_cap_gives_back_by_hand():
    # Growth 8%; the cap is 3% and 10% of the 5% past it: 3.5%; 1.08 / 1.035 = 1.043478. The
    # regional part of the blend is 2/3 x .9 of 12,369.17 (13,000 / 1.051): it grows by 1.050 x
    # .043478 more, so 12,369.17 x .6 x 1.050 x .043478 = 338.81 a person.
    _, found, _ = settled("over")
    assert (found.growth, found.own_cap, found.cap) == pytest.approx((0.08, 0.03, 0.035))
    assert found.factor == pytest.approx(1.0434783, abs=1e-7)
    assert found.given_back == pytest.approx(338.81, abs=0.01)


def test_growth_demographics_and_the_share_compound_over_the_years_by_hand():
    # 1.05^2 = 1.1025; 1.01^2 + .03 = 1.0501; the share of 40% lifts it by .4 x .0524 = .02096
    # to 1.07106; 1.1025 / 1.07106 = 1.029354.
    _, found, _ = settled("over in the second year")
    assert found.growth == pytest.approx(0.1025)
    assert (found.own_cap, found.cap) == pytest.approx((0.0501, 0.07106))
    assert found.factor == pytest.approx(1.029354, abs=1e-6)
    assert found.given_back > 0


@of_each
def test_past_the_cap_it_is_given_back_and_else_nothing(name):
    _, found, _ = settled(name)
    over = name in ("over", "over in the second year", "younger")
    assert (found.factor > 1 + 1e-9) == over
    assert (found.given_back > 1e-6) == over
    assert found.cap >= found.own_cap
    if over:
        assert found.factor == pytest.approx((1 + found.growth) / (1 + found.cap))


def test_agreements_before_2024_have_no_cap_and_say_so():
    result = simulate(Scenario(regional_risk_growth=0.08, **BEFORE_2024))
    assert region_risk(result) is None
    assert figures.of_the_region(result, None) == ()
    assert region_words.title(None) == "Your region's risk growth has no cap"
    app = opened(regional_risk_growth=0.08, **BEFORE_2024)
    assert region_words.NO_CAP in said(app)
    assert len(app.get("vega_lite_chart")) == len(opened().get("vega_lite_chart")) - 1


@of_each
def test_the_words_say_growth_cap_and_what_is_given_back(name):
    result, found, parts = settled(name)
    title = region_words.title(found)
    text = region_words.description(found, parts, result.scenario)
    assert f"is {percent(found.cap)}" in text
    share = percent(float(result.scenario.market_share), 0)
    assert (f"lifted by your {share} share" in text) == (found.cap - found.own_cap > 1e-9)
    assert ("demographic" in text) == bool(result.scenario.regional_demographic_growth)
    over = found.factor > 1 + 1e-9
    per_person, in_all = words.signed(found.given_back), found.given_back * parts.person_years
    assert (f"{per_person} per person, {change(in_all)} in all." in text) == over
    assert ("Nothing is given back." in text) == (not over)
    if over:
        assert f"{percent(found.growth)} risk growth {percent(found.cap)} is divided out" in title
    assert ("falling" in title) == (name == "falling")
    assert ("stays under its cap" in title) == (name in ("under", "whole region"))
    assert ("unchanged" in title) == (name == "unchanged")


@of_each
def test_how_ends_on_what_is_given_back(name):
    result, found, _ = settled(name)
    factor, back = figures.of_the_region(result, found)
    assert factor.how()[-1].key == "regional_risk_factor"
    steps = back.how()
    assert [step.key for step in steps][-2:] == ["regional_risk_factor", ""]
    assert steps[-1].value == back.shown == words.signed(found.given_back)
    assert steps[-1].amount == back.amount == found.given_back
    assert factor.shown == plain(factor.how()[-1].amount, 4)


@of_each
def test_the_picture_draws_growth_cap_and_the_part_that_is_given_back(name):
    result, found, _ = settled(name)
    drawn = picture(result, found)
    solid = rows(drawn, "line", look="solid")
    for row in solid:
        growth = row["x"] / 100
        cap = found.own_cap + float(result.scenario.market_share) * max(growth - found.own_cap, 0)
        assert row["y"] == pytest.approx(min(growth, cap) * 100, abs=1e-4)
    assert all(row["x"] == row["y"] for row in rows(drawn, "line", look="dashed"))
    (dot,) = rows(drawn, role="dot")
    assert dot["x"] == pytest.approx(found.growth * 100, abs=1e-4)
    assert dot["y"] == pytest.approx(min(found.growth, found.cap) * 100, abs=1e-4)
    texts = [row["text"] for row in rows(drawn, role="text")]
    assert f"cap {percent(found.cap)}" in texts
    lifted = found.cap - found.own_cap > 5e-4
    assert (f"from {percent(found.own_cap)}" in texts) == lifted
    for stripe in rows(drawn, role="stripe"):
        assert stripe["y2"] == pytest.approx(stripe["x"], abs=1e-4)
        assert stripe["y"] <= stripe["y2"] + 1e-4
        assert stripe["x"] >= found.own_cap * 100 - 1e-4


def test_the_picture_moves_with_the_levers_and_keeps_its_specification():
    drawn = [picture(*settled(name)[:2]) for name in SCENARIOS]
    assert all(one.spec == drawn[0].spec for one in drawn)
    assert len({one.datasets["marks"] for one in drawn}) == len(drawn)
    before = said(opened(regional_risk_growth=0.08))
    assert "Of your region's 8.0% risk growth 3.5% is divided out" in before
    assert "+$339 per person" in before
    after = said(opened(regional_risk_growth=0.08, market_share=0.5))
    assert "Of your region's 8.0% risk growth 5.5% is divided out" in after
