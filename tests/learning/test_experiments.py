"""The experiments give the figures worked out by hand."""

import pytest

from mssp_sim.learning import States, myths
from mssp_sim.learning.beliefs import only_above_the_minimum

STATES = States()
# Millions of dollars paid (owed is negative); each worked out in tests/golden/one_lever.toml.
PAID = {
    "under-the-minimum": {"at_minimum": "5.606", "under_minimum": "0.000"},
    "only-above": {"under_minimum": "0.000", "good": "8.689"},
    "quality-scales": {"good": "8.689", "perfect": "8.689", "slip": "6.517"},
    "small-slip": {"at_standard": "8.689", "under_standard": "6.663"},
    "market-share": {
        "dear_small": "10.555", "dear_large": "7.889", "slow_small": "0.000", "slow_large": "6.289",
    },
    "better-coding": {"risk_at_cap": "17.097", "risk_over_cap": "17.097", "older": "8.689"},
    "caps-protect": {"older": "8.689", "risk_down": "0.000", "risk_at_cap": "17.097"},
    "cheaper-region": {
        "good": "8.689", "cheap_region": "8.689", "older": "8.689", "cheap_region_older": "0.000",
    },
    "losses-cost": {
        "on_target": "0.000", "overspent_inside": "0.000", "overspent_at_minimum": "-3.432",
        "overspent_one_sided": "0.000",
    },
    "losses-above": {
        "overspent_inside": "0.000", "overspent_past": "-5.148", "overspent_at_minimum": "-3.432",
    },
    "enhanced-better": {
        "overspent": "-6.864", "overspent_enhanced": "-10.010", "good": "8.689",
        "good_enhanced": "13.033",
    },
    "quality-only-savings": {
        "enhanced_low_quality": "-16.016", "enhanced_high_quality": "-9.152",
        "overspent_enhanced": "-10.010", "overspent": "-6.864",
    },
    "any-size": {"nine_thousand": "1.390", "eight_thousand": "0.000", "large_one_sided": "6.951"},
    "no-minimum": {
        "overspent_little": "0.000", "overspent_little_no_minimum": "-1.716",
        "saved_little": "0.000", "saved_little_no_minimum": "2.803",
    },
    "twice-the-savings": {
        "half_cut": "0.000", "whole_cut": "8.408", "large_cut": "33.634", "larger_cut": "57.200",
    },
    "january": {"good": "8.689", "weather": "0.000"},
    "unpaid-half": {"slip": "6.517", "good": "8.689"},
    # 44,505 people of whom 42,705 were managed: cut 3.1% x 42,705 / 44,505 = 2.97462%; a market
    # share of 9.89% takes the target to 12,999.909; (12,999.909 - 12,613.299) x 43,516 x 49%
    "my-patients": {"good": "8.689", "list_moved": "8.244"},
    # 3.1% x 90% - 12% x 10% = 1.59%, under the minimum
    "new-clinicians": {"good": "8.689", "list_new": "0.000"},
    "quality-gate": {"good": "8.689", "below_both": "0.000", "slip": "6.517"},
    # 572,000,000 x 4.1% x 50% x 98% = 11,491,480; x 62% = 7,124,717.60
    "less-care": {"larger_cut_planned": "11.491", "care_left_out": "7.125", "good": "8.689"},
    "wait-for-settlement": {"under_minimum": "0.000", "at_minimum": "5.606"},
}  # fmt: skip


def test_every_belief_has_its_figures():
    assert [card.name for card in myths()] == list(PAID)


@pytest.mark.parametrize("card", myths(), ids=lambda card: card.name)
def test_an_experiment_pays_what_was_worked_out_by_hand(card):
    assert set(PAID[card.name]) == {card.before, card.now, *card.also}
    for preset, millions in PAID[card.name].items():
        assert STATES[preset].result.payment / 1e6 == pytest.approx(
            float(millions), abs=0.00050001
        ), preset


def test_other_figures_of_the_experiments():
    # 13,000 / 1.051 x (1.051/3 + 2/3 x (0.1 x 1.051 + 0.9 x 1.031)) = 12,851.57
    assert STATES["weather"].result.benchmark == pytest.approx(12_851.57, abs=0.005)
    # 1 - 12,597 / 12,610
    assert STATES["risk_down"].result.savings_rate == pytest.approx(0.00103, abs=0.000005)
    assert STATES["cheap_region_older"].result.benchmark == pytest.approx(12_675, abs=0.005)
    assert STATES["eight_thousand"].result.minimum_savings_rate == pytest.approx(0.032)
    assert STATES["under_minimum"].result.lost_at_the_minimum / 1e6 == pytest.approx(
        5.325, abs=5e-4
    )
    # 8,688,680 - 6,663,349
    assert STATES["under_standard"].result.left_on_the_table == pytest.approx(2_025_331, abs=1)


@pytest.mark.parametrize(
    ("preset", "dollars"),
    [
        ("good", 3_083_080),  # (3.1% - 2.0%) x 572,000,000 x 50% x 98%
        ("under_minimum", 0),
        ("overspent_past", -1_716_000),  # -(3.0% - 2.0%) x 572,000,000 x 30%
        ("overspent_inside", 0),
        ("overspent_one_sided", 0),
    ],
)
def test_what_the_belief_would_pay_is_worked_out_by_hand(preset, dollars):
    state = STATES[preset]
    assert only_above_the_minimum(state.result, state.rules) == pytest.approx(dollars, abs=0.01)
