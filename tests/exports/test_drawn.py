"""Pictures as they leave the app, looked at pixel by pixel: never empty, crushed or cut off."""

import datetime as dt
import io

import numpy as np
import pypdf
import pytest
from PIL import Image, ImageColor

from mssp_sim import Scenario, charts, simulate
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import brief
from mssp_sim.exports.slide import CURVE
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.scenario import FIRST_LEVELS, agreement_starts, performance_years
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.bridge import bridge_title
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles

DEFAULT = simulate(Scenario(quality_score=0.82))
PEOPLE = (1_000, 2_500, 5_000, 8_000, 12_000, 45_000, 150_000)
CUTS = (0.031, -0.04, 0.019, 0.24, 0.0, -0.2, 0.09)
SCREEN = 530
"""Pixels of the picture on a screen of 1366."""


def painted(image, colour):
    """Return where an image has a colour."""
    wanted = np.array(ImageColor.getrgb(colour))
    return np.all(np.abs(image.astype(int) - wanted) <= 2, axis=2)


def looked_at(image):
    """Say what is wrong with a payoff curve, by its pixels; nothing if it is whole."""
    ink = INK["light"]
    high, wide, _ = image.shape
    lines = np.flatnonzero(painted(image, ink.grid).sum(axis=1) > wide * 0.1)
    faults = []
    if not len(lines) or np.ptp(lines) < high * 0.5:
        faults.append("its lines of dollars do not reach over the picture")
    limbs = np.any([painted(image, c) for c in (ink.earned, ink.owed, ink.quiet, ink.medicare)], 0)
    columns = np.flatnonzero(limbs.any(axis=0))
    if not len(columns) or np.ptp(columns) < wide * 0.6:
        faults.append("its curve does not reach over the picture")
    if np.mean(np.any(image < 250, axis=2)) < 0.01:
        faults.append("it is empty")
    if image[:, :2].min() < 255 or image[:, -2:].min() < 255:
        faults.append("something is cut off at its side")
    return faults


def drawn(result, baseline, width=CURVE, *, limits=False):
    picture = charts.payoff(curve(result, baseline, limits=limits), "light", "")
    image = pictures.png(picture, width, scale=1)
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))


def test_an_empty_and_a_crushed_picture_are_seen():
    whole = drawn(DEFAULT, DEFAULT)
    assert looked_at(whole) == []
    assert len(looked_at(np.full_like(whole, 255))) == 3
    crushed = np.full_like(whole, 255)
    third = whole[::3]
    crushed[-len(third) :] = third
    assert looked_at(crushed)


@pytest.mark.parametrize("people", PEOPLE)
def test_a_curve_of_any_size_is_whole_against_the_baseline_of_the_app(people):
    result = simulate(Scenario(assigned_beneficiaries=people))
    assert looked_at(drawn(result, DEFAULT, SCREEN)) == []


def contracts_of_every_year():
    """Return each contract in each performance year, with the last start that has it."""
    return {
        (year, level): start
        for start in agreement_starts()
        for year in performance_years(start)
        for level in (LEVELS if start >= FIRST_LEVELS else TRACKS)
    }


@pytest.mark.long
def test_every_contract_in_every_year_is_whole_whatever_its_size_and_its_baseline():
    seen = set()
    for number, ((year, level), start) in enumerate(contracts_of_every_year().items()):
        fields = {
            "agreement_start": start, "performance_year": year, "level": level,
            "assigned_beneficiaries": PEOPLE[number % len(PEOPLE)],
            "cost_reduction": CUTS[number // 3 % len(CUTS)],
            "quality_score": (0.75, 0.3, 1.0)[number % 3],
        }  # fmt: skip
        result = simulate(Scenario(**fields))
        pinned = simulate(Scenario(**fields | {"cost_reduction": 0.04, "quality_score": 0.9}))
        large = simulate(Scenario(assigned_beneficiaries=1_900_000, cost_reduction=-0.05))
        baseline = (DEFAULT, pinned, large, result)[number % 4]
        image = drawn(result, baseline, (SCREEN, CURVE)[number % 2], limits=number % 5 == 0)
        assert looked_at(image) == [], (fields, number % 4)
        seen.add(str(result.state))
    assert len(seen) >= 6


@pytest.mark.parametrize(("people", "side"), [(5_000, "above"), (45_000, "")])
def test_a_baseline_beyond_the_scale_stands_at_the_edge_with_its_value(people, side):
    result = simulate(Scenario(assigned_beneficiaries=people))
    text = pictures.svg(charts.payoff(curve(result, DEFAULT), "light", ""), CURVE).decode()
    assert "baseline $8.7M" in text
    assert ("this scale" in text) == bool(side)


def test_a_loss_beyond_the_scale_stands_below():
    losing = simulate(Scenario(assigned_beneficiaries=150_000, cost_reduction=-0.045))
    small = simulate(Scenario(assigned_beneficiaries=6_000))
    text = pictures.svg(charts.payoff(curve(small, losing), "light", ""), CURVE).decode()
    assert "below this scale" in text


SIXTY = [
    Scenario(
        assigned_beneficiaries=1_000 * round((1 + at) ** 1.2224),
        cost_reduction=CUTS[at % len(CUTS)],
        quality_score=(0.75, 0.82, 0.4)[at % 3],
        level=LEVELS[at % len(LEVELS)],
    )
    for at in range(60)
]


@pytest.mark.long
def test_the_brief_read_back_says_what_the_screen_says_from_1000_to_150000_people(monkeypatch):
    image = pictures.png(charts.payoff(curve(DEFAULT, DEFAULT), "light", ""), CURVE, scale=1)
    monkeypatch.setattr(pictures, "png", lambda *_given, **_more: image)  # its text is read here
    assert [SIXTY[at].assigned_beneficiaries for at in (0, 59)] == [1_000, 149_000]
    for scenario in SIXTY:
        result = simulate(scenario)
        (page,) = pypdf.PdfReader(
            io.BytesIO(brief(result, DEFAULT, day=dt.date(2026, 1, 15)))
        ).pages
        text = " ".join(page.extract_text().split())
        wanted = [outcome(result), curve_title(result), curve_description(result)]
        wanted += [bridge_title(result)]
        wanted += [word for t in four_tiles(result, DEFAULT) for word in (t.label, t.shown, t.note)]
        for words in wanted:
            assert words in text, (scenario.assigned_beneficiaries, words)


@pytest.mark.parametrize(("quality", "at"), [(0.75, "27.2%"), (0.82, "20.4%")])
def test_a_limit_beyond_the_scale_is_named_where_the_own_line_reaches_it(quality, at):
    # 10% of the target at 37.5% less sequestration: 10 / 0.3675; at 50%: 10 / 0.49
    result = simulate(Scenario(quality_score=quality))
    text = pictures.svg(charts.payoff(curve(result, DEFAULT), "light", ""), CURVE).decode()
    assert f"limit $57.2M at {at}" in text
