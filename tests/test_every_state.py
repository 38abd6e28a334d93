"""The full product of lever ends, contracts and years: one sentence each, and parts that add up."""

import datetime as dt
import itertools
import re
from decimal import Decimal

import numpy as np
import pytest

from mssp_sim import Scenario, State, simulate
from mssp_sim.parameters import CONTRACTS, TRACKS
from mssp_sim.scenario import FIRST_LEVELS, agreement_starts, performance_years, quantities
from mssp_sim.words.bridge import bridge_description, bridge_rows, bridge_title
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import lever_against_outcome, outcome, read_out
from mssp_sim.words.tiles import four_tiles
from tests.strategies import contracts

SIX_LEVERS = (
    "cost_reduction", "quality_score", "market_share", "regional_growth", "risk_growth",
    "national_growth",
)  # fmt: skip
KINDS_OF_YEAR = (
    (dt.date(2012, 4, 1), 2013),
    (dt.date(2014, 1, 1), 2014),
    (dt.date(2017, 1, 1), 2019),
    (dt.date(2019, 1, 1), 2021),
)
"""Before July 2019: reporting alone, times the score, no sequestration, all or nothing."""

PAIRS = [(start, year) for start in agreement_starts() for year in performance_years(start)]
FIRST_AND_LAST = [
    (start, year)
    for start, year in PAIRS
    if year in (performance_years(start)[0], performance_years(start)[-1])
]
EVERY_DAY = [
    *KINDS_OF_YEAR,
    *((start, year) for start, year in FIRST_AND_LAST if start >= FIRST_LEVELS),
]
OF_BEFORE = {"agreement_start": dt.date(2018, 1, 1), "performance_year": 2018}
KINDS_OF_ACO = {
    "large, both standards": {},
    "small, low revenue, by size": {
        "assigned_beneficiaries": 6_000,
        "participant_revenue_share": 0.30,
        "minimum_election": "size",
    },
    "under 5,000, no standard": {
        "assigned_beneficiaries": 3_000,
        "alternative_standard_met": False,
    },
    "left in September": {"months_in_program": 9},
    "left in June": {"months_in_program": 6},
    "no minimum, first agreement": {"minimum_election": 0.0, "agreement_period": 1},
}
BASELINE = simulate(Scenario(quality_score=0.82))

# A phrase of each state that no other state's sentence has.
PHRASE = {
    State.GUARDRAIL: r"^The prospective trend alone would have cost you\.",
    State.OVERSPENT_AT_THE_LOSS_LIMIT: r"stops the charge at ",
    State.OVERSPENT_TWO_SIDED: r"From .* on the charge counts from the first dollar: ",
    State.OVERSPENT_ONE_SIDED: r"is one-sided: you owe nothing\.",
    State.OVERSPENT_INSIDE_THE_ZONE: r"at which losses count\. No money changes hands\.",
    State.ON_TARGET: r"^Your spending met the target to the dollar\.",
    State.LEFT_EARLY: r"no savings are shared\.",
    State.HALF_RATE: r"half (your|a) share",
    State.UNDER_THE_MINIMUM: r"^You saved .* minimum\. No money changes hands\.",
    State.NEITHER_STANDARD: r"and earn nothing: ",
    State.AT_THE_PAYMENT_LIMIT: r" stops it at ",
    State.PARTIAL: r"so your share fell from ",
    State.FULL: r": you keep ",
}
BROKEN = re.compile(r"−\$0\.0M|\bnan|\binf\b|None|  |−−|\+−|\{|\$\$|\d%%|e[+-]\d")
FIGURE = re.compile(r"[−+]?(<?)\$([\d,]+\.\d)M")


def product(start, year):
    """Return every combination of lever ends and contracts in one year, as one batch."""
    ends = [quantities()[name].slider for name in SIX_LEVERS]
    rows = list(itertools.product(contracts(start), *ends))
    columns = list(zip(*rows, strict=True))
    fields = dict(zip(SIX_LEVERS, map(np.array, columns[1:]), strict=True))
    return {
        "level": np.array(columns[0]),
        "agreement_start": start,
        "performance_year": year,
        **fields,
    }


def when(level):
    """Return a contract with an agreement that can have it."""
    return {"level": level} | (OF_BEFORE if level in TRACKS else {})


def in_millions(shown):
    """Return what a shown figure can stand for, without its sign."""
    small, digits = FIGURE.fullmatch(shown).groups()
    figure = Decimal(digits.replace(",", ""))
    return {Decimal("0.0"), Decimal("0.1")} if small else {figure}


