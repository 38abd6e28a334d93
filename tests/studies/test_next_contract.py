"""The next election offers what such an ACO may sign; the contract it has always settles."""

import datetime as dt

import pytest

from mssp_sim import LEVELS, Scenario, simulate
from mssp_sim.parameters import TRACKS
from mssp_sim.screens.executive import words
from mssp_sim.studies.moves import moves
from mssp_sim.studies.next_contract import may_sign

RISK, PATH = "experienced_with_risk", "glide_path_agreements_used"
ALL, E_UP, ENHANCED = LEVELS, ("E", "ENHANCED"), ("ENHANCED",)
LOW, HIGH = 0.2, 0.45


def an_aco(year, level="B", **fields):
    start = fields.pop("start", dt.date(year, 1, 1))
    return Scenario(performance_year=year, agreement_start=start, level=level, **fields)


@pytest.mark.parametrize(
    ("scenario", "open_to_it"),
    [
        # Agreements from 2024 to 2026: inexperienced on the path, at most two of them.
        (an_aco(2024), ALL),
        (an_aco(2024, **{PATH: 1}), ALL),
        (an_aco(2024, "A", **{PATH: 2}), ("B", "C", "D", *E_UP)),  # the steps of this one
        (an_aco(2024, "E", **{RISK: False, PATH: 2}), E_UP),
        (an_aco(2024, "E", **{RISK: False, PATH: 1}), ALL),
        (an_aco(2024, **{RISK: True}), E_UP),
        (an_aco(2024, "E"), E_UP),
        (an_aco(2025, "ENHANCED"), E_UP),
        (an_aco(2024, "C"), ("D", *E_UP)),
        (an_aco(2024, "C", **{RISK: True}), E_UP),
        # Experienced before 2024: by revenue.
        (an_aco(2022, "E", participant_revenue_share=HIGH), ENHANCED),
        (an_aco(2022, "E", participant_revenue_share=LOW), E_UP),
        (an_aco(2022, "B", participant_revenue_share=HIGH), ALL),
        (an_aco(2022, "E", **{RISK: False, PATH: 2}), ENHANCED),
        # Agreements from 2027: one on the path, and only one that is not experienced.
        (an_aco(2026, "A"), ("B", "C", "D", *E_UP)),
        (an_aco(2026, "E", **{RISK: False, PATH: 0}), ALL),
        (an_aco(2026, "E", **{RISK: False, PATH: 1}), E_UP),
        (an_aco(2026, "E"), E_UP),
        # Before July 2019: two agreements in Track 1; tracks of the year.
        (an_aco(2014, "1", agreement_period=1), ("1", "2")),
        (an_aco(2014, "1", agreement_period=2), ("2",)),
        (an_aco(2015, "2", agreement_period=1), ("1", "2", "3")),
        (an_aco(2017, "1", agreement_period=1), ("1", "1+", "2", "3")),
        (an_aco(2018, "1", agreement_period=1), ()),
    ],
)
def test_an_aco_may_sign_what_the_rule_of_the_next_january_lets_it(scenario, open_to_it):
    assert may_sign(simulate(scenario)) == open_to_it


@pytest.mark.parametrize("year", range(2019, 2027))
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("told", [{}, {RISK: True}, {RISK: False}, {PATH: 2}])
def test_nothing_is_offered_that_may_not_be_signed(year, level, told):
    start = dt.date(2019, 7, 1) if year in (2019, 2021) else dt.date(year, 1, 1)
    result = simulate(an_aco(year, level, start=start, **told))
    offered = [m.fields["level"] for m in moves(result).next_election if "level" in m.fields]
    assert set(offered) <= set(may_sign(result)) - {level}


def test_what_is_said_of_the_aco_moves_no_dollar_of_its_settlement():
    for level in (*LEVELS, *TRACKS):
        year = 2025 if level in LEVELS else 2016
        plain = simulate(an_aco(year, level))
        for told in ({RISK: True}, {RISK: False}, {PATH: 0}, {PATH: 5}):
            assert simulate(an_aco(year, level, **told)).payment == plain.payment


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"agreement_period": 3}, "this late in its life"),
        ({RISK: True}, "experienced with risk"),
        ({PATH: 3}, "used up its glide path"),
        ({"agreement_period": 2}, ""),
        ({"agreement_period": 4, PATH: 2}, ""),
        ({"agreement_period": 3, "level": "E"}, ""),
    ],
)
@pytest.mark.parametrize("level", ["A", "B"])
def test_a_or_b_late_in_an_acos_life_settles_as_before_and_gets_a_note(level, fields, said):
    result = simulate(an_aco(2024, **{"level": level} | fields))
    note = words.contract_note(moves(result), result)
    assert said in note
    assert bool(note) == bool(said)
    if said:
        assert note.startswith(f"Contract {level} is unusual here")
        assert "settles like any other" in note
        told = {name: value for name, value in fields.items() if name in (RISK, PATH)}
        untold = {name: value for name, value in fields.items() if name not in told}
        assert result.payment == simulate(an_aco(2024, level, **untold)).payment
