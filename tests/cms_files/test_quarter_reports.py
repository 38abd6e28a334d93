"""A quarter's reports: steps A to W, and the settlement they lead to, beside a second hand's."""

import dataclasses
import random

import numpy as np
import pytest

from mssp_sim import simulate
from mssp_sim.cms_files.reports import by_aco, expected, read_report
from mssp_sim.cms_files.reports._sheet import read_sheet
from mssp_sim.figures import percent
from mssp_sim.quarter import STEPS, QuarterByType, steps
from tests.cms_files import report_oracle as oracle
from tests.cms_files import report_workbooks as made
from tests.cms_files import steps_oracle

EVERYDAY, ALL = 24, 300
CLOSE = 1e-9


def reports(files):
    return [read_report(made.opened(content, name)) for name, content in files.items()]


def expect(files):
    (aco,) = by_aco(reports(files))
    return expected(aco)


def inputs(year):
    return {"A": year.a, "B": year.b, "D": year.d, "E": year.e, "G": year.g,
            "H": [1 - x for x in year.g], "J": year.j, "L": year.l, "N": year.n,
            "N in all": year.n_total, "Q": year.q, "S": year.people}  # fmt: skip


def dressed(rng):
    stamp = rng.choice(["D250315.T0900000", "D251015.T1200000", "D259999.T9999999"])
    return made.Dress(rng, stamp=stamp)


def beside_the_point(year, dress, seed):
    """Return, for one in three, an earlier delivery without table 6 and another benchmark year."""
    if seed % 3 or not dress.stamp.startswith("D251"):
        return {}
    earlier = dataclasses.replace(year, l=[0.93 * x for x in year.l])
    before = dataclasses.replace(year, agreement_year=year.agreement_year + 1,
                                 a=[0.9 * x for x in year.a])  # fmt: skip
    plain = made.Dress(final=False, stamp="D240101.T0000000")
    return dict([made.bnmrk(earlier, plain), made.aexpu(before, made.Dress())])


def chosen(year, level):
    if year.minimum == "Variable" or level in ("A", "B"):
        return None
    return float(year.minimum[:-1]) / 100 if year.minimum else 0.02


def test_the_case_worked_by_hand():
    four = lambda first, second, rest=1.0: np.array([first, second, rest, rest])  # noqa: E731
    found = steps(
        QuarterByType(
            performance_year=2025, quarter=2, agreement_year=1,
            national_by3=four(100, 400), national_now=four(125, 440),
            regional_by3=four(200, 50), regional_now=four(220, 45),
            national_weight=four(0.25, 0.5), regional_weight=four(0.75, 0.5, 0.0),
            prospective_ratio=four(1.0625, 1.25), historical_benchmark=four(1_000, 2_000, 0.0),
            person_years=four(30, 50, 0.0), person_years_total=200,
            spending_per_person=700.0, people=210,
        )
    )  # fmt: skip
    for letter, wanted in (
        ("C", (1.25, 1.1)), ("F", (1.1, 0.9)), ("I", (1.1375, 1.0)), ("K", (1.1125, 13 / 12)),
        ("M", (1112.5, 6500 / 3)), ("O", (0.15, 0.25)),
    ):  # fmt: skip
        assert found.value(letter)[:2] == pytest.approx(wanted, rel=1e-12), letter
    assert float(found.value("P")) == pytest.approx(0.15 * 1112.5 + 0.25 * 6500 / 3, rel=1e-12)


def test_savings_that_meet_the_minimum_are_paid_not_only_those_above_it():
    at = made.Year(minimum="2.0%")
    target = oracle.steps(inputs(at), "E", 0.02)["P"]
    met = dataclasses.replace(at, q=target * 0.98)
    missed = dataclasses.replace(at, q=target * 0.98 + 0.01)
    assert [bool(expect(made.delivery(y)).steps.minimum_reached) for y in (met, missed)] == [
        True, False,
    ]  # fmt: skip
    assert float(simulate(expect(made.delivery(met)).scenario).payment) > 0


@pytest.mark.parametrize(
    "seed",
    [pytest.param(s, marks=[] if s < EVERYDAY else pytest.mark.long) for s in range(ALL)],
)
def test_a_delivery_comes_to_what_another_hand_finds(seed):
    rng = random.Random(seed)
    year = made.invented(rng)
    dress = dressed(rng)
    files = made.delivery(year, dress) | beside_the_point(year, dress, seed)
    found = expect(files)
    from_bytes = steps_oracle.read(files, opening_minimum=0.02)
    assert found.steps.quarter.performance_year == from_bytes["year"]
    level = "ENHANCED" if year.level == "ENHANCED" else year.level[-1]
    x, election = inputs(year), chosen(year, level)
    wanted = oracle.steps(x, level, election) | {
        key: x[key] for key in "ABDEGHJLNQS"
    }  # fmt: skip
    for step in STEPS:
        ours = found.steps.value(step.letter)
        for theirs in (wanted, from_bytes):
            if step.letter in "TVW":
                assert ours.item() == theirs[step.letter], step.letter
            else:
                assert ours == pytest.approx(np.array(theirs[step.letter]), rel=CLOSE), step.letter
    told = {
        "quality_score": rng.choice([0.55, 0.74, 0.9]),
        "alternative_standard_met": rng.random() < 0.5,
        "participant_revenue_share": rng.choice([0.2, 0.45, 1.5]),
    }
    scenario = dataclasses.replace(found.scenario, **told)
    result = simulate(scenario)
    years = year.n_total
    payment, both, saved = oracle.settled(
        x, year=year.performance_year, level=level, chosen=election,
        first_year=year.period.startswith("First") and year.agreement_year == 1,
        score=told["quality_score"], partial=told["alternative_standard_met"],
        revenue_share=told["participant_revenue_share"], person_years=years,
    )  # fmt: skip
    assert float(result.payment) == pytest.approx(payment, rel=CLOSE, abs=1e-4)
    assert float(result.gross_savings) == pytest.approx(saved, rel=1e-7, abs=0.01)
    assert float(result.target.benchmark) == pytest.approx(both, rel=CLOSE)
    assert scenario.level == level
    assert found.scenario.benchmark_calibration == 1.0


def test_growth_beyond_what_a_scenario_holds_stands_in_the_cut_and_a_note_says_so():
    usual, wild = made.Year(), made.Year(spent=[1.6 * x for x in made.Year().spent], q=20_000.0)
    (plain, far) = (expect(made.delivery(year)) for year in (usual, wild))
    assert float(plain.scenario.cost_reduction) == 0
    assert not [note for note in plain.notes if "cost reduction" in note]
    assert float(far.scenario.cost_reduction) < 0
    (note,) = [note for note in far.notes if "cost reduction" in note]
    assert f"{percent(far.scenario.cost_reduction)} stands" in note


def test_from_the_first_note_on_nothing_counts_nor_under_a_blank_heading():
    rows = [
        ["Table 1"], ["", "", "", "Performance Year"], ["", "BY3 [2]", "", "PY1"],
        ["[A1] Section [3]"], ["  ESRD [1]", "1", "9", "–"], ["Disabled", "2.5%", "9", ""],
        ["Note: of 2025"], ["Disabled", "7", "7", "7"],
    ]  # fmt: skip
    found = read_sheet("Table 1", rows, "")
    assert found.columns == ("BY3", "PY1")
    assert [(v.cell, v.code, v.type, v.column, v.number) for v in found.values] == [
        ("B5", "A1", 0, "BY3", 1.0), ("D5", "A1", 0, "PY1", None), ("B6", "A1", 1, "BY3", 0.025),
    ]  # fmt: skip