def look_at(r):
    """Check all the words and figures of one settlement."""
    sentence = outcome(r)
    found = [state for state, phrase in PHRASE.items() if re.search(phrase, sentence)]
    assert found == [r.state], sentence
    people = float(r.scenario.assigned_beneficiaries)
    assert ("under the program's minimum" in sentence) == (people < 5_000)
    words = [
        sentence, bridge_title(r), bridge_description(r), curve_title(r), curve_description(r),
        *read_out(r, BASELINE),
    ]  # fmt: skip
    for text in (sentence, bridge_description(r), curve_description(r)):
        assert text.endswith("."), text
    for tile in four_tiles(r, BASELINE):
        words += [tile.label, tile.shown, tile.note]
    parts = bridge_rows(r)
    for part in parts:
        words += [part.label, part.shown]
    for text in words:
        assert text.strip() == text != ""
        assert not BROKEN.search(text), text
    assert not BROKEN.search(lever_against_outcome(r))
    first, *between, last = (in_millions(part.shown) for part in parts)
    signs = [-1 if part.shown.startswith("+") else 1 for part in parts[1:-1]]
    sums = {
        sum(sign * figure for sign, figure in zip(signs, chosen, strict=True)) + end
        for chosen in itertools.product(*between)
        for end in last
    }
    assert first & sums, [part.shown for part in parts]
    dollars = sum(part.amount for part in parts[1:])
    assert dollars == pytest.approx(parts[0].amount, abs=0.01)


def look_at_all(start, year, kind):
    together = simulate(Scenario(**product(start, year), **KINDS_OF_ACO[kind]))
    assert np.all(np.isfinite(together.payment))
    reached = set()
    for row in range(together.payment.size):
        r = together[row]
        try:
            look_at(r)
        except AssertionError as fault:
            fault.add_note(f"row {row}: {r.scenario}")
            raise
        reached.add(r.state)
    return reached


@pytest.mark.parametrize(("start", "year"), EVERY_DAY)
def test_lever_ends_in_the_first_and_last_year_of_every_agreement(start, year):
    assert len(look_at_all(start, year, "large, both standards")) >= 4


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS_OF_ACO)
@pytest.mark.parametrize(("start", "year"), PAIRS)
def test_lever_ends_in_every_year_for_every_kind_of_aco(start, year, kind):
    assert len(look_at_all(start, year, kind)) >= 3


def test_the_product_has_money_in_every_row_of_every_year():
    for start, year in PAIRS:
        r = simulate(Scenario(**product(start, year)))
        assert r.payment.size == len(contracts(start)) * 2 ** len(SIX_LEVERS)
        for name in ("benchmark_total", "expenditure_total"):
            assert np.all(np.isfinite(getattr(r, name)))
            assert np.all(getattr(r, name) > 0)
        accounted = (
            r.shared_savings - r.shared_losses + r.sequestration + r.above_limit
            + r.lost_at_the_minimum + r.lost_to_quality + r.medicare_part
        )  # fmt: skip
        assert accounted == pytest.approx(r.gross_savings, abs=0.01)


SMALL = (0, 1e-9, 1e-8, 3e-5, 7e-5, 1e-4, 1.5e-4, 1e-3, 0.0049, 0.005, 0.0199, 0.02, 0.0201)
NEAR_ZERO = np.array([*SMALL, *(-rate for rate in SMALL[1:])])


@pytest.mark.parametrize("level", CONTRACTS)
@pytest.mark.parametrize("kind", KINDS_OF_ACO)
def test_small_savings_and_losses_and_the_thresholds(level, kind):
    fields = when(level) | KINDS_OF_ACO[kind]
    together = simulate(Scenario(cost_reduction=NEAR_ZERO, **fields))
    for row in range(NEAR_ZERO.size):
        look_at(together[row])


@pytest.mark.parametrize("disaster", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("level", CONTRACTS)
def test_large_losses_disasters_and_the_guardrail(level, disaster):
    for trend in (0.051, -0.02):
        for cut in (-0.6, -0.2, -0.03, 0.005, 0.3, 0.6):
            look_at(
                simulate(
                    Scenario(
                        cost_reduction=cut,
                        disaster_share=disaster,
                        prospective_trend=trend,
                        **when(level),
                    )
                )
            )


def test_every_state_is_reached():
    reached = set()
    for start, year in FIRST_AND_LAST:
        for kind in KINDS_OF_ACO.values():
            reached |= set(simulate(Scenario(**product(start, year), **kind)).state)
    partial = {State.PARTIAL, State.ON_TARGET}
    reached |= {simulate(Scenario(cost_reduction=cut)).state for cut in (0.0, 0.031)}
    assert reached >= partial
    assert reached == set(State)
