"""Before Reveal no view of a phone or of the wall holds a figure of the answer, or of another."""

import dataclasses
import json
import math
from collections.abc import Mapping

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.learning.trainer import challenge, deck
from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.answers import decided_on
from mssp_sim.rooms.autumns import decision, shocks
from mssp_sim.rooms.error import NotFoundError
from mssp_sim.rooms.questions import (
    Autumns,
    Decide,
    Estimate,
    Goal,
    Vote,
    estimate_of,
    team_challenge,
    vote_on,
)
from mssp_sim.rooms.record import record
from mssp_sim.rooms.settled import curve_of, map_of, settle_decisions
from mssp_sim.rooms.views import for_phone, for_trainer, for_wall

OTHERS = ("Ben", "Cleo")
STEER = Decide(
    words="Earn as much as you can.",
    start=Scenario(risk_growth=0.013, regional_growth=0.047),
    free=("cost_reduction", "quality_score", "level", "minimum_election"),
    goal=Goal(earn=9e6, most_cut=0.035, least_quality=0.78, without="ENHANCED"),
)
AUTUMNS = Autumns(words="Five autumns. Where do your tokens go?", start=Scenario())
BOTTOM = {"cost_reduction": 0.0371, "quality_score": 0.813, "level": "ENHANCED"}
ROUNDS = {
    "vote": (vote_on("slip"), (1, 2, 2)),
    "estimate": (estimate_of("slip"), (1.25e6, 2.75e6, -3.5e6)),
    "decide": (STEER, ({"cost_reduction": 0.012}, BOTTOM, {"level": "B"})),
    "autumns": (AUTUMNS, (3, 8, 9)),
}


def leaves(value):
    """Return every number and every text that a view holds, wherever it stands in it."""
    if dataclasses.is_dataclass(value):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return [leaf for pair in value.items() for one in pair for leaf in leaves(one)]
    if isinstance(value, np.ndarray):
        return leaves(value.tolist())
    if isinstance(value, tuple | list | set):
        return [leaf for one in value for leaf in leaves(one)]
    return [value]


def numbers(view):
    return [
        float(leaf) for leaf in leaves(view)
        if isinstance(leaf, int | float | np.number) and not isinstance(leaf, bool)
    ]  # fmt: skip


def holds(view, amount):
    """Return whether a view holds a figure, as a number or written in one of its texts."""
    if any(math.isclose(one, amount, rel_tol=1e-6, abs_tol=1e-9) for one in numbers(view)):
        return True
    written = {f"{amount * 100:.1f}%"}
    if abs(amount) > 1_000:
        written = {f"{amount:,.0f}", f"{amount:.0f}", f"{amount / 1e6:.1f}M"}
    return any(isinstance(leaf, str) and w in leaf for leaf in leaves(view) for w in written)


def started(store, question, given):
    made = room.open_room(store)
    seats = [room.join(store, made.code, name) for name in ("Ann", *OTHERS)]
    number = rounds.start_round(store, made.code, made.key, question, seconds=600)
    year = int(isinstance(question, Autumns))
    for seat, value in zip(seats, given, strict=True):
        rounds.answer(store, made.code, seat.token, number, year, value)
    return made, seats


def figures_of_the_answer(question, given, seed):
    """Return what nobody may see before Reveal: the answer, and what the others sent."""
    if isinstance(question, Estimate):
        return [question.truth, *given[1:]]
    if isinstance(question, Decide):
        found = settle_decisions(question, dict(enumerate(given)))
        start = simulate(question.start)
        figures = [*found.payment, *found.savings_rate, start.payment, start.savings_rate,
                   BOTTOM["cost_reduction"], BOTTOM["quality_score"]]  # fmt: skip
        return [figure for figure in figures if figure]
    if isinstance(question, Autumns):
        drawn = shocks(seed, 1, 45_000)
        paid = [simulate(dataclasses.replace(question.start, cost_reduction=decision(n)[0],
                                             quality_score=decision(n)[1])).payment
                for n in given]  # fmt: skip
        return [x for shock in drawn for x in (shock.spending, shock.quality) if x] + [
            x for x in paid if x
        ]
    return []


