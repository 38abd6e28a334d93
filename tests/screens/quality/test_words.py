"""What a quality point is worth: golden figures, and bars that add up to the payment."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from mssp_sim import Scenario, simulate
from mssp_sim.screens.quality import words as quality
from mssp_sim.screens.quality.pictures import ladder, value_of_points
from mssp_sim.studies import quality_scores as studied_scores
from tests.app.test_pages import BASES
from tests.strategies import scenarios

SLIP = studied_scores.study(simulate(Scenario()))
ENHANCED_LOSS = studied_scores.study(simulate(Scenario(level="ENHANCED", cost_reduction=-0.04)))


def test_reaching_the_standard_from_the_slip_is_worth_2_172_170():
    assert SLIP.gain == pytest.approx(8_688_680 - 6_516_510)
    assert SLIP.best_score == pytest.approx(0.767)
    assert quality.headline(SLIP) == (
        "You are 1.7 points short of the full quality standard: reaching it is worth $2.2M, "
        "and the points above it nothing."
    )


def test_the_point_from_76_to_77_towers_over_the_others():
    values = SLIP.value_of_points
    assert quality.tower(SLIP) == 76
    # 17,732,000 x 0.98 x (0.5 - 0.5 x 0.76)
    assert values[76] == pytest.approx(17_732_000 * 0.98 * 0.12)
    # each point below: 17,732,000 x 0.98 x 0.5 x 0.01; above: nothing
    np.testing.assert_allclose(values[:76], 17_732_000 * 0.98 * 0.005)
    np.testing.assert_allclose(values[77:], 0, atol=1e-6)


def test_the_way_to_the_standard_is_told_from_below_and_the_jump_alone_from_above():
    # 17,732,000 x 0.98 x (0.5 - 0.5 x 0.767) = 2,024,462 by the jump; from 75.0%: 2,172,170
    assert (
        "From your 75.0 to 76.7 it is $2.2M: $2.0M by the jump itself, the rest by the slow"
    ) in quality.points_words(SLIP)
    above = studied_scores.study(simulate(Scenario(quality_score=0.82)))
    assert quality.points_words(above).endswith("The jump itself, at 76.7, is $2.0M.")
    assert "From your" not in quality.points_words(ENHANCED_LOSS)


def test_the_step_at_the_standard_is_11_65_points_of_share():
    assert SLIP.step(SLIP.share) == pytest.approx(0.5 - 0.5 * 0.767, abs=1e-6)


@pytest.mark.parametrize(
    ("score", "owed"),
    [(0.40, 16_016_000), (0.60, 12_584_000), (0.75, 10_010_000), (0.80, 9_152_000)],
)
def test_enhanced_owes_less_the_better_the_quality(score, owed):
    assert ENHANCED_LOSS.at(ENHANCED_LOSS.payment, score) == pytest.approx(-owed)


def test_the_loss_rate_of_enhanced_falls_from_75_to_40_percent():
    assert ENHANCED_LOSS.loss_rate.max() == pytest.approx(0.75)
    assert ENHANCED_LOSS.loss_rate.min() == pytest.approx(0.40)
    assert quality.ladder_at_stake(ENHANCED_LOSS.result) == "loss"


def test_on_e_no_point_of_quality_moves_a_loss():
    study = studied_scores.study(simulate(Scenario(cost_reduction=-0.04)))
    assert not study.moves
    assert quality.headline(study) == (
        "Contract E charges 30.0% of a loss whatever the quality: no quality score moves money."
    )


@pytest.mark.parametrize(
    ("score", "partial", "band"),
    [(0.75, True, 2), (0.59, True, 1), (0.75, False, 0), (0.767, True, 3), (0.80, True, 4)],
)
def test_bands_are_those_of_the_reading_aid(score, partial, band):
    study = studied_scores.study(
        simulate(Scenario(quality_score=score, alternative_standard_met=partial))
    )
    assert quality.four_tiles(study, study.result)[3].shown == f"{band} of 4"


def test_84_in_2026_is_two_bands_up():
    result = simulate(Scenario(performance_year=2026, quality_score=0.84))
    assert quality.four_tiles(studied_scores.study(result), result)[3].shown == "4 of 4"


@settings(max_examples=12)
@given(scenarios())
def test_the_points_add_up_to_what_lies_between_0_and_100(scenario):
    study = studied_scores.study(simulate(scenario))
    ends = simulate(replace(scenario, quality_score=np.array([0.0, 1.0]))).payment
    size = 1e-9 * abs(study.result.benchmark_total) + 0.01
    assert study.value_of_points.sum() == pytest.approx(ends[1] - ends[0], abs=size)
    assert np.all(study.value_of_points >= -size)


@settings(max_examples=12)
@given(scenarios())
def test_every_scenario_has_its_sentences_and_pictures(scenario):
    study = studied_scores.study(simulate(scenario))
    told = [
        quality.headline(study), quality.share_title(study), quality.loss_title(study),
        quality.points_title(study), quality.points_words(study),
        quality.ladder_words(study, "share"), quality.ladder_words(study, "loss"),
        *(tile.shown for tile in quality.four_tiles(study, study.result)),
    ]  # fmt: skip
    assert all(told)
    assert not re.search(r"\b(nan|inf|None)\b|-\$|−\$0\.0M", " ".join(told)), told
    assert quality.headline(study).endswith(".")


@pytest.mark.long
@pytest.mark.parametrize("base", BASES)
def test_every_contract_and_year_draws_its_ladder(base):
    study = studied_scores.study(simulate(Scenario(**BASES[base])))
    for which in ("share", "loss"):
        picture = ladder(study, study.result, which, "light", "words")
        assert len(picture.table()) == 101
    assert len(value_of_points(study, "dark", "words").table()) == 100


def test_the_years_come_from_the_parameter_files_and_are_tried_on_this_result():
    rows = {row.years: row for row in studied_scores.standards(simulate(Scenario()))}
    assert rows["2025"].payment == pytest.approx(6_516_510)
    assert rows["2026"].payment == pytest.approx(8_688_680)  # 75.0 meets 73.85
    assert rows["2024"].payment == pytest.approx(6_516_510)  # and misses 77.05
    assert next(iter(rows)) == "2021"  # until 2020 no score was asked
    title = quality.standards_title(tuple(rows.values()), 0.75)
    assert title == "The line moves each year: 75.0 misses it in 2024 and 2025"
