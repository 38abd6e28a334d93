"""Program cost on Five years: the popover writes the link, the sentence and How? agree with it."""

import datetime as dt
import itertools

import pytest

from mssp_sim import Scenario
from mssp_sim.app.session import opening
from mssp_sim.figures import MINUS, money, percent, whole_dollars
from mssp_sim.link import decode, encode
from mssp_sim.parameters import KNOWN_BY
from mssp_sim.screens.five_years import figures, words
from mssp_sim.studies.advances import Investment, investment_paid, newest_rules, prepaid
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.program_cost import (
    ProgramCost,
    net,
    read_cost,
    spending_cut,
    write_cost,
)
from tests.screens.five_years.test_pages_of_years_and_luck import opened, places, said
from tests.voice import agrees, nonsense

NEW = {"level": "A", "agreement_period": 1, "participant_revenue_share": 0.2}
FROM_2026 = {"agreement_start": dt.date(2026, 1, 1), "performance_year": 2026}
SCENARIOS = {
    "opening": {},
    "new": NEW,
    "nothing earned": {"cost_reduction": 0.01},
    "overspent": {"cost_reduction": -0.04},
    "from 2026": {**FROM_2026, "cost_reduction": 0.015},
    "of 2022": {"agreement_start": dt.date(2022, 1, 1), "performance_year": 2023},
}
COSTS = {
    "investment": {"investment": Investment(33.6, 8_000, 7)},
    "prepaid": {"prepaid": 405.0},
    "amount": {"advance": 2e6},
    "own revenue": {"own_revenue": 0.3, "own_margin": 0.6},
    "all": {"per_person": 80.0, "own_revenue": 0.125, "investment": Investment()},
}


def settled(fields, cost):
    five = agreement(Scenario(**fields))
    results = [year.result for year in five.years]
    return five, results, net(results, cost)


def of_each():
    return pytest.mark.parametrize(("name", "kind"), list(itertools.product(SCENARIOS, COSTS)))


@of_each()
def test_the_sentence_says_each_part_that_moves_the_net(name, kind):
    cost = ProgramCost(**COSTS[kind])
    five, results, after = settled(SCENARIOS[name], cost)
    text = words.costs(after, cost, tuple(y.year for y in five.years), 0.03)
    assert text.startswith(f"Net {money(float(sum(after.net)))} over the years: ")
    forgone = float(sum(after.forgone))
    assert forgone == pytest.approx(
        sum(map(spending_cut, results)) * cost.own_revenue * cost.own_margin
    )
    assert (f"− {money(forgone)} less revenue of your own" in text) == (forgone > 0)
    assert (f"+ {money(-forgone)} more revenue of your own" in text) == (forgone < 0)
    assert ("of what you cut" in text) == (forgone > 0)
    assert ("of what you overspend" in text) == (forgone < 0)
    assert ("is your figure" in text) == bool(cost.own_revenue)
    shown = f"+ {money(float(sum(after.advanced)))} advanced − {money(float(sum(after.recouped)))}"
    assert (f"{shown} recouped" in text) == (kind in ("investment", "prepaid", "amount", "all"))
    due = float(sum(after.repaid))
    assert (f"− {money(due)} due when the agreement ends" in text) == (due > 5_000)
    carried = after.outstanding > 5_000
    assert (f"{money(after.outstanding)} of the advance is still to be taken back" in text) == (
        carried
    )
    assert ("what later years and agreements earn" in text) == (
        carried and cost.investment is not None
    )


@pytest.mark.parametrize("kind", ["investment", "prepaid"])
def test_who_leaves_reads_what_is_due_and_can_ask_for_it(kind):
    cost = ProgramCost(**COSTS[kind])
    fields = {"cost_reduction": 0.01, "months_in_program": 6} | (
        NEW if kind == "investment" else FROM_2026
    )
    five, results, after = settled(fields, cost)
    text = words.costs(after, cost, tuple(y.year for y in five.years), 0.03)
    assert f"− {money(float(sum(after.repaid)))} due when you leave" in text
    steps = {step.name: step for step in figures.net_of_cost(after, cost, results).how()}
    assert steps["Due when you leave"].amount == pytest.approx(float(sum(after.repaid)))
    assert steps["Due when you leave"].value in steps["Net"].numbers
    assert "Due at the end" not in steps


