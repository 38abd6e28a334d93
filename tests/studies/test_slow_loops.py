"""Studies beside plain loops over one settlement after the other, ties and ends included."""

import dataclasses
import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import State
from mssp_sim.scenario import quantities
from mssp_sim.simulation import settle
from mssp_sim.studies import advances, cash, election, luck, moved, next_contract, program_cost
from mssp_sim.studies.election import Choice, Election
from mssp_sim.studies.fair_shares import drawn_shares, exact_shares, pool
from mssp_sim.studies.goal import frontier, seek
from mssp_sim.studies.levers import ends, places, room
from mssp_sim.studies.payoff_curve import curve, grid, window
from mssp_sim.studies.practices import Practice
from mssp_sim.studies.quality_scores import band, standards, study
from mssp_sim.studies.renewal import nearest_turn
from mssp_sim.studies.repayment import Repayment
from mssp_sim.studies.rule_changes import Comparison, by_group, stack
from mssp_sim.studies.stakes import curves, cushion, minimum_by_size, mirrored, stakes
from mssp_sim.studies.still_needed import effective_months
from mssp_sim.studies.this_year import band as year_band
from mssp_sim.studies.tradeoff import cost_reduction_for, tradeoff
from mssp_sim.studies.true_results import Setting, TrueResults
from mssp_sim.tolerances import BESIDE, CENT, SAME_DOLLARS

SEEDS = (1, 2, 3)
HERE = (
    {}, {"level": "ENHANCED", "cost_reduction": -0.05}, {"level": "A", "cost_reduction": 0.012},
    {"level": "C", "quality_score": 0.9, "cost_reduction": 0.005, "minimum_election": "size",
     "participant_revenue_share": 0.2},
    {"level": "E", "cost_reduction": -0.02, "alternative_standard_met": False},
)  # fmt: skip


def choices(random, count):
    """Return choices of small whole dollars, so that many are alike."""
    found = []
    for at in range(count):
        paid, owed = float(random.integers(0, 6)), float(random.integers(0, 4))
        mechanism = Repayment(float(random.integers(0, 3)), 2.0, (1, 2, None)[at % 3], 12, 0.0)
        found.append(Choice(
            level="ABCDE"[int(random.integers(5))], election=0.0, minimum=0.0,
            expected=paid - owed, paid=paid, owed=owed, low=0.0, high=0.0,
            worst=float(random.integers(-5, 1)), chance_of_owing=at / 100, chance_of_nothing=0.0,
            most_owed=0.0, two_sided=True, mechanism=mechanism,
        ))  # fmt: skip
    return tuple(found)


def worth(choice, hurts, cost):
    m = choice.mechanism
    stands = min(m.of_spending, m.of_revenue) if m.before_year == 1 else 0.0
    return choice.paid - hurts * choice.owed - stands * cost


