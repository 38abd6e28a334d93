"""Every word that says which way is tried both ways, and every figure is that of its name."""

import re
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, State, simulate
from mssp_sim.figures import (
    apart_digits,
    as_shown,
    change,
    millions,
    minimum_rate,
    money,
    more_as_shown,
    percent,
    points,
    rounded,
    score,
    whole_dollars,
)
from mssp_sim.rules import benchmark
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.executive import words as executive
from mssp_sim.screens.five_years import figures as five_years_figures
from mssp_sim.screens.five_years import words as five_years
from mssp_sim.screens.luck import words as luck
from mssp_sim.screens.quality import words as quality
from mssp_sim.simulation import payoff
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.luck import odds
from mssp_sim.studies.moved import moved
from mssp_sim.studies.moves import moves
from mssp_sim.studies.program_cost import ProgramCost, net
from mssp_sim.studies.quality_scores import study
from mssp_sim.studies.stakes import stakes
from mssp_sim.studies.tradeoff import tradeoff
from mssp_sim.words import compare
from mssp_sim.words.bridge import bridge_rows
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import outcome, read_out
from mssp_sim.words.tiles import four_tiles
from mssp_sim.words.tradeoff import map_words
from tests import random_scenarios

CHOSEN = [
    {}, {"quality_score": 0.82}, {"cost_reduction": 0.019}, {"cost_reduction": -0.01},
    {"cost_reduction": -0.04}, {"cost_reduction": -0.12}, {"cost_reduction": 0.0},
    {"level": "A"}, {"level": "A", "cost_reduction": -0.03},
    {"level": "A", "cost_reduction": -0.004}, {"level": "B", "assigned_beneficiaries": 6_000},
    {"level": "B", "cost_reduction": 0.01, "participant_revenue_share": 0.2},
    {"level": "B", "cost_reduction": 0.01, "participant_revenue_share": 0.2, "quality_score": 0.9},
    {"level": "ENHANCED", "cost_reduction": -0.04}, {"level": "ENHANCED", "minimum_election": 0.0},
    {"cost_reduction": -0.03, "prospective_trend": 0.02}, {"cost_reduction": 0.24},
    {"alternative_standard_met": False}, {"cost_reduction": -0.05, "disaster_share": 0.4},
]  # fmt: skip


def made():
    by_chance = (random_scenarios.fields(np.random.default_rng(seed)) for seed in range(40))
    return [simulate(Scenario(**fields)) for fields in (*CHOSEN, *by_chance)]


RESULTS = made()
BASELINES = [simulate(Scenario(cost_reduction=cut)) for cut in (0.05, -0.05)]
EVERY = pytest.mark.parametrize("result", RESULTS, ids=range(len(RESULTS)))


def side(number, digits=2):
    return int(np.sign(float(rounded(number, digits))))


def says(text, **words):
    """Return which of the words for more (1), less (-1) and the same (0) a text has."""
    signs = {"more": 1, "less": -1, "same": 0}
    (found,) = {signs[name] for name, word in words.items() if re.search(rf"\b{word}\b", text)}
    return found


def test_these_results_are_in_every_state():
    assert {result.state for result in RESULTS} == set(State)


# The tiles of a result.