@pytest.mark.parametrize("kind", ROUNDS)
@pytest.mark.parametrize("state", ["collecting", "locked", "timer over"])
def test_before_reveal_nothing_tells_the_answer(store, clock, kind, state):
    question, given = ROUNDS[kind]
    made, seats = started(store, question, given)
    if state == "locked":
        rounds.lock(store, made.code, made.key)
    if state == "timer over":
        clock.now += 601
    seed = for_trainer(store, made.code, made.key).seed
    phone, wall = for_phone(store, made.code, seats[0].token), for_wall(store, made.code)
    assert phone.answer == given[0]
    assert (phone.told, phone.live, wall.shown) == (None, None, None)
    assert (wall.seats_in, wall.answers_in) == (3, 3)
    for view in (phone, wall):
        for amount in figures_of_the_answer(question, given, seed):
            assert not holds(view, amount), amount
        texts = [leaf for leaf in leaves(view) if isinstance(leaf, str)]
        secret = [made.key, seats[1].token, seats[2].token, *OTHERS]
        if isinstance(question, Vote):
            secret += [question.why, *filter(None, question.beliefs)]
        assert not [text for text in texts for one in secret if one in text]
    assert seats[0].token not in repr(wall)
    # The same views with another answer and other seats' choices are the same to the last bit.
    if isinstance(question, Vote):
        turned = dataclasses.replace(question, right=0, beliefs=())
        again, others = started(store, turned, (given[0], 0, 3))
        if state == "locked":
            rounds.lock(store, again.code, again.key)
        if state == "timer over":
            clock.now += 601
        twin = for_phone(store, again.code, others[0].token)
        assert dataclasses.replace(twin, code=phone.code, version=phone.version) == phone


@pytest.mark.parametrize("kind", ROUNDS)
def test_after_reveal_everybody_is_told(store, kind):
    question, given = ROUNDS[kind]
    made, seats = started(store, question, given)
    rounds.reveal(store, made.code, made.key)
    phone, wall = for_phone(store, made.code, seats[0].token), for_wall(store, made.code)
    seed = for_trainer(store, made.code, made.key).seed
    assert phone.told is not None
    shown = wall.shown
    if kind == "vote":
        assert (phone.told.right, phone.told.good, shown.counts) == (2, False, (0, 1, 2, 0))
        assert shown.believed[0] == question.options[1]
    if kind == "estimate":
        assert phone.told.truth == shown.truth == question.truth
        assert shown.estimates == (-3.5e6, 1.25e6, 2.75e6)
        assert (shown.median, shown.middle_half) == (1.25e6, (-1.125e6, 2e6))
    if kind == "decide":
        assert holds(phone.told.mine, float(simulate(decided_on(STEER, given[0])).payment))
        assert [dot.payment for dot in shown.dots] == sorted(dot.payment for dot in shown.dots)
        assert (shown.met, phone.told.good) == (0, False)
    if kind == "autumns":
        drawn = shocks(seed, 1, 45_000)[0]
        assert phone.played.shocks == ((drawn.spending, drawn.quality),)
        assert phone.played.own.seats == (1,)
        assert len(shown.season.teams) == 3
    assert not [leaf for leaf in leaves((phone, wall)) if leaf in OTHERS]  # names are not asked for
    others = [seat.token for seat in seats[1:]] + [made.key]
    assert not any(secret in repr((phone, wall)) for secret in others)
    json.dumps(list(leaves((phone, wall))), default=str)


def test_names_stand_on_the_wall_only_if_the_trainer_says_so(store):
    question, given = ROUNDS["decide"]
    made, _ = started(store, question, given)
    room.show_names(store, made.code, made.key, shown=True)
    assert for_wall(store, made.code).shown is None
    rounds.reveal(store, made.code, made.key)
    assert {dot.name for dot in for_wall(store, made.code).shown.dots} == {"Ann", *OTHERS}
    room.show_names(store, made.code, made.key, shown=False)
    assert {dot.name for dot in for_wall(store, made.code).shown.dots} == {""}


