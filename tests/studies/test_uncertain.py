"""What is not certain: four things, each with the dollars that it moves on two scenarios."""

import datetime as dt
import tomllib
from dataclasses import replace

import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.cms_files import read
from mssp_sim.screens.rules import page
from mssp_sim.studies.uncertain import SOURCE, median_aco, moved, uncertain
from tests.cms_files.published import results_file

TYPES = ("esrd", "disabled", "aged_dual", "aged_non_dual")


def dollars(name):
    (item,) = [item for item in uncertain() if item.name == name]
    return item.opening, item.median


def test_a_missed_standard_takes_a_quarter_of_the_share_of_the_opening_scenario():
    # $17,732,000 × 50% × 98% with the standard met, and times the score of 75 without.
    opening, median = dollars("quality_standards")
    assert opening == pytest.approx(17_732_000 * 0.5 * 0.98 * 0.25)
    saved = simulate(median_aco()).gross_savings
    assert median == pytest.approx(saved * 0.75 * 0.98 * (1 - 0.8311))


def test_the_weight_of_2024_moves_only_2024():
    opening, median = dollars("sixth_of_2024")
    assert opening == 0
    rules = rules_in_force(2024, median_aco().agreement_start)
    third = simulate(median_aco(), replace(rules, prospective_trend_weight=1 / 3))
    assert median == pytest.approx(simulate(median_aco()).payment - third.payment)
    assert median > 0


def test_small_entrants_of_2027_are_neither_of_the_two():
    assert dollars("small_entrants") == (0, 0)


@pytest.mark.parametrize(
    ("year", "start", "people", "cut", "all_of_it"),
    [(2027, 2027, 4_000, 0.06, True), (2027, 2027, 4_000, -0.06, True),
     (2027, 2027, 5_000, 0.06, False), (2027, 2026, 4_000, 0.06, False),
     (2026, 2026, 4_000, 0.06, False)],
)  # fmt: skip
def test_a_small_entrant_of_2027_may_lose_or_keep_all_of_it(year, start, people, cut, all_of_it):
    entrant = Scenario(
        performance_year=year, agreement_start=dt.date(start, 1, 1), cost_reduction=cut,
        assigned_beneficiaries=people, assume_last_published=True,
    )  # fmt: skip
    paid = abs(float(simulate(entrant).payment))
    assert paid > 0
    assert moved("small_entrants", entrant) == (paid if all_of_it else 0)


def test_the_limits_of_track_1_plus_move_only_track_1_plus():
    assert dollars("track_1_plus") == (0, 0)
    old = Scenario(
        level="1+", agreement_start=dt.date(2018, 1, 1), performance_year=2018, cost_reduction=-0.2
    )
    assert moved("track_1_plus", old) > 0


def test_the_median_aco_is_the_median_of_the_file_of_2024():
    frame = read(results_file(2024))
    given = tomllib.loads(SOURCE.read_text("utf-8"))["median_aco"]["scenario"]
    people = {t: frame[f"person_years_{t}_by3"].fillna(0) for t in TYPES}
    spent = sum(people[t] * frame[f"expenditure_{t}_by3"].fillna(0) for t in TYPES)
    began = frame[frame["agreement_start"] == "2024-01-01"]
    ratio = frame["person_years"] / frame["assigned_beneficiaries"]
    growth = round((began["benchmark"] / began["historical_benchmark"]).median() - 1, 4)
    assert given == {
        "performance_year": 2024,
        "agreement_start": frame["agreement_start"].mode()[0].date(),
        "agreement_period": frame["agreement_period"].mode()[0],
        "level": frame["level"].mode()[0],
        "assigned_beneficiaries": frame["assigned_beneficiaries"].median(),
        "person_years_ratio": round(ratio.median(), 5),
        "cost_per_person": round((spent / sum(people.values())).median()),
        "cost_reduction": round(frame["savings_rate"].median(), 4),
        "quality_score": frame["quality_score"].median(),
        "national_growth": growth,
        "regional_growth": growth,
        "own_growth": growth,
        "prospective_trend": 0.049,
    }
    assert (len(frame), len(began)) == (476, 140)


def test_the_page_lists_each_with_its_dollars():
    said = page.not_certain().replace("\\", "").splitlines()
    assert len(said) == len(uncertain()) == 4
    assert "It moves $2.2M on the opening scenario" in said[0]
    assert "It moves nothing on the opening scenario, $" in said[1]
    assert said[2].endswith("It moves nothing on the opening scenario or on a median ACO of 2024.")