@EVERY
def test_each_tile_shows_the_figure_of_its_name(result):
    for baseline in (*BASELINES, result):
        earn, left, saved, share = four_tiles(result, baseline)
        owes = rounded(result.shared_losses, 2) > 0
        assert (earn.label == "You owe") == (earn.tone == "owed") == owes
        assert earn.shown == money(result.shared_losses if owes else result.shared_savings)
        gap = as_shown(result.payment, baseline.payment)
        assert says(earn.note, more="above", less="below", same="same") == side(gap)
        assert millions(abs(gap)) == 0 or money(abs(gap)) in earn.note
        lost = more_as_shown(result.left_on_the_table, result.shared_savings)
        assert left.shown == money(lost)
        overspent = result.gross_savings < 0
        assert (saved.label == "Overspent") == overspent
        assert saved.shown == money(abs(result.gross_savings))
        if overspent and not result.two_sided:
            assert saved.note.endswith("one-sided")
        elif overspent and not result.guardrail:
            inside = -result.savings_rate < result.minimum_savings_rate - 1e-9
            assert says(saved.note, more="past", less="inside") == (-1 if inside else 1)
        elif not overspent:
            cleared = result.savings_rate >= result.minimum_savings_rate - 1e-9
            assert says(saved.note, more="clears", less="under") == (1 if cleared else -1)
        if share.key == "shared_loss_rate":
            assert result.two_sided
            assert share.shown == percent(result.shared_loss_rate)
            with_other_scores = [
                float(simulate(replace(result.scenario, quality_score=x, **MET)).shared_loss_rate)
                for x in (0.0, 1.0)
            ]
            moves = with_other_scores[0] != with_other_scores[1]
            assert (share.note == "moves with quality") == moves
        else:
            gap = result.final_sharing_rate - baseline.final_sharing_rate
            assert share.shown == percent(result.final_sharing_rate)
            if abs(gap) >= 0.001:
                assert says(share.note, more="higher", less="lower") == side(gap, 6)
                assert points(gap) in share.note


MET = {"quality_standard_met": True}


@EVERY
def test_what_is_left_is_said_to_be_lost_where_it_was(result):
    _, left, _, _ = four_tiles(result, result)
    at_minimum, to_quality = (
        millions(lost) > 0 for lost in (result.lost_at_the_minimum, result.lost_to_quality)
    )
    wanted = {
        (True, False): "lost at the minimum",
        (False, True): "all lost to quality",
        (True, True): f"{money(result.lost_to_quality)} to quality",
    }
    if at_minimum or to_quality:
        assert left.note == wanted[at_minimum, to_quality]
        assert left.note_tone == "left"
    elif rounded(result.left_on_the_table, 2) == 0:
        assert (left.note == "nothing left") == (result.payment > 0)


def test_those_results_lose_at_the_minimum_to_quality_and_at_both():
    kinds = {
        (millions(r.lost_at_the_minimum) > 0, millions(r.lost_to_quality) > 0) for r in RESULTS
    }
    assert len(kinds) == 4


@EVERY
def test_rows_of_the_bridge_carry_the_sign_of_what_they_are(result):
    rows = bridge_rows(result)
    for row in rows:
        if row.look in ("lost", "small"):
            assert row.amount == float(getattr(result, row.key))
            little = "−<$0.1M" if rounded(row.amount, 2) else "$0.0M"
            if row.look == "lost":
                lost = dollars_of(row.shown)
                assert abs(lost - row.amount) <= (1e5 if row.why_rounded else 5e4 + 1)
            else:
                assert row.shown == ("−" + money_of(row) if millions(row.amount) else little)
        elif row.look in ("earned", "owed", "total"):
            assert row.shown == money(abs(float(getattr(result, row.key))))
    ends = [row.look for row in (rows[0], rows[-1])]
    assert ends == ["total", "owed" if result.gross_savings < 0 else "earned"]


def dollars_of(shown):
    return float(shown.strip("+−<$M").replace(",", "")) * 1e6


def money_of(row):
    return f"${millions(abs(row.amount)):,}M"


@EVERY
def test_the_read_out_and_the_sentence_say_what_the_aco_does(result):
    owes = rounded(result.shared_losses, 2) > 0
    for baseline in BASELINES:
        earn, against = read_out(result, baseline)
        assert earn.startswith("You owe" if owes else "You earn")
        assert earn.endswith(money(result.shared_losses if owes else result.shared_savings))
        gap = as_shown(result.payment, baseline.payment)
        if side(gap):
            assert against.startswith(change(gap))
    said = outcome(result)
    if "you owe $" in said or "you owe <$" in said:
        assert f"you owe {money(result.shared_losses)}" in said
        assert owes
    if "overspent by" in said:
        assert result.gross_savings < 0
    if "You saved" in said or "You beat" in said:
        assert result.gross_savings > 0


@EVERY
def test_the_map_says_on_which_side_the_scenario_stands(result):
    found = tradeoff(result.scenario)
    said = map_words(found, result)
    assert (" saved and " in said) == (found.here[0] >= 0)
    words = {1: "you earn", -1: "you owe", 0: "no money changes hands"}
    assert words[side(result.payment)] in said.partition(";")[0]


