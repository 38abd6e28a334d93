"""One change, one number: chips, Compare and exports share one split that adds up as shown."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.exports.leaflet import Leaflet
from mssp_sim.figures import as_shown, change, millions, money, rounded
from mssp_sim.scenario import ScenarioError
from mssp_sim.studies.moved import moved
from mssp_sim.words import compare
from mssp_sim.words.outcome import read_out
from mssp_sim.words.tiles import four_tiles
from tests import random_scenarios

PAIRS, AT_ONCE = 300, 40
LONG = pytest.mark.long
MOST = 6
SHOWN = re.compile(r"([+−]?)(<?)\$([\d.,]+)M")


def tenths(text):
    """Return the tenths of a million that a text shows; less than the screen shows counts nothing.

    Source: the text alone
    """
    sign, less, amount = SHOWN.search(text).groups()
    if less:
        return Decimal(0)
    return Decimal(amount.replace(",", "")) * (-1 if sign == "−" else 1)


def pair(seed):
    """Return two scenarios by chance that differ in a few fields."""
    random = np.random.default_rng(seed)
    before = Scenario(**random_scenarios.fields(random))
    other = random_scenarios.fields(random)
    while True:
        names = random.choice(sorted(other), int(random.integers(1, MOST + 1)), replace=False)
        try:
            return before, replace(before, **{name: other[name] for name in names})
        except ScenarioError:
            continue


@pytest.mark.parametrize(
    "ten",
    [*range(0, AT_ONCE, 10), *(pytest.param(n, marks=LONG) for n in range(AT_ONCE, PAIRS, 10))],
)
def test_what_each_change_moved_adds_up_to_the_tile_as_shown(ten):
    for seed in range(ten, ten + 10):
        before, after = pair(seed)
        first, result = simulate(before), simulate(after)
        bars = compare.bars(moved(before, after), before, after)
        chips = [compare.chip(bar, before, after).rpartition(": ")[2] for bar in bars]
        difference = millions(result.payment) - millions(first.payment)
        assert sum(map(tenths, chips)) == difference, seed
        assert chips == [bar.shown for bar in bars]
        note = four_tiles(result, first)[0].note
        if rounded(result.payment - first.payment, 2):
            assert tenths(note) == abs(difference), (seed, note)
            assert tenths(read_out(result, first)[1]) == difference, seed
        else:
            assert note == "same as baseline"
        together = Leaflet(result, first, "", dt.date(2026, 1, 1)).changes
        assert [shown for _, shown in together[: len(bars)]] == chips
        if len(bars) > 1:
            assert together[-1] == ("Together", change(as_shown(result.payment, first.payment)))


def test_a_part_that_does_not_show_is_not_nothing():
    before, after = Scenario(), Scenario(quality_score=0.7501, cost_reduction=0.035)
    small = compare.bars(moved(before, after), before, after)[1]
    assert (small.fields, small.shown) == (("quality_score",), "+<$0.1M")


def test_both_ends_and_the_difference_agree_where_rounding_would_part_them():

    # 7,540,000 - 6,450,000 = 1,090,000 is 1.1 alone, and 7.5 - 6.5 (half up) is 1.0.
    assert money(as_shown(7_540_000, 6_450_000)) == "$1.0M"
    assert as_shown(6_516_510, 6_516_510) == 0


def test_the_last_move_is_said_in_one_line():
    slip, good = simulate(Scenario()), simulate(Scenario(quality_score=0.82))
    assert compare.last_move(slip, good) == "Quality 75.0 → 82.0: +$2.2M"
    assert compare.last_move(good, good) == ""
    assert compare.last_move(good, simulate(Scenario(quality_score=0.9))) == (
        "Quality 82.0 → 90.0: no dollar moved"
    )
    two = simulate(Scenario(quality_score=0.82, cost_reduction=0.01))
    assert compare.last_move(slip, two) == "2 changes: −$6.5M"
