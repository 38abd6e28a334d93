"""Five years of a loaded ACO: its past is what CMS settled, its other years are drawn from it."""

from dataclasses import replace

import numpy as np
import pytest

from mssp_sim.cms_files import finding, published
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.screens.five_years import pictures, words
from mssp_sim.studies.agreement import (
    YearPlan,
    agreement,
    cells,
    past_of,
    with_cell,
    write_plan,
    years,
)
from tests.app.test_pages import opened

PALM_BEACH, HELD_TO_REVENUE = "A1001", "A1070"
SETTLED = (2020, 2021, 2022, 2023)


def of(aco_id, year, **changes):
    aco, found = finding.loaded(aco_id, year)
    scenario = replace(found.scenario, **changes)
    return aco, scenario, past_of(scenario, finding.scenarios(aco_id, years(scenario)))


@pytest.mark.parametrize("changes", [{}, {"cost_reduction": 0.02, "quality_score": 0.9}])
def test_the_past_is_what_cms_settled_whatever_the_levers_say(changes):
    _, scenario, past = of(PALM_BEACH, 2024, **changes)
    paid = finding.paid_by_cms(PALM_BEACH)
    found = {year.year: year for year in agreement(scenario, None, past).years}
    assert [year for year in found if found[year].as_settled] == list(SETTLED)
    for year in SETTLED:
        assert float(found[year].result.payment) == pytest.approx(paid[year], abs=1)
    own = float(found[2024].result.payment)
    assert (own == pytest.approx(paid[2024], abs=1)) == (not changes)


def test_the_next_target_is_made_from_the_years_as_they_were():
    _, scenario, past = of(PALM_BEACH, 2024)
    rebased = agreement(scenario, None, past).rebased
    rows = published.results(None)
    rows = rows[(rows["aco_id"] == PALM_BEACH) & rows["performance_year"].isin((2022, 2023, 2024))]
    each = rows["gross_savings"] / rows["person_years"]
    assert rebased.mean_savings == pytest.approx(each.mean(), rel=1e-4)
    repeated = agreement(scenario).rebased
    assert repeated.benchmark != pytest.approx(rebased.benchmark, rel=1e-3)
    assert rebased.benchmark_without_cut > rebased.benchmark
    # Nation and region go on as the scenario draws them: they alone are no record.
    assert agreement(scenario, None, {}).rebased.region == repeated.region


def test_a_year_typed_over_is_no_longer_as_cms_settled_it_and_is_again_when_it_is_emptied():
    _, scenario, past = of(PALM_BEACH, 2024)
    plan = with_cell(YearPlan(), scenario, "cut", 3, 0.02, past)
    typed = agreement(scenario, plan, past).years[3]
    assert (typed.year, typed.cost_reduction) == (2022, 0.02)
    assert (typed.of_the_past, typed.as_settled) == (True, False)
    own = past[2022].cost_reduction
    assert cells(scenario, YearPlan(), past)[3][0] == own != scenario.cost_reduction
    assert write_plan(with_cell(plan, scenario, "cut", 3, own, past)) is None


def test_a_slow_start_takes_nothing_off_what_was():
    _, scenario, past = of("A2024", 2024)
    cuts = [cut for cut, _ in cells(scenario, YearPlan(slow=True), past)]
    assert cuts[0] == past[2023].cost_reduction
    assert cuts[1] == pytest.approx(scenario.cost_reduction * 2 / 3)


def test_another_agreement_has_no_past_here():
    _, scenario, _ = of(PALM_BEACH, 2024)
    others = finding.scenarios(PALM_BEACH, (2016, 2017, 2018, 2019))
    assert len(others) == 4
    assert past_of(scenario, others) == {}


def test_a_loss_that_revenue_held_is_not_called_as_cms_settled_it():
    aco, scenario, past = of(HELD_TO_REVENUE, 2023)
    assert sorted(past) == [2020, 2021]
    five = agreement(scenario, None, past)
    said = words.beside_cms(aco, five, finding.paid_by_cms(HELD_TO_REVENUE))
    assert said.startswith("2020 and 2021 are as CMS settled them ($40.2M in all); the others")
    assert "For 2019 and 2022 the results inside hold no year of this agreement that" in said


def test_the_pictures_name_the_years_that_cms_settled():
    _, scenario, past = of(PALM_BEACH, 2024)
    five = agreement(scenario, None, past)
    assert [words.name(year) for year in five.years][:2] == ["2019", "2020, CMS"]
    assert [row["Rules"] for row in words.rows(five)].count(words.SETTLED) == len(SETTLED)
    bar = pictures.Paid("2020, CMS", "ENH", 1.0, "$1", None, "–", None, "", False, "2020*")  # noqa: FBT003
    picture = pictures.dollars([bar], "", "light", "")
    assert np.char.find(picture.datasets["marks"], b"2020, CMS") >= 0


def test_the_page_says_what_its_years_are():
    app = opened({"v": str(RULES_VERSION), "aco": "A1001.2024"})
    app.switch_page("pages/five_years.py").run()
    assert not app.exception, app.exception
    text = " ".join(one.value for one in app.main.markdown).replace("\\", "")
    assert "2020 to 2023 are as CMS settled them ($235.5M in all); the others are like 2024" in text
    assert app.number_input(key="years_cut_2").value == pytest.approx(
        100 * finding.scenarios(PALM_BEACH, (2020,))[2020].cost_reduction, abs=1e-4
    )