# Comparing.


def test_two_scenarios_are_compared_the_right_way_round():
    wanted = {(1, 1): "earns", (-1, -1): "owes"}
    columns = [compare.Column(f"S{at}", r) for at, r in enumerate(RESULTS[:17])]
    for first in columns:
        for other in columns:
            one, two = first.payment, other.payment
            if abs(two - one) < 1:
                continue
            said = compare.headline([first], other, moved(first.scenario, other.scenario))
            difference = said.partition(":")[0]
            assert difference.startswith(other.name)
            signs = (side(one) or 1, side(two) or 1)
            if signs in wanted:
                assert wanted[signs] in difference
                larger = abs(two) > abs(one)
                assert says(difference, more="more", less="less") == (1 if larger else -1)
                assert money(abs(as_shown(two, one))) in difference
                continue
            words = {column: _does(column.payment) for column in (first, other)}
            assert difference == f"{other.name} {words[other]} where {first.name} {words[first]}"


def _does(payment):
    if payment < 0:
        return f"owes {money(-payment)}"
    return f"earns {money(payment)}" if payment else "owes nothing"


def test_each_bar_of_what_moved_shows_its_sign():
    after = Scenario(cost_reduction=0.05, quality_score=0.6, level="ENHANCED", regional_growth=0.04)
    for one, two in ((Scenario(), after), (after, Scenario())):
        what = moved(one, two)
        for part, bar in zip(what.changes, compare.bars(what, one, two), strict=True):
            assert bar.dollars == part.dollars
            assert abs(float(_in_millions(bar.shown)) - part.dollars / 1e6) <= 0.11
        toward, _, against = compare._because(what).partition(" outweighed ")
        total = what.after - what.before
        assert all((sign == "+") == (total > 0) for sign in re.findall(r"\(([+−])", toward))
        assert all((sign == "+") != (total > 0) for sign in re.findall(r"\(([+−])", against))


def _in_millions(shown):
    return shown.replace("−", "-").replace("$", "").removesuffix("M").replace("+", "")


# The Executive view.


@EVERY
def test_moves_are_written_with_the_side_of_what_they_are_worth(result):
    found = moves(result)
    for gap in (result.payment - b.payment for b in BASELINES):
        said = executive.against_baseline(gap)
        assert says(said, more="more", less="less", same="same") == side(gap)
    for line in executive.this_year(found, result):
        assert line.shown == change(as_shown(result.payment + line.worth, result.payment))
    alike = {}
    for move in found.next_election:
        alike.setdefault(tuple(move.fields), []).append(move)
    for line in executive.next_election(found, result):
        move = next(m for m in found.next_election if m.fields == line.fields)
        assert line.shown == change(as_shown(result.payment + move.worth, result.payment))
        if side(move.mirror):
            verb = "owes" if result.gross_savings >= 0 else "earns"
            better = move.mirror > 0
            more = better if verb == "earns" else not better
            assert f"it {verb} {money(abs(move.mirror))} {'more' if more else 'less'}" in line.note
        saved = result.gross_savings >= 0
        assert ("the same overspending" in line.note) == saved


# The Corridor page.


def does(result, payment):
    """Return what a contract makes of a payment, written here again."""
    name = stakes(result).own.name
    if side(payment):
        return f"{name} pays {money(payment)}" if payment > 0 else f"you owe {money(-payment)}"
    return "no money moves" if result.two_sided else f"you owe nothing: {name} is one-sided"


@EVERY
def test_the_other_side_is_settled_there_and_named_from_here(result):
    found = stakes(result)
    rate = found.savings_rate
    mirror = float(payoff(result.scenario, -rate).payment)
    said = corridor.headline(found)
    for words, here in (("Save the same", rate <= 0), ("Overspend by the same", rate > 0)):
        if words in said:
            assert here
            assert said.endswith(f"{words} {percent(abs(rate))} and {does(result, mirror)}.")
    if "past the minimum: " in said:
        assert f"past the minimum: {does(result, float(result.payment))}" in said
    for row in found.contracts:
        other = replace(result.scenario, level=row.level)
        at = np.array([rate, -rate])
        assert [row.payment, row.mirror] == pytest.approx(list(payoff(other, at).payment), abs=0.01)


