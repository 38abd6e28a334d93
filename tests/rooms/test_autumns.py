"""Five autumns against the page Five years: the same dollars, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssp_sim import Scenario
from mssp_sim.figures import rounded
from mssp_sim.rooms.autumns import Shock, cell, decision, season, shocks
from mssp_sim.rooms.error import RoomError
from mssp_sim.rooms.questions import YEARS, Autumns
from mssp_sim.studies.agreement import agreement, read_plan

QUESTION = Autumns(words="Ten tokens each autumn", start=Scenario())
TOKENS = st.lists(st.integers(0, 10), min_size=YEARS, max_size=YEARS)


def played(question, drawn, *teams):
    """Return the season in which seat 1, 2, ... put these tokens on cost, year by year."""
    given_ = {
        year: {seat: tokens[year - 1] for seat, tokens in enumerate(teams, 1)}
        for year in range(1, YEARS + 1)
    }
    return season(question, drawn, range(1, len(teams) + 1), given_, YEARS)


@given(TOKENS, TOKENS, st.integers(0, 2**31), st.sampled_from(["E", "ENHANCED", "C"]))
def test_a_team_is_paid_what_five_years_pays_for_its_year_table(one, other, seed, level):
    question = Autumns(words="Ten tokens each autumn", start=Scenario(level=level))
    drawn = shocks(seed, 1, 45_000)
    for team in played(question, drawn, one, other).teams:
        page = agreement(question.start, read_plan(team.plan))
        assert team.payments == tuple(rounded(float(paid), 2) for paid in page.payment)
        assert team.next_target == float(page.rebased.benchmark)
        assert team.choice + team.luck == team.result == sum(team.payments, Decimal(0))
        quiet = played(question, (Shock(0.0, 0.0),) * YEARS, team.tokens).teams[0]
        assert team.choice == quiet.result
        assert quiet.luck == 0


def test_the_same_seed_brings_the_same_shocks_to_every_team_and_another_round_brings_others():
    drawn = shocks(7, 1, 45_000)
    assert drawn == shocks(7, 1, 45_000) != shocks(7, 2, 45_000)
    found = played(QUESTION, drawn, [6] * YEARS, [6] * YEARS)
    assert found.shocks == drawn
    assert found.teams[0].payments == found.teams[1].payments


def test_six_tokens_in_a_year_that_costs_a_point_more_save_two_points():
    assert decision(6) == (0.03, 0.80)
    assert cell(6, Shock(0.010, -0.02)) == (0.02, 0.78)


def test_a_computer_plays_for_who_is_missing():
    missing = season(QUESTION, shocks(7, 1, 45_000), (1, 2), {2: {1: 9}}, YEARS)
    tokens = {team.team: (team.tokens, team.computer) for team in missing.teams}
    assert tokens[1] == ((6, 9, 9, 9, 9), (True, False, True, True, True))
    assert tokens[2] == ((6,) * 5, (True,) * 5)


def test_a_start_without_five_years_is_refused():
    old = Scenario(agreement_start="2016-01-01", performance_year=2018, level="1")
    with pytest.raises(RoomError, match="five years"):
        Autumns(words="x", start=old)