@pytest.mark.parametrize("seed", range(8))
def test_an_election_is_picked_as_a_loop_over_its_choices_picks(seed):
    random = np.random.default_rng(seed)
    setting = replace(Setting(), hurts=1.0 + 0.5 * float(random.integers(0, 5)), cost=0.0625)
    found = Election(choices(random, 7), None, setting)

    def best(hurts):
        ranked = [worth(one, hurts, setting.cost) for one in found.choices]
        return found.choices[ranked.index(max(ranked))]

    for hurts in (1.0, 1.5, 2.0, setting.hurts):
        assert found.best(hurts) is best(hurts)
    assert found.picked is best(setting.hurts)

    def net(one):
        return worth(one, 1.0, setting.cost)

    def beaten(one):
        return any(
            net(other) >= net(one) and other.worst >= one.worst
            and (net(other) > net(one) or other.worst > one.worst)
            for other in found.choices
        )  # fmt: skip

    turns = found.turns()
    ever = {id(found.picked), id(best(1.0)), *(id(turn.choice) for turn in turns)}
    for one in found.choices:
        assert found.beaten(one) == beaten(one)
        assert found.dominated(one) == (beaten(one) and id(one) not in ever)
    kept = [one for one in found.choices if id(one) in ever or not beaten(one)]
    assert found.kept == tuple(sorted(kept, key=lambda one: (-one.worst, net(one))))
    assert found.frontier == tuple(one for one in found.kept if not beaten(one))
    levels = dict.fromkeys(one.level for one in found.choices)
    wanted = []
    for level in levels:
        own = [one for one in found.choices if one.level == level]
        ranked = [worth(one, setting.hurts, setting.cost) for one in own]
        wanted.append(own[ranked.index(max(ranked))])
    assert found.by_level == tuple(wanted)
    now, last = best(1.0), 1.0
    for turn in turns:
        assert turn.at >= last
        just, after = (worth(now, turn.at, 0.0625), worth(turn.choice, turn.at, 0.0625))
        assert just == pytest.approx(after) or turn.at == last
        assert turn.choice.owed < now.owed
        now, last = turn.choice, turn.at
    edges = [1.0, *(turn.at for turn in turns), election.MOST["hurts"]]
    held = [best(1.0), *(turn.choice for turn in turns)]
    for low, high, one in zip(edges, edges[1:], held, strict=False):
        if high - low > 1e-6:
            middle = (low + high) / 2
            assert worth(one, middle, 0.0625) == pytest.approx(
                max(worth(other, middle, 0.0625) for other in found.choices)
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_are_means_over_every_order(seed):
    random = np.random.default_rng(seed)
    for players in (1, 2, 4):
        values = np.round(random.uniform(-5, 5, 2**players), 1)
        values[0] = 0.0
        wanted = np.zeros(players)
        orders = list(permutations(range(players)))
        for order in orders:
            inside = 0
            for player in order:
                wanted[player] += values[inside | 1 << player] - values[inside]
                inside |= 1 << player
        wanted /= len(orders)
        assert moved.shapley(values) == pytest.approx(wanted)
        two = moved.shapley(np.stack([values, 2 * values + 1], axis=1))
        assert two == pytest.approx(np.stack([wanted, 2 * wanted], axis=1))

        def value(inside, values=values, players=players):
            return values[(inside * 2 ** np.arange(players)).sum(axis=1)]

        assert exact_shares(value, players) == pytest.approx(wanted)
        if players > 1:
            found, error = drawn_shares(value, players, 400)
            assert np.all(np.abs(found - wanted) <= 5 * error + 1e-9)
            assert found.sum() == pytest.approx(values[-1])


@pytest.mark.parametrize("fields", HERE)
def test_a_result_at_every_quality_score_is_settled_score_by_score(fields):
    result = simulate(Scenario(**fields))
    found, s = study(result), result.scenario
    standard = float(result.quality_performance_standard)
    scores = sorted({*(n / 100 for n in range(101)), standard - BESIDE, standard,
                     float(s.quality_score)})  # fmt: skip
    assert found.score.tolist() == scores
    pays, points = [], []
    for at, score in enumerate(scores):
        one = simulate(replace(s, quality_score=score))
        pays.append(float(one.payment))
        assert (found.share[at], found.loss_rate[at]) == (
            one.final_sharing_rate, one.shared_loss_rate,
        )  # fmt: skip
        if at % 9 == 0:
            other = replace(s, quality_score=score,
                            alternative_standard_met=not s.alternative_standard_met)  # fmt: skip
            assert found.share_otherwise[at] == simulate(other).final_sharing_rate
        if round(score * 100) / 100 == score:
            points.append(float(one.payment))
        partial = bool(s.alternative_standard_met)
        wanted = (4 if score >= 0.8 else 3) if one.standard_met else (
            (2 if score >= 0.6 else 1) if partial else 0)  # fmt: skip
        assert found.band[at] == wanted
    assert found.payment.tolist() == pytest.approx(pays)
    assert found.payment_at_points.tolist() == pytest.approx(points)
    assert len(points) == 101
    assert found.value_of_points.tolist() == pytest.approx(
        [after - before for before, after in pairwise(points)], abs=1e-6
    )
    assert found.moves == (max(pays) - min(pays) >= CENT)
    assert found.gain == pytest.approx(max(pays) - float(result.payment))
    assert found.best_score == next(
        score for score, paid in zip(scores, pays, strict=True) if paid >= max(pays) - CENT
    )
    assert (found.own, found.standard) == (s.quality_score, standard)
    half = 0.5 if result.state == State.HALF_RATE else 1.0
    assert found.full_share == float(result.sharing_rate) * half
    assert found.at(found.payment, 0.5) == pytest.approx(pays[scores.index(0.5)])
    assert found.step(found.payment) == pytest.approx(
        pays[scores.index(standard)] - pays[scores.index(standard - BESIDE)]
    )
    for each in standards(result):
        one = simulate(replace(s, quality_performance_standard=each.standard))
        assert each.payment == pytest.approx(float(one.payment))
    assert band(np.array([0.6, 0.8, 0.59, 0.79]), np.array([0, 1, 0, 1]), 1).tolist() == [
        2,
        4,
        1,
        3,
    ]


@pytest.mark.parametrize(
    ("rates", "ends_"),
    [((0.0,), (-0.05, 0.06)), ((-0.05, 0.06), (-0.05, 0.06)), ((0.0601,), (-0.10, 0.14)),
     ((-0.0501, 0.01), (-0.10, 0.14)), ((-0.1, 0.14), (-0.10, 0.14)), ((0.141,), (-0.15, 0.15)),
     ((0.2, 0.0), (-0.15, 0.25)), ((-0.2, 0.1), (-0.25, 0.15)), ((-0.5, 0.5), (-0.6, 0.55))],
)  # fmt: skip
def test_a_curve_reaches_past_what_it_shows(rates, ends_):
    assert window(*rates, *rates[:1]) == ends_


def test_a_curve_is_settled_at_even_steps_and_beside_each_cliff():
    found = grid((-0.002, 0.003), 0.001, 0.02, 0.003)
    wanted = {round(n / 1000, 6) for n in range(-2, 4)}
    wanted |= {0.001 - BESIDE, 0.001 + BESIDE, 0.003 - BESIDE}
    assert found.tolist() == pytest.approx(sorted(wanted), abs=1e-12)
    assert len(grid((-0.1, 0.3))) == 401
    assert len(grid((-0.1, 0.301))) == 201
    for fields in HERE:
        result, other = simulate(Scenario(**fields)), simulate(Scenario())
        drawn = curve(result, other, limits=bool(fields))
        total = float(result.benchmark_total)
        for at in range(0, len(drawn.savings_rate), 17):
            cut = 1 - (1 - drawn.savings_rate[at]) / (1 - result.savings_rate) * (
                1 - result.scenario.cost_reduction
            )
            if abs(cut) < 0.55:
                one = simulate(replace(result.scenario, cost_reduction=float(cut)))
                assert drawn.payment[at] == pytest.approx(float(one.payment), abs=0.02)
                full = replace(one.scenario, quality_standard_met=True, quality_score=1.0)
                assert drawn.payment_at_full_quality[at] == pytest.approx(
                    float(simulate(full).payment), abs=0.02
                )
        assert drawn.here == (float(result.savings_rate), float(result.payment))
        assert drawn.baseline == (float(other.savings_rate), float(other.payment))
        assert drawn.reach[0] <= drawn.here[0] <= drawn.reach[1]
        assert (drawn.minimum_loss_rate is None) == (not result.two_sided)
        assert drawn.benchmark_total == total
        assert drawn.forgone == result.left_on_the_table
        by_minimum = result.lost_at_the_minimum > result.lost_to_quality
        assert drawn.lost_at == ("minimum" if by_minimum else "quality")
        assert 0 < drawn.most_earned <= 0.2 * total + 1
        assert 0 < drawn.most_owed <= 0.15 * total + 1
        kept = result.sharing_rate * (1 - result.rules.sequestration_rate)
        rate, dollars = drawn.limits[0]
        assert (dollars, rate * total * kept) == pytest.approx(
            (float(result.performance_payment_limit),) * 2
        )
        if fields and result.two_sided:
            low = drawn.limits[1]
            assert low[0] < 0 > low[1]
            limit = float(result.loss_recoupment_limit)
            assert -low[1] == pytest.approx(limit, rel=0.2)
        assert len(drawn.limits) == (2 if fields and result.two_sided else 1)


@pytest.mark.parametrize("lever", ["quality_score", "market_share", "assigned_beneficiaries"])
@pytest.mark.parametrize("goal", [6_516_510.0, 8e6, 1e9, -1e9])
def test_a_goal_is_sought_place_by_place(lever, goal):
    s = Scenario(other_acos_share=0.3)
    found, now = seek(s, lever, goal), float(getattr(s, lever))
    words = quantities()[lever]
    high = min(words.allowed[1], room(s, lever)) if lever == "market_share" else words.allowed[1]
    low, high = (words.allowed[0], high) if lever != "assigned_beneficiaries" else ends(s, lever)
    earns, most, best = None, -math.inf, None
    for place in places(s, lever, low, high):
        if (
            lever == "assigned_beneficiaries"
            and abs(place - now) > 600
            and place not in (low, high)
        ):
            continue
        paid = float(simulate(replace(s, **{lever: place})).payment)
        away = abs(place - now)
        if paid >= goal and (earns is None or away < abs(earns - now)):
            earns = place
        if paid > most + SAME_DOLLARS or (paid > most - SAME_DOLLARS and away < abs(best - now)):
            most, best = max(paid, most), place
    if lever != "assigned_beneficiaries" or earns == now:
        assert found.to == earns
        assert (found.lever, found.goal) == (lever, goal)
        if earns is not None:
            assert found.payment == pytest.approx(
                float(simulate(replace(s, **{lever: earns})).payment)
            )
        else:
            assert found.payment == found.most
    if lever != "assigned_beneficiaries":
        assert (found.best, found.most) == (best, pytest.approx(most))


def test_the_frontier_is_the_first_cut_that_earns():
    s = Scenario(quality_score=0.755)
    found = frontier(s, 7_000_000.0)
    standard = float(s.rules.quality_performance_standard)
    assert found.quality_score.tolist() == sorted({*(n / 100 for n in range(101)), 0.755, standard})
    cuts = places(s, "cost_reduction", -0.6, 0.6)
    for at in (0, 40, 76, 77, 78, len(found.quality_score) - 1):
        score = float(found.quality_score[at])
        paid = [float(simulate(replace(s, quality_score=score, cost_reduction=cut)).payment)
                for cut in cuts[600:700]]  # fmt: skip
        first = next((cut for cut, one in zip(cuts[600:700], paid, strict=True)
                      if one >= found.goal), np.nan)  # fmt: skip
        if not np.isnan(first):
            assert found.cost_reduction[at] == pytest.approx(first)
    assert found.reachable
    assert not frontier(s, 1e12).reachable
    limit = float(simulate(replace(s, cost_reduction=0.6, quality_score=1.0)).payment)
    assert found.most == pytest.approx(limit, rel=0.05)


@pytest.mark.parametrize("fields", HERE)
def test_stakes_and_curves_are_settled_contract_by_contract(fields):
    result = simulate(Scenario(**fields))
    found = stakes(result)
    rates = np.array([-0.2, -0.02, 0.0, 0.02, 0.1])
    levels = ("A", "C", "E", "ENHANCED")
    many = curves(result, levels, rates)
    cut, rate = result.scenario.cost_reduction, float(result.savings_rate)
    for (at, level), (place, each) in product(enumerate(levels), enumerate(rates)):
        own = 1 - (1 - each) / (1 - rate) * (1 - cut)
        one = simulate(replace(result.scenario, level=level, cost_reduction=float(own)))
        assert many[at, place] == pytest.approx(float(one.payment), abs=0.02)
    for row in found.contracts:
        one = simulate(replace(result.scenario, level=row.level))
        assert row.payment == pytest.approx(float(one.payment), abs=0.02)
        assert row.two_sided == bool(one.two_sided)
        assert row.minimum == pytest.approx(float(one.minimum_savings_rate))
        other = mirrored(result.scenario, rate)
        if other is not None:
            mirror = simulate(replace(one.scenario, cost_reduction=other))
            assert row.mirror == pytest.approx(float(mirror.payment), abs=0.02)
            assert float(mirror.savings_rate) == pytest.approx(-rate)
        assert row.most_owed >= 0
        assert (row.most_owed > 0) == row.two_sided
    assert mirrored(replace(result.scenario, own_effect=True), rate) is None
    assert mirrored(result.scenario, -0.62) is None
    edge = float(result.minimum_savings_rate)
    if rate < 0 and result.two_sided:
        edge = -edge
    assert cushion(found) == pytest.approx(abs(rate - edge))


@pytest.mark.parametrize("people", [4_999.0, 5_000.0, 45_000.0])
def test_minimums_by_size_are_settled_size_by_size(people):
    for level, chosen in (("E", 0.01), ("E", BY_SIZE), ("A", 0.01)):
        result = simulate(Scenario(level=level, minimum_election=chosen,
                                   assigned_beneficiaries=people))  # fmt: skip
        found = minimum_by_size(result, (1_000, 100_000))
        schedule = result.rules.minimum_savings_rate
        for bend in schedule.at:
            assert (bend in found.people) == (1_000 <= bend <= 100_000)
        for at in range(0, len(found.people), 6):
            size = float(found.people[at])
            for mine, which in ((found.by_table, BY_SIZE), (found.yours, chosen)):
                one = simulate(replace(result.scenario, assigned_beneficiaries=size,
                                       minimum_election=which))  # fmt: skip
                assert np.broadcast_to(mine, found.people.shape)[at] == pytest.approx(
                    float(one.minimum_savings_rate)
                )
        assert (found.own_people, found.own_minimum) == (people, result.minimum_savings_rate)
        assert found.chosen == (level == "E" and chosen != BY_SIZE and people >= 5_000)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("work", [0.5, 3.0, 6.0, 12.0])
def test_months_of_full_effect_are_the_area_under_its_growth(month, work):
    steps = 20_000
    left = 13 - month
    area = sum(min((n + 0.5) * left / steps / work, 1.0) for n in range(steps)) * left / steps
    assert effective_months(month, work) == pytest.approx(area, abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_small_sums_are_those_of_a_loop(seed):
    random = np.random.default_rng(seed)
    n = 6
    advanced, earned = (np.round(random.uniform(0, 5, n)) for _ in range(2))
    leaves = random.random(n) < 0.3
    taken, balance = [], 0.0
    for at in range(n):
        balance += advanced[at]
        back = min(balance, earned[at])
        taken.append(back)
        balance = 0.0 if leaves[at] else balance - back
    assert advances.recouped(advanced, earned, leaves).tolist() == taken
    owed, balance = [], 0.0
    for at in range(n):
        balance += advanced[at] - taken[at]
        owed.append(balance if leaves[at] else 0.0)
        balance = 0.0 if leaves[at] else balance
    assert advances.due(advanced, np.array(taken), leaves).tolist() == owed
    values = np.round(random.uniform(-9, 9, 37), 1)
    for asked in ((0, 50, 100), (5, 10, 90), (97.5,)):
        assert luck.percentiles(values, asked) == pytest.approx(tuple(np.percentile(values, asked)))
    assert luck.percentiles(np.array([3.0]), (0, 100)) == (3.0, 3.0)
    places_, gains = np.sort(values[:9]), np.sign(values[9:18])
    for own in (*places_, places_[0] - 1, places_.mean()):
        near = min(range(9), key=lambda at: (abs(places_[at] - own), at))
        others = [place for place, gain in zip(places_, gains, strict=True)
                  if (gain > 0) != (gains[near] > 0)]  # fmt: skip
        wanted = min(others, key=lambda place: abs(place - own)) if others else None
        assert nearest_turn(places_, gains, float(own)) == wanted
    groups = [str(one) for one in random.choice(list("abc"), 20)]
    before, after = (np.round(random.uniform(-2, 2, 20), 2) for _ in range(2))
    after[3:6] = before[3:6] + 0.004
    changes = by_group(groups, Comparison(before, after, (), True, ()))  # noqa: FBT003
    assert [one.group for one in changes] == list(dict.fromkeys(groups))
    for one in changes:
        rows = [at for at, name in enumerate(groups) if name == one.group]
        cents = [round(after[at] - before[at], 2) for at in rows]
        assert (one.acos, one.gain, one.lose) == (
            len(rows), sum(c > 0 for c in cents), sum(c < 0 for c in cents),
        )  # fmt: skip
        assert (one.before, one.after) == pytest.approx((before[rows].sum(), after[rows].sum()))
    wide = np.sort(values)
    assert year_band(wide)[0] <= year_band(wide)[1] <= year_band(wide)[2] <= year_band(wide)[3]
    assert year_band(np.float64(0.3)) == (0.3,) * 4


def test_rows_that_are_stacked_are_the_scenarios():
    each = [Scenario(cost_reduction=0.01 * n, level="AEC"[n], performance_year=2025 + n % 2,
                     person_year_share=(0.1, 0.2, 0.3, 0.4) if n else (0.25,) * 4)
            for n in range(3)]  # fmt: skip
    rows = stack(each)
    assert rows.shape == (3,)
    assert simulate(rows).payment == pytest.approx([simulate(one).payment for one in each])
    assert stack([each[0]] * 2).shape == (2,)
    assert stack(each[:1]).shape == ()
    table = tuple((9_000.0,) * 4 for _ in range(3))
    with pytest.raises(ValueError, match=r"^some scenarios have no regional_expenditure; give it"):
        stack([Scenario(), Scenario(regional_expenditure=table)])


@pytest.mark.parametrize("fields", HERE)
@pytest.mark.parametrize("per_person", [0.0, 95.0, 400.0, 5_000.0])
def test_the_break_even_is_the_first_cut_that_pays(fields, per_person):
    s = Scenario(**fields)
    cost = program_cost.ProgramCost(per_person=per_person, own_revenue=0.1, own_margin=0.5)
    wanted = per_person * s.assigned_beneficiaries

    def left(cut):
        one = simulate(replace(s, cost_reduction=cut))
        forgone = float(one.expenditure_total) * cut / (1 - cut) * 0.05
        return float(one.payment) - forgone - wanted

    found = program_cost.break_even(s, cost)
    coarse = [cut / 500 for cut in range(301)]
    first = next((cut for cut in coarse if left(cut) >= -1), None)
    if first is None:
        assert found is None or left(found) == pytest.approx(0, abs=1_000)
        return
    assert found is not None
    assert left(found) >= -1
    assert found <= first + 1e-9
    assert found == 0 or left(found - 1e-6) < 0


@pytest.mark.parametrize("months", [4, 10])
@pytest.mark.parametrize("fields", HERE[:3])
def test_cash_by_month_sums_to_the_year(fields, months):
    for cost in (
        program_cost.ProgramCost(per_person=95.0, own_revenue=0.2),
        program_cost.ProgramCost(per_person=95.0, advance=1_000_000.0),
    ):
        result = simulate(Scenario(**fields))
        found = cash.cash(result, cost, months)
        owes = result.payment < 0
        assert found.check == 12 + months + (3 if owes else 0)
        assert len(found.by_month) == found.check
        assert found.by_month.sum() == pytest.approx(found.net)
        assert found.cost[:11].tolist() == pytest.approx([-95 * 45_000 / 12] * 11, abs=0.01)
        assert not found.cost[12:].any()
        assert found.payment[found.check - 1] == pytest.approx(float(result.payment))
        assert np.count_nonzero(found.payment) <= 1
        assert found.advanced[0] == cost.advance
        assert not found.advanced[1:].any()
        total, sums = 0.0, []
        for flow in found.by_month:
            total += flow
            sums.append(total)
        assert found.so_far.tolist() == pytest.approx(sums)
        assert found.lowest == pytest.approx(min([*sums[: found.check - 1], 0.0]))
        back = -found.recouped[11 + months]
        assert back == pytest.approx(min(cost.advance, float(result.shared_savings)))


def test_a_pool_is_split_by_each_key():
    people = [Practice("A", 100.0), Practice("B", 300.0), Practice("C", 50.0, inside=False)]
    found = pool(type("S", (), {"practices": people, "fair": [3.0, -1.0, 9.0]}), 100.0)
    assert found.members == ("A", "B")
    by_key = {key: tuple(map(float, parts)) for key, parts in found.by_key.items()}
    assert by_key == {"people": (25.0, 75.0), "fair": (100.0, 0.0), "half": (62.5, 37.5)}


@pytest.mark.parametrize("fields", HERE[:3])
def test_the_map_of_cost_and_quality_is_settled_place_by_place(fields):
    s = Scenario(**fields)
    found = tradeoff(s)
    rates, scores = found.savings_rate, found.quality_score
    assert np.all(np.diff(rates) > 0)
    assert np.all(np.diff(scores) > 0)
    assert {float(s.quality_score), found.standard} <= {*map(float, scores)}
    now = simulate(s)
    assert found.here == pytest.approx((float(now.savings_rate), s.quality_score,
                                        float(now.payment)))  # fmt: skip
    random = np.random.default_rng(4)
    for down, along in zip(random.integers(len(scores), size=12),
                           random.integers(len(rates), size=12), strict=True):  # fmt: skip
        cut = 1 - (1 - rates[along]) / (1 - now.savings_rate) * (1 - s.cost_reduction)
        one = simulate(replace(s, quality_score=float(scores[down]), cost_reduction=float(cut)))
        assert found.payment[down, along] == pytest.approx(float(one.payment), abs=0.5)
    for number, one in enumerate(found.bands):
        line = found.payment[-1] if one > 0 else -found.payment[-1][::-1]
        along = rates if one > 0 else -rates[::-1]
        above = [at for at, paid in enumerate(line) if paid >= abs(one)]
        place = found.threshold[number][-1] * (1 if one > 0 else -1)
        if not above:
            assert np.isnan(place)
        elif above[0] > 0:
            assert along[above[0] - 1] <= place <= along[above[0]]
    assert cost_reduction_for(s, float(now.savings_rate)) == pytest.approx(
        s.cost_reduction, abs=0.0005
    )


def test_which_contracts_may_be_signed_by_a_table():
    told, most = [], next_contract.signing(2025).glide_path_agreements_at_most
    for level, experienced, used, period in product(
        ("A", "B", "E", "ENHANCED"), (None, True, False), (None, 0.0, 1.0, 2.0), (1, 3)
    ):
        s = Scenario(level=level, experienced_with_risk=experienced, agreement_period=period,
                     glide_path_agreements_used=used)  # fmt: skip
        signed = next_contract.may_sign(simulate(s))
        odd = next_contract.unusual(s)
        counts = level not in "AB" if experienced is None else experienced
        path = (level in "AB") if used is None else int(used)
        assert next_contract.experienced(s) == counts
        assert next_contract.glide_path_agreements(s) == int(path)
        told.append((signed, odd))
        if level not in "AB":
            assert odd == ""
        elif experienced:
            assert odd == "experienced"
        elif path > most:
            assert odd == "used up"
        else:
            assert odd == ("late" if period > most and used is None else "")
        steps = "BCDE"["ABCDE".index(level) :] if level in "ABCDE" and not experienced else ""
        assert set(steps) <= set(signed)
        assert {"ENHANCED"} <= set(signed)
    assert len(set(told)) > 4
    old = Scenario(level="1", agreement_start=dt.date(2016, 1, 1), performance_year=2017)
    assert next_contract.may_sign(simulate(old))[-1] == "3"
    assert next_contract.unusual(old) == ""


@pytest.mark.parametrize("people", [4_999.0, 5_000.0, 45_000.0])
@pytest.mark.parametrize("level", ["B", "D", "E", "ENHANCED"])
@pytest.mark.parametrize("revenue", [0.2, 0.5])
def test_each_draw_of_an_election_is_settled_alone(level, people, revenue):
    s = Scenario(level="E", assigned_beneficiaries=people, participant_revenue_share=revenue)
    total, n = float(simulate(s).benchmark_total), 9
    spent = total * (1 - np.linspace(-0.12, 0.16, n))
    spent[4] = total * 0.99
    score = np.array([0.2, 0.5, 0.767, 0.75, 0.9, 1.0, 0.0, 0.766, 0.8])
    drawn = TrueResults(
        quality_score=score, benchmark_total=np.full(n, total), expenditure_total=spent,
        two_way_total=np.full(n, total), **{
            field.name: None for field in dataclasses.fields(TrueResults)
            if field.name not in ("quality_score", "benchmark_total", "expenditure_total",
                                  "two_way_total")
        },
    )  # fmt: skip
    chosen = [0.0, 0.01, BY_SIZE]
    found = election.payments(s, s.rules, level, chosen, drawn)
    for place, minimum in enumerate(chosen):
        for at in range(n):
            one = settle(
                replace(s, level=level, minimum_election=minimum, quality_score=float(score[at])),
                s.rules, benchmark_total=total, expenditure_total=float(spent[at]),
                two_way_total=total,
            )  # fmt: skip
            assert found[place, at] == pytest.approx(float(one.payment), abs=0.01), (minimum, at)
        rate = election.minimum_of(s, s.rules, level, minimum)
        assert rate == pytest.approx(float(simulate(
            replace(s, level=level, minimum_election=minimum)).minimum_savings_rate))  # fmt: skip


@pytest.mark.parametrize("dollars", [100.0, -100.01, 1_000_000.07, 0.0])
@pytest.mark.parametrize("months", [1, 3, 12])
def test_dollars_go_evenly_over_months_and_the_last_takes_the_rounding(dollars, months):
    found = cash._evenly(dollars, np.arange(1, 16) <= months)
    assert found[: months - 1].tolist() == [round(dollars / months, 2)] * (months - 1)
    assert not found[months:].any()
    assert found.sum() == pytest.approx(dollars, abs=1e-9)
    assert found[months - 1] == pytest.approx(dollars - (months - 1) * round(dollars / months, 2))
    one = cash._in_month(dollars, months, 15)
    assert one[months - 1] == dollars
    assert one.sum() == dollars


def test_limits_of_a_curve_are_where_they_bind():
    for fields_ in ({}, {"level": "ENHANCED"}, {"level": "C", "participant_revenue_share": 0.3}):
        result = simulate(Scenario(**fields_))
        low = curve(result, result, limits=True).limits[1][0]
        for rate, capped in ((low, True), (low + 4e-6, False)):
            cut = 1 - (1 - rate) / (1 - result.savings_rate) * (1 - result.scenario.cost_reduction)
            one = simulate(replace(result.scenario, cost_reduction=float(cut)))
            assert (one.state == State.OVERSPENT_AT_THE_LOSS_LIMIT) == capped