def than(dollars):
    told = change(dollars)
    if "<" not in told:
        return told
    return f"under $0.1M {'more' if dollars > 0 else 'less'}"


@EVERY
def test_two_contracts_earn_or_owe_in_every_sentence_and_cell(result):
    found = stakes(result)
    words = {1: "earns", -1: "owes", 0: "nothing"}
    for row, cells in zip(found.contracts, corridor.rows(found), strict=True):
        now, mirror = list(cells.values())[1:3]
        for said, dollars in ((now, row.payment), (mirror, row.mirror)):
            assert said.startswith(words[side(dollars)])
            assert not side(dollars) or said.endswith(money(abs(dollars)))
        own = found.own
        if row is not own:
            assert cells[f"Versus {own.name}, now"] == than(row.payment - own.payment)
            sides = {True: "overspent", False: "saved"}[found.savings_rate >= 0]
            assert cells[f"Versus {own.name}, if {sides}"] == than(row.mirror - own.mirror)
        assert cells["Most you could earn"] == money(row.most_earned)
        owed = money(row.most_owed) if row.two_sided else "one-sided"
        assert cells["Most you could owe"] == owed
        if row is not own:
            title = corridor.overlay_title(found, row.level)
            if abs(own.payment - row.payment) >= 1:
                for each in (own, row):
                    sign = side(each.payment)
                    verb = words[sign] if sign else "earns" if found.savings_rate > 0 else "owes"
                    much = money(abs(each.payment)) if sign else "nothing"
                    assert f"{each.name} {verb} {much}" in title
            elif abs(own.payment) >= 1:
                verb = "earn" if own.payment > 0 else "owe"
                assert f"both {verb} {money(abs(own.payment))}" in title


@EVERY
def test_two_curves_are_told_on_their_sides(result):
    found = stakes(result)
    rate, own = found.savings_rate, found.own
    for row in found.contracts:
        if row is own or abs(rate) < 1e-9:
            continue
        said = corridor.overlay_words(found, row.level)
        now, _, mirror = said.partition("; ")
        for part, at, dollars in (
            (now, rate, (own.payment, row.payment)),
            (mirror, -rate, (own.mirror, row.mirror)),
        ):
            assert f"t {percent(abs(at))} {'saved' if at > 0 else 'overspent'}" in part
            for each, amount in zip((own, row), dollars, strict=True):
                verb = {1: "earns", -1: "owes"}.get(side(amount), "earns" if at > 0 else "owes")
                much = money(abs(amount)) if side(amount) else "nothing"
                assert f"{each.name} {verb} {much}" in part
        flat = [each.name for each in (own, row) if not each.two_sided]
        assert ("one-sided" in said) == bool(flat)
        assert all(re.search(rf"\b{name}\b.*one-sided", said) for name in flat)
    title = corridor.table_title(found)
    if "earns most" in title:
        name, dollars = max(_payments(found, 1), key=lambda pair: pair[1])
        assert f"{name} earns most, {money(dollars)}" in title
    if "owes most" in title:
        _, dollars = min(_payments(found, -1), key=lambda pair: pair[1])
        assert f"owes most, {money(-dollars)}" in title


def _payments(found, sign):
    """Return what each contract makes of the saved side (1) or of the overspent one (-1)."""
    now = (found.savings_rate >= 0) == (sign > 0)
    return [(row.name, row.payment if now else row.mirror) for row in found.contracts]


