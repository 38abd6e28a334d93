"""An ACO found by its name, and its years side by side."""

import pytest

from mssp_sim.cms_files import history, published
from mssp_sim.cms_files.finding import choices, last_year, loaded
from mssp_sim.cms_files.own_years import own_years
from mssp_sim.parameters import rules_in_force

EVERY = 60
"""One ACO in so many is looked at."""

SOME = tuple(choices())[::EVERY]


def test_every_aco_inside_can_be_chosen_once():
    frame = published.results(("aco_id", "performance_year"))
    held = {i for one in choices().values() for i in (one.aco_id, one.encrypted) if i}
    assert held == set(frame["aco_id"])
    assert sum(len(one.years) for one in choices().values()) == len(frame)
    assert len({one.text for one in choices().values()}) == len(choices())
    latest = [one.years[-1] for one in choices().values()]
    assert latest == sorted(latest, reverse=True)
    assert latest[0] == last_year() == 2024


@pytest.mark.parametrize("aco_id", [*SOME, "A1001"])
def test_a_choice_has_the_years_that_history_joins(aco_id):
    joined = history.years_of(aco_id)
    assert choices()[aco_id].years == tuple(joined["performance_year"])
    assert [year.year for year in own_years(aco_id)] == list(choices()[aco_id].years)
    by_name = (joined["joined_by"] == history.BY_NAME).tolist()
    assert [year.by_name for year in own_years(aco_id)] == by_name


def test_an_aco_is_found_by_letters_of_an_earlier_name_and_by_its_identifier():
    for typed in ("palm bea", "a1001", "pbaco"):
        found = [one.aco_id for one in choices().values() if typed in one.text.casefold()]
        assert found == ["A1001"], typed


def test_a_year_of_an_aco_is_the_row_of_that_year_under_the_name_of_that_year():
    aco, found = loaded("A1001", 2016)
    assert (aco.aco_id, aco.year) == ("A1001", 2016)
    assert aco.name == "Palm Beach Accountable Care Organization, LLC"
    assert found.published == 30_540_508
    with pytest.raises(KeyError):
        loaded("A1001", 2012)


def test_years_say_what_cms_printed():
    years = own_years("A1001")
    assert [year.year for year in years if year.rebased] == [2016, 2020]
    assert [year.year for year in years if year.six_months] == [2019]
    last = years[-1]
    assert (last.benchmark, last.payment, last.level) == (14_486, 107_895_330, "ENHANCED")
    assert last.spending == pytest.approx(1_504_130_805 / 1_650_927_172 * 14_486)
    assert last.quality_score == last.quality_standard == 0.7705
    assert own_years("A1") == ()


@pytest.mark.parametrize("aco_id", SOME)
def test_what_came_of_a_year_is_one_of_its_figures(aco_id):
    for year in own_years(aco_id):
        paid, saved = year.payment, year.savings_rate
        assert (year.outcome == "paid") == (paid > 0)
        assert (year.outcome == "owed") == (paid < 0)
        if year.outcome == "minimum":
            assert 0 < saved < year.minimum_savings_rate
        if year.outcome == "quality":
            assert saved >= year.minimum_savings_rate
            assert year.standard_met == "none"
        if year.outcome == "overspent":
            assert saved <= 0


@pytest.mark.parametrize(("year", "acos"), [(2014, 6), (2017, 3)])
def test_who_saved_enough_and_missed_the_standard_lost_it_to_quality(year, acos):
    rows = published.results(year=year)
    enough = rows["savings_rate"] >= rows["minimum_savings_rate"] + 1e-6
    found = rows.loc[~rows["quality_standard_met"] & enough, "aco_id"]
    assert len(found) == acos
    for aco_id in found:
        (then,) = (one for one in own_years(aco_id) if one.year == year)
        assert then.outcome == "quality", aco_id


def test_the_standard_is_that_of_the_year():
    for year in own_years("A1001"):
        day = published.results(("aco_id", "agreement_start"), year=year.year)
        start = day.loc[day["aco_id"].isin(["A1001", "A67373"]), "agreement_start"].iloc[0].date()
        rules = rules_in_force(year.year, start)
        assert year.quality_standard == float(rules.quality_performance_standard)
