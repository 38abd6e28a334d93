"""Each rule read anew in the text: without it, a case worked by hand goes wrong."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.rules import benchmark
from tests.test_golden import cases, check

GOOD = {"quality_score": 0.82}
CASES = {case.values[0]["name"]: case.values[0] for case in cases("each_rule")}


def population_not_reduced(share, mix, nation, _regional, _prior, cap, threshold):
    return np.where(share >= threshold - 1e-9, cap * np.vecdot(nation, mix) * share, 0.0)


def offset_by_people(_dual, risk, _spent, mix):
    return np.clip(mix[..., 2] + np.vecdot(risk, mix) - 1, 0.0, 1.0)


def first_of_equals_by_the_last_bit(regional, prior, population):
    highest = np.maximum(np.maximum(regional, prior), population)
    which = np.where(regional == highest, 1, np.where(prior == highest, 2, 3))
    return np.where(highest > 0, which, 0)


def goes_wrong(name, **changed):
    case = CASES[name]
    scenario = Scenario(**(GOOD | case["given"]))
    with pytest.raises(AssertionError):
        check(case, simulate(scenario, replace(scenario.rules, **changed)))


def test_the_cases_hold():
    for case in CASES.values():
        check(case, simulate(Scenario(**(GOOD | case["given"]))))


def test_without_the_reduction_the_population_adjustment_wins_too_often(monkeypatch):
    monkeypatch.setattr(benchmark, "population_adjustment", population_not_reduced)
    goes_wrong(
        "40 % of the people have low income, but the savings before are worth more than what they "
        "leave"
    )


@pytest.mark.parametrize("name", ["risk weighs by dollars", "every person with Medicaid counts"])
def test_without_its_weights_or_without_the_younger_the_offset_is_another(monkeypatch, name):
    name = f"a negative amount is softened: {name}"
    monkeypatch.setattr(benchmark, "offset_to_negative_adjustment", offset_by_people)
    goes_wrong(name)


def test_a_chosen_minimum_that_gave_way_in_every_year():
    goes_wrong(
        "before July 2019 a chosen minimum holds under 5,000 people",
        people_for_chosen_minimum=5_000,
    )


def test_a_chosen_minimum_that_never_gave_way():
    goes_wrong("from July 2019 on it does not", people_for_chosen_minimum=0)


def test_a_choice_in_track_2_of_2013():
    goes_wrong(
        "Track 2 of 2013 has 2 % whatever it chose",
        minimum_rate_without_choice=np.full(10, np.inf),
    )


def test_the_last_bit_between_equal_adjustments_does_not_move_the_target(monkeypatch):
    # Half of 600.0000000000001 saved against a regional adjustment of 300: by the last bit the flat
    # one wins, and where the mix of people moved the target is another.
    def targets():
        region = np.array([10_600.0, 10_000, 10_000, 10_000])
        fields = {
            "expenditure": np.full((3, 4), 10_000.0),
            "regional_expenditure": np.tile(region, (3, 1)),
            "national_expenditure": np.full((3, 4), 10_000.0),
            "person_year_share_by3": (1.0, 0, 0, 0),
            "person_year_share": (0.5, 0.5, 0, 0),
        }
        saved = np.array([600.0, np.nextafter(600.0, 601)])
        flat = dict.fromkeys(("national_growth", "regional_growth", "prospective_trend"), 0.0)
        found = simulate(Scenario(prior_savings_per_person=saved, **fields, **flat))
        return found.target.adjustments.kind.tolist()

    assert targets() == [benchmark.REGIONAL, benchmark.REGIONAL]
    monkeypatch.setattr(benchmark, "highest_adjustment", first_of_equals_by_the_last_bit)
    assert targets() == [benchmark.REGIONAL, benchmark.PRIOR_SAVINGS]


# Half years, 42 CFR 425.609(b)(3)(ii)(D)-(E) and (c)(3)(ii)(D)-(E): twelve months are settled and
# limited, "multiplying the amount by one-half".

HALVES = {
    "July to December 2019": {"agreement_start": dt.date(2019, 7, 1), "level": "E"},
    "July to December 2019, ENHANCED": {
        "agreement_start": dt.date(2019, 7, 1),
        "level": "ENHANCED",
    },
    "January to June 2019": {"agreement_start": dt.date(2016, 1, 1), "level": "3"},
    "January to June 2019, Track 2": {"agreement_start": dt.date(2016, 1, 1), "level": "2"},
}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("hit", [0.0, 0.4])
def test_a_half_year_is_one_half_of_twelve_months_settled_and_limited(half, hit):
    fields = HALVES[half] | {"performance_year": 2019, "quality_score": 0.9, "disaster_share": hit}
    reach = np.linspace(-0.5, 0.5, 41)
    six, twelve = (
        simulate(Scenario(cost_reduction=reach, performance_year_months=months, **fields))
        for months in (6, 12)
    )
    assert np.any(twelve.above_limit > 0)
    assert "overspent_at_the_loss_limit" in set(twelve.state)
    for name in ("shared_savings", "shared_losses", "forgiven", "above_limit"):
        assert getattr(six, name) == pytest.approx(getattr(twelve, name) / 2, abs=0.01), name
    for name in ("final_sharing_rate", "shared_loss_rate", "minimum_savings_rate"):
        assert getattr(six, name) == pytest.approx(getattr(twelve, name)), name
    assert list(six.state) == list(twelve.state)