@of_each()
def test_how_leads_to_the_net_with_every_part_and_its_paragraph(name, kind):
    cost = ProgramCost(**COSTS[kind])
    _, results, after = settled(SCENARIOS[name], cost)
    steps = {step.name: step for step in figures.net_of_cost(after, cost, results).how()}
    assert all(agrees(step.value, step.amount) for step in steps.values())
    assert not any(nonsense(f"{step.words} {step.numbers}") for step in steps.values())
    assert steps["Net"].amount == pytest.approx(float(sum(after.net)))
    assert steps["Net"].value == money(float(sum(after.net)))
    for part, dollars in (("Recouped", after.recouped), ("Advance", after.advanced)):
        assert (part in steps) == cost.advanced
        if cost.advanced:
            assert steps[part].amount == pytest.approx(float(sum(dollars)))
            assert steps[part].value in steps["Net"].numbers
    assert ("Due at the end" in steps) == (cost.prepaid is not None)
    if cost.own_revenue:
        lost = steps["Own revenue lost"]
        assert lost.amount == pytest.approx(float(sum(after.forgone)))
        assert percent(cost.own_revenue, words.whole(cost.own_revenue)) in lost.numbers
        assert lost.value.replace(MINUS, "") in steps["Net"].numbers
        assert f"− {MINUS}" not in steps["Net"].numbers
    if cost.investment is not None:
        paid = investment_paid(cost.investment, results)
        assert steps["A quarter"].amount == pytest.approx(paid.a_quarter)
        assert steps["Paid once"].value == whole_dollars(paid.once)
        quarters = f"+ {paid.quarters} × {whole_dollars(paid.a_quarter)}"
        assert quarters in steps["Advance"].numbers
        assert steps["Recouped"].section == "425.630(g)(1), (3)"
        known = KNOWN_BY["does not apply" if name == "of 2022" else "rule"]
        assert steps["A person a quarter"].known == known
    if cost.prepaid is not None:
        paid = prepaid(cost.prepaid, results)
        for part, dollars in (("By earlier savings", paid.of_savings), ("Limit", paid.limit)):
            assert steps[part].amount == pytest.approx(float(dollars[-1]))
        assert steps["Multiplier"].amount == pytest.approx(float(paid.multiplier[-1]))
        assert steps["Due at the end"].amount == pytest.approx(float(sum(after.repaid)))
        assert steps["Recouped"].section == "425.640(g)(1)"


def test_what_a_scenario_lacks_is_named_and_a_year_without_advances_says_so():
    assert words.lacking("investment", ()) == ""
    assert words.lacking("investment", ("start",)) == (
        "Advance investment payments began with agreements of 2024: none is counted."
    )
    assert words.lacking("prepaid", ("start",)) == (
        "Prepaid shared savings began in 2026, in agreements from 2025: none is counted."
    )
    assert "lacks a first agreement, the levels and low revenue." in words.lacking(
        "investment", ("new", "level", "revenue")
    )
    assert "lacks earlier savings." in words.lacking("prepaid", ("history",))


def test_the_scale_is_written_from_the_parameter_file():
    help_ = words.scale_help(newest_rules().investment_by_score)
    assert help_.startswith("By score: 1–24 $0, 25–34 $20, ")
    assert "85–100 $45" in help_
    assert "33% of it is prepaid, at most 5% of national" in words.prepaid_help(newest_rules())


def test_a_link_with_advances_and_own_revenue_opens_on_what_it_says():
    app = opened("five_years", {"costs": "aip:28;own:30,60"}, **NEW)
    text = said(app)
    # 250,000 + 8 x 28 x 10,000 = 2,490,000
    assert "+ $2.5M advanced" in text
    assert "(30% of what you cut, 60% of that in the end)" in text
    assert "lacks" not in text
    app = opened("five_years", {"costs": "aip:28"})
    assert "this scenario lacks a first agreement, the levels and low revenue" in said(app)


def test_an_advance_is_chosen_typed_and_kept_in_the_link():
    app = opened("five_years", **NEW)
    app.session_state["years_costs"] = True
    app.run()
    app.selectbox(key="costs_kind").set_value("investment").run()
    assert places(app) == {"costs": "aip:"}
    assert app.number_input(key="costs_aip_each").value == 28
    assert app.number_input(key="costs_aip_people").value == 10_000
    app.number_input(key="costs_aip_each").set_value(33.6).run()
    app.number_input(key="costs_aip_quarters").set_value(3).run()
    assert places(app) == {"costs": "aip:33.6,,3"}
    app.number_input(key="costs_own").set_value(25).run()
    app.number_input(key="costs_margin").set_value(40).run()
    assert places(app) == {"costs": "aip:33.6,,3;own:25,40"}
    app.selectbox(key="costs_kind").set_value("prepaid").run()
    assert places(app) == {"costs": "prepaid:0;own:25,40"}
    app.number_input(key="costs_prepaid").set_value(405).run()
    assert places(app) == {"costs": "prepaid:405;own:25,40"}
    app.selectbox(key="costs_kind").set_value("amount").run()
    assert places(app) == {"costs": "advance:250000;own:25,40"}
    app.selectbox(key="costs_kind").set_value("none").run()
    app.number_input(key="costs_own").set_value(0).run()
    assert places(app) == {}
    said(app)


@pytest.mark.parametrize("kind", COSTS)
def test_a_link_opens_the_very_program_cost_it_was_made_of(kind):
    cost, scenario = ProgramCost(**COSTS[kind]), Scenario()
    start, baseline = opening().scenario, opening().baseline
    query = encode(scenario, baseline, start, baseline, places={"costs": write_cost(cost)})
    linked = decode({key: [text] for key, text in query.items()}, start, baseline)
    assert linked.notices == ()
    assert read_cost(linked.places["costs"]) == cost
