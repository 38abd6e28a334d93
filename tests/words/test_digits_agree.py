"""What one state says in several places never contradicts itself, in whatever digits."""

import re
from decimal import Decimal

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.figures import as_shown, money
from mssp_sim.parameters import LEVELS
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.executive import words as executive
from mssp_sim.screens.quality import words as quality
from mssp_sim.studies.cliffs import ahead
from mssp_sim.studies.levers import ends
from mssp_sim.studies.moves import moves
from mssp_sim.studies.quality_scores import study
from mssp_sim.studies.stakes import stakes
from mssp_sim.words.bridge import bridge_rows
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.next_steps import beside_lever
from mssp_sim.words.outcome import figures_of_sentence, outcome
from mssp_sim.words.tiles import four_tiles
from tests import paper, random_scenarios

BASELINE = simulate(Scenario(quality_score=0.82))
EDGES = (-0.0201, -0.02, -0.01999, -0.0151, 0.0, 0.01999, 0.02, 0.0201, 0.0225)
PERCENT = r"([\d.]+)%"
SMALLER_FIRST = (
    rf"{PERCENT}\), less than the {PERCENT} minimum", rf"{PERCENT}, under {PERCENT}",
    rf"{PERCENT}, inside {PERCENT}", rf"{PERCENT}\), less than the {PERCENT}\s+at which losses",
    rf"At {PERCENT} nothing is paid; from {PERCENT} on", rf"from {PERCENT} to {PERCENT} higher",
)  # fmt: skip
LARGER_FIRST = (rf"{PERCENT}, past {PERCENT}", rf"fell from {PERCENT} to {PERCENT}")
AT_LEAST_FIRST = (
    rf"{PERCENT}, (?:clears|reaches) {PERCENT}", rf"overspent by {PERCENT}. From {PERCENT} on",
)  # fmt: skip


def by_levers(random):
    """Return a state a reader can make with the levers always seen, often beside an edge."""
    cut = random.choice(EDGES) if random.integers(2) else random.integers(-60, 100) / 1000
    return Scenario(
        cost_reduction=round(float(cut), 6),
        quality_score=int(random.integers(400, 1000)) / 1000,
        level=str(random.choice(LEVELS)),
    )


def states():
    random = np.random.default_rng(20)
    for number in range(300):
        if number % 3 == 0:
            yield Scenario(**random_scenarios.fields(random))
        else:
            yield by_levers(random)


STATES = list(states())


@pytest.mark.parametrize("part", range(3))
def test_no_sentence_compares_two_figures_the_wrong_way_round(part):
    for scenario in STATES[part::3]:
        r = simulate(scenario)
        found = stakes(r)
        said = [outcome(r), curve_title(r), curve_description(r), corridor.headline(found)]
        said += [quality.headline(study(r)), *(tile.note for tile in four_tiles(r, BASELINE))]
        for text in said:
            assert not re.search(r"\b0\.0+ (quality )?points? (short|past|of a)", text), text
            for smaller in SMALLER_FIRST:
                for a, b in re.findall(smaller, text):
                    assert Decimal(a) < Decimal(b), text
            for larger in LARGER_FIRST:
                for a, b in re.findall(larger, text):
                    assert Decimal(a) > Decimal(b), text
            for at_least in AT_LEAST_FIRST:
                for a, b in re.findall(at_least, text):
                    assert Decimal(a) >= Decimal(b), text


def test_one_figure_is_shown_with_the_same_digits_wherever_it_stands():
    for scenario in STATES[::2]:
        r = simulate(scenario)
        figures = [
            *four_tiles(r, BASELINE), *bridge_rows(r), *figures_of_sentence(r),
            *quality.four_tiles(study(r), BASELINE),
        ]  # fmt: skip
        seen = {}
        for figure in figures:
            shown = figure.shown.strip("−+")
            if shown[-1] not in "M%":
                continue
            assert seen.setdefault((figure.key, figure.shown[-1]), shown) == shown, scenario


def test_one_jump_has_one_amount_wherever_it_is_named():
    named = 0
    for scenario in STATES:
        r = simulate(scenario)
        found = study(r)
        s = r.scenario
        headline = re.search(r"reaching it is worth (\$[\d.]+M)", quality.headline(found))
        if headline is None or r.payment <= 0 or scenario not in STATES[1::3]:
            continue
        named += 1
        look = ahead(s, {"quality_score": ends(s, "quality_score")}, [], closely=False)
        beside = re.search(r"more: \+(\$[\d.]+M)", beside_lever(look, s, "quality_score"))
        to_standard = float(r.quality_performance_standard)
        lines = [
            line.shown.strip("+")
            for line in executive.this_year(moves(r), r)
            if set(line.fields) == {"quality_score"}
            and abs(line.fields["quality_score"] - to_standard) < 1e-9
        ]
        after = float(r.shared_savings + r.left_on_the_table)
        move = money(as_shown(after, float(r.payment)))
        left = four_tiles(r, BASELINE)[1].shown
        names = {headline[1], move, left, *lines}
        if beside is not None:
            names.add(beside[1])
        assert len(names) == 1, (s.cost_reduction, s.quality_score, s.level, names)
        assert left in curve_title(r)
    assert named > 20


MILLIONS = re.compile(r"\$\d+\.\dM")
DECIDE = ("this_year", "election", "five_years", "compare")
# 0.067 on C is $0.1M above a baseline of $8.7M as shown, and $0.16M to the cent
AFTER = [Scenario(cost_reduction=0.067, quality_score=0.471, level="C"), *STATES[1:6:3]]


@pytest.mark.parametrize("room", DECIDE)
def test_one_amount_is_one_figure_in_sentence_tile_and_table(room):
    for scenario in AFTER:
        page = paper.draw(room, scenario, BASELINE.scenario)
        seen = {}
        for figure in page.figures:
            for shown in MILLIONS.findall(figure.shown):
                known = seen.setdefault(round(abs(figure.amount)), shown)
                assert known == shown, (scenario, figure.label)
        if room == "compare":
            headline = next(text for text in page.texts if " the baseline" in text)
            assert set(MILLIONS.findall(headline)) <= set(seen.values()), (headline, scenario)