@EVERY
def test_the_words_at_the_curve_say_what_is_settled(result):
    said = curve_description(result)
    if said.startswith(("Saving", "Overspending")):
        assert said.startswith("Saving") == (result.gross_savings >= 0)
        assert percent(abs(result.savings_rate)) in said
    if " pays $" in said:
        assert f" pays {money(result.shared_savings)} at quality" in said
    if "at full quality" in said:
        full = result.shared_savings + result.left_on_the_table
        assert f"and {money(full)} at full quality (dashed)" in said
    title = curve_title(result)
    amounts = {
        "you owe ": result.shared_losses,
        "of the minimum costs ": result.lost_at_the_minimum,
        "short costs ": result.lost_to_quality,
        "stops the payment at ": result.shared_savings,
        "every dollar saved: ": result.shared_savings,
    }
    for words, dollars in amounts.items():
        if words in title and not (words == "short costs " and "of the minimum" in title):
            if "costs " in words:
                rows = [row.shown.strip("−") for row in bridge_rows(result) if row.look == "lost"]
                assert title.rpartition(" ")[2] in rows
                assert abs(dollars_of(title.rpartition(" ")[2]) - dollars) <= 1e5
            else:
                assert title.endswith(f"{words}{money(dollars)}")
    assert ("you owe" in title) == (rounded(result.shared_losses, 2) > 0 and not result.guardrail)


@EVERY
def test_the_corridor_tiles_are_the_limits_of_the_rule(result):
    found = stakes(result)
    tiles = corridor.four_tiles(found)
    assert [tile.amount for tile in tiles] == pytest.approx(
        [
            float(result.minimum_savings_rate), _gap(result, found.savings_rate),
            found.own.most_earned, found.own.most_owed,
        ]
    )  # fmt: skip
    assert tiles[2].shown == money(found.own.most_earned)
    assert tiles[3].shown == money(found.own.most_owed)
    rate, minimum = found.savings_rate, found.own.minimum
    if rate < 0 and found.own.two_sided:
        past = -rate >= minimum - 1e-9
        assert tiles[1].label == ("Past the minimum" if past else "Room before you owe")
    elif abs(rate) > 1e-9:
        past = rate >= minimum - 1e-9 and result.gross_savings > 0
        assert tiles[1].label == ("Cushion" if past else "To the minimum")


def _gap(result, rate):
    minimum = float(result.minimum_savings_rate)
    return abs(rate + minimum) if rate < 0 and result.two_sided else abs(rate - minimum)


# The Quality page.


@EVERY
def test_the_quality_tiles_say_on_which_side_of_the_standard_the_score_is(result):
    found = study(result)
    first, left, gap, _ = quality.four_tiles(found, BASELINES[0])
    lost = more_as_shown(result.left_on_the_table, result.shared_savings)
    assert left.shown == money(lost)
    losses = first.key == "shared_loss_rate"
    assert first.shown == percent(result.shared_loss_rate if losses else result.final_sharing_rate)
    if not found.stepped:
        assert gap.shown == ("met" if result.standard_met else "missed")
        return
    own, line = float(result.scenario.quality_score), float(result.quality_performance_standard)
    assert (gap.label == "Above the standard") == (own >= line - 1e-9)
    assert gap.shown == points(abs(own - line), apart_digits(score, own, line))


# Luck.


@EVERY
def test_each_tile_of_luck_is_the_chance_of_its_name(result):
    found = odds(result)
    spread, by_luck, unpaid, owing = luck.tiles(result, found)
    wanted = (found.spread, found.without.paid, 1 - found.own.paid, found.own.owing)
    tiles = (spread, by_luck, unpaid, owing)
    assert [tile.label for tile in tiles] == ["One year varies", "Paid by luck", "Unpaid", "Owing"]
    for tile, value in zip(tiles, wanted, strict=True):
        assert tile.amount == pytest.approx(float(value))
    for tile, value in zip(tiles[1:], wanted[1:], strict=True):
        assert tile.shown == percent(float(value))
    rest = f"no true savings {percent(float(found.without.owing), 0)}"
    assert owing.note == (rest if result.two_sided else "one-sided")
    truth = "really saved" if result.savings_rate >= 0 else "really overspent"
    assert unpaid.term.endswith(truth)
    assert owing.term.endswith(truth)