def test_a_live_decision_shows_its_own_dollars_and_no_other(store):
    question, given = dataclasses.replace(STEER, live=True), ROUNDS["decide"][1]
    made, seats = started(store, question, given)
    phone = for_phone(store, made.code, seats[0].token)
    own = simulate(decided_on(question, given[0]))
    assert phone.live.payment == pytest.approx(float(own.payment), abs=0.005)
    assert phone.live.met is None
    rates, paid = phone.live.curve  # of its own ACO, with its own point on it
    at = np.interp(phone.live.savings_rate, rates, paid)
    assert at == pytest.approx(phone.live.payment, rel=0.02)
    others = settle_decisions(question, dict(enumerate(given[1:])))
    assert not any(holds(phone, paid) for paid in others.payment)


def test_a_card_never_tells_its_answer_in_question_or_options(store):
    for key in deck():
        question = vote_on(key)
        made = room.open_room(store)
        seat = room.join(store, made.code)
        rounds.start_round(store, made.code, made.key, question)
        phone = for_phone(store, made.code, seat.token)
        assert {f.name for f in dataclasses.fields(phone.asked)}.isdisjoint(
            {"right", "truth", "why", "beliefs", "debrief", "goal", "start"}
        )
        assert question.why not in repr(phone)
        room.close_room(store, made.code, made.key)


def test_one_array_call_settles_each_decision_as_alone():
    given = {
        7: BOTTOM, 2: {"cost_reduction": 0.035, "quality_score": 0.8}, 3: {"level": "A"},
        4: {"minimum_election": "size"}, 9: {"cost_reduction": -0.05, "minimum_election": 0.0},
    }  # fmt: skip
    found = settle_decisions(STEER, given)
    assert found.seats == (2, 3, 4, 7, 9)
    for row, seat in enumerate(found.seats):
        alone = simulate(decided_on(STEER, given[seat]))
        assert found.payment[row] == pytest.approx(float(alone.payment), abs=0.005)
        assert found.savings_rate[row] == pytest.approx(float(alone.savings_rate), abs=1e-12)
        assert found.met[row] == bool(STEER.goal.met(alone))
    assert found.met.tolist() == [True, False, False, False, False]
    assert curve_of(STEER).here[1] == pytest.approx(float(simulate(STEER.start).payment))
    assert map_of(STEER).here[2] == pytest.approx(float(simulate(STEER.start).payment))


def test_the_goal_of_the_team_challenge_is_what_the_desk_checks():
    question, known = team_challenge(), challenge()
    for cut in (0.02, 0.0349, 0.035, 0.0351, 0.05):
        for score in (0.7, 0.766, 0.767, 0.9):
            for level in ("E", "B", "ENHANCED"):
                decided = {"cost_reduction": cut, "quality_score": score, "level": level}
                result = simulate(decided_on(question, decided))
                wanted = all(check.holds for check in known.checks(result)[:3])
                assert bool(question.goal.met(result)) == wanted, decided


def test_only_the_key_opens_the_trainers_view(store):
    made, seats = started(store, *ROUNDS["vote"])
    for key in ("", seats[0].token, made.key[:-1], made.key + "a", "\0", "\ud800", None, 5):
        with pytest.raises(NotFoundError):
            for_trainer(store, made.code, key)
    seen = for_trainer(store, made.code, made.key)
    assert [seat.name for seat in seen.seats] == ["Ann", *OTHERS]
    assert seen.question.right == 2


def test_what_is_taken_away_of_five_autumns_is_what_the_wall_shows(store):
    made = room.open_room(store)
    seats = [room.join(store, made.code) for _ in range(3)]
    number = rounds.start_round(store, made.code, made.key, ROUNDS["autumns"][0])
    rounds.answer(store, made.code, seats[0].token, number, 1, 4)
    rounds.reveal(store, made.code, made.key)
    shown = for_wall(store, made.code).shown
    assert len(shown.season.teams) == 3  # the computer plays for who is silent
    (told,) = record(store, made.code, made.key).rounds
    assert told.shown.season == shown.season