@EVERY
def test_the_headline_of_luck_counts_what_it_names(result):
    found = odds(result)
    said = luck.headline(result, found)
    counted = {
        r"luck alone pays in at most (\d+)": found.without.paid,
        r"leaves you owing in at most (\d+)": found.without.owing,
        r"goes unpaid in (\d+)": 1 - found.own.paid,
        r"luck still pays in (\d+)": found.own.paid,
        r", you owe in (\d+)": found.own.owing,
    }
    for pattern, chance in counted.items():
        for number in re.findall(pattern, said):
            assert abs(int(number) - 100 * float(chance)) < 1, (pattern, said)
    assert ("owing" in said or "owe" in said) == bool(result.two_sided)
    if result.savings_rate < -1e-12:
        pattern = "you owe in" if result.two_sided else "luck still pays in"
        assert "really overspent" in said
        assert pattern in said
    if found.true_rate > 0:
        paid, missed = re.findall(r"\d+", luck.hundreds_title(found))
        assert abs(int(paid) - 100 * float(found.without.paid)) < 1
        assert abs(int(missed) - 100 * (1 - float(found.own.paid))) < 1
    assert ("saved" in luck.panel_names(result, found)[1][0]) == (result.savings_rate >= 0)
    named = {tile.label: tile for tile in luck.drawn_figures(_Drawn())}
    assert named["Drawn: paid"].shown == "50.0%"
    assert named["Drawn: no money"].shown == "30.0%"
    assert named["Drawn: owing"].shown == "20.0%"


class _Drawn:
    """Ten drawn years: five paid, three without money, two owing."""

    mean = 1e6
    chances = type("Chances", (), {"paid": 0.5, "nothing": 0.3, "owing": 0.2})
    middle = (10e6, 90e6)


def test_a_tenth_of_the_drawn_years_is_below_and_a_tenth_above():
    named = {tile.label: tile for tile in luck.drawn_figures(_Drawn())}
    assert named["Drawn: one year in ten is below"].shown == "$10.0M"
    assert named["Drawn: one year in ten is above"].shown == "$90.0M"
    assert named["Drawn: mean"].shown == "$1.0M"


# Five years.


AGREEMENTS = [
    {}, {"cost_reduction": -0.04}, {"cost_reduction": 0.0}, {"cost_reduction": -0.01},
    {"risk_growth": 0.04}, {"risk_growth": 0.04, "demographic_growth": 0.01},
    {"cost_reduction": 0.08, "regional_level": 0.15}, {"regional_level": -0.3},
    {"cost_reduction": 0.05, "underserved_share": 0.9}, {"level": "A"},
    {"cost_reduction": 0.06, "regional_level": 0.0, "own_growth": 0.03},
]  # fmt: skip


@pytest.mark.parametrize("fields", AGREEMENTS)
def test_the_tiles_of_five_years_say_which_way(fields):
    five = agreement(Scenario(**fields))
    rebased, total = five.rebased, float(sum(five.payment))
    for before in (agreement(Scenario(cost_reduction=cut)) for cut in (0.06, -0.06)):
        earn, left, following, taken = five_years_figures.tiles(five, before)
        assert (earn.label == "You owe") == (side(total) < 0)
        assert earn.shown == money(abs(total))
        gap = total - float(sum(before.payment))
        assert says(earn.note, more="above", less="below", same="same") == side(gap)
        assert left.shown == money(sum(float(y.result.left_on_the_table) for y in five.years))
    assert following.shown == whole_dollars(rebased.benchmark)
    gap = rebased.benchmark - rebased.benchmark_without_cut
    assert says(following.note, more="higher", less="lower", same="same") == side(gap, 0)
    if side(gap, 0):
        assert following.note.startswith(whole_dollars(abs(gap)))
    if rebased.taken_back is not None:
        assert taken.shown == percent(rebased.taken_back)
        assert (taken.label == "Added to your next target") == (rebased.saved < 0)
        assert taken.note.endswith("overspend" if rebased.saved < 0 else "save")
    said = five_years.headline(five)
    if side(total):
        assert f"you {'owe' if total < 0 else 'earn'} {money(abs(total))}" in said
    assert ("higher" in said) == (side(gap, 0) > 0)


@pytest.mark.parametrize("fields", AGREEMENTS)
def test_each_year_is_written_with_its_own_figures(fields):
    five = agreement(Scenario(**fields))
    so_far = 0.0
    for row, year in zip(five_years.rows(five), five.years, strict=True):
        r = year.result
        so_far += float(r.payment)
        assert row["Target per person"] == whole_dollars(float(r.benchmark))
        spent = whole_dollars(float(r.expenditure_total / r.person_years))
        assert row["Spent per person"] == spent
        assert row["Saved"] == percent(float(r.savings_rate))
        assert row["Dollars"] == money(float(r.payment))
        assert row["So far"] == money(so_far)
        grown, counted = percent(year.risk_ratio - 1), percent(year.risk_factor - 1)
        assert row["Risk growth, counted"] == f"{grown}, {counted}"
        assert five_years.saved(year).startswith("saved" if r.savings_rate >= 0 else "over")
    capped = [note for note in five_years.notes(five) if "cap on risk growth" in note]
    last = [year for year in five.years if year.risk_ratio > year.risk_factor + 1e-9]
    assert bool(capped) == bool(last)
    if last:
        grown, counted = (
            percent(ratio - 1) for ratio in (last[-1].risk_ratio, last[-1].risk_factor)
        )
        assert grown != counted
        assert f"scores have grown {grown} since" in capped[0]
        assert f"{counted} counts." in capped[0]
    paid, owing = (sum(side(s * x) > 0 for x in five.payment) for s in (1, -1))
    words = f"Paid in {paid} of {len(five.years)} years"
    assert five_years.dollars_title(five) == (f"{words}, owing in {owing}" if owing else words)


@pytest.mark.parametrize("fields", AGREEMENTS)
def test_the_next_target_is_written_with_the_adjustment_that_wins(fields):
    rebased = agreement(Scenario(**fields)).rebased
    said = five_years.adjustment(rebased)
    if side(rebased.adjustment, 0):
        sign = "+" if rebased.adjustment > 0 else "−"
        won = {1: "regional", 2: "prior savings", 3: "population"}[rebased.kind]
        much = whole_dollars(abs(rebased.adjustment))
        assert f" {sign} {much} {won} adjustment" in said
    assert whole_dollars(rebased.historical_benchmark) in said


@pytest.mark.parametrize(
    ("prior", "population", "beaten"),
    [(0.0, 0.0, ""), (0.4, 0.6, ", more than population $1"),
     (1.0, -5.0, ", more than prior savings $1"),
     (45.0, 20.0, ", more than prior savings $45 and population $20")],
)  # fmt: skip
def test_what_an_adjustment_beats_is_written_where_it_shows(prior, population, beaten):
    rebased = replace(
        agreement(Scenario()).rebased, kind=benchmark.REGIONAL, adjustment=50.0,
        regional_adjustment=50.0, prior_savings_adjustment=prior, population_adjustment=population,
    )  # fmt: skip
    assert five_years.adjustment(rebased).endswith(f" + $50 regional adjustment{beaten}.")


def test_those_agreements_have_every_adjustment_and_both_signs():
    found = [agreement(Scenario(**fields)).rebased for fields in AGREEMENTS]
    gaps = {side(r.benchmark - r.benchmark_without_cut, 0) for r in found}
    assert gaps == {-1, 0, 1}
    assert len({r.kind for r in found}) >= 3


@pytest.mark.parametrize("fields", AGREEMENTS)
def test_what_a_program_costs_is_written_by_name(fields):
    scenario = Scenario(**fields)
    five, cost = agreement(scenario), ProgramCost(per_person=90, advance=9_000_000)
    after = net([year.result for year in five.years], cost)
    numbers = tuple(year.year for year in five.years)
    said = five_years.costs(after, cost, numbers, 0.0214)
    assert said.startswith(f"Net {money(float(sum(after.net)))} over the years: ")
    assert f"{money(float(sum(after.payment)))} gross" in said
    assert f"− {money(float(sum(after.cost)))} program cost" in said
    assert f"+ $9.0M advanced − {money(float(sum(after.recouped)))} recouped" in said
    left = rounded(after.outstanding, 2) > 0
    assert (f"{money(after.outstanding)} of the advance is still" in said) == left
    if after.pays_from is None:
        assert "does not pay for itself" in said
    else:
        assert f"pays for itself from {numbers[after.pays_from]} on" in said
    assert "breaks even at a cost reduction of 2.14%" in said


def test_the_minimum_is_written_as_the_rule_has_it():
    assert minimum_rate(0.0225) == "2.25%"
