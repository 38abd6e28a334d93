"""The arithmetic: every step of the rule has its line, and every line says what was computed."""

import datetime as dt
import inspect
from dataclasses import fields

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.figures import money
from mssp_sim.parameters import Rules, parameters
from mssp_sim.rules import benchmark, corridor, quality, settlement
from mssp_sim.simulation import Result
from mssp_sim.trace import LINES, ours, trace
from mssp_sim.words.bridge import bridge_rows
from mssp_sim.words.tiles import four_tiles
from tests import random_scenarios

NOT_SETTLED_BY = {"source", "agreement_length"}
"""Fields of the rules that no settlement reads: where they come from, how long an agreement is."""


def public_steps():
    return {
        step
        for module in (benchmark, corridor, quality, settlement)
        for name, step in inspect.getmembers(module, inspect.isfunction)
        if step.__module__ == module.__name__ and not name.startswith("_")
    }


def settlements():
    for seed in range(120):
        yield simulate(Scenario(**random_scenarios.fields(np.random.default_rng(seed))))
    for seed in range(60):
        yield simulate(random_scenarios.by_chance_by_type(seed))


def test_every_step_of_the_rule_has_a_line():
    assert {step for line in LINES for step in line.by} == public_steps()


def test_every_parameter_is_read_by_a_line():
    read = {name for line in LINES for name in line.reads}
    assert read == {field.name for field in fields(Rules)} - NOT_SETTLED_BY
    assert read <= set(parameters())


def test_lines_build_only_on_lines_before_them():
    known = set()
    for line in LINES:
        assert set(line.needs) <= known, line.key
        known.add(line.key)


def test_a_line_named_like_a_result_is_that_result():
    of_result = {name for name in dir(Result) if not name.startswith("_")}
    for result in settlements():
        lines = trace(result)
        for line in LINES:
            if line.key in of_result:
                expected = getattr(result, line.key)
                if line.key == "loss_recoupment_limit" and not result.two_sided:
                    expected = 0.0
                assert lines[line.key].amount == pytest.approx(float(expected)), line.key


def test_what_is_shown_is_what_how_ends_with():
    for result in settlements():
        lines = trace(result)
        for shown in (*four_tiles(result, result), *bridge_rows(result)):
            last = shown.how()[-1]
            assert last == lines.how(shown.key)[-1]
            assert abs(last.amount) == pytest.approx(abs(shown.amount))
            if "$" in shown.shown and not shown.look and not shown.why_rounded:
                assert money(abs(last.amount)) == shown.shown


def test_the_settlement_ends_with_what_is_paid_or_owed():
    for result in settlements():
        proper = [step for step in trace(result).steps() if step.section.startswith("425")]
        end = proper[-1]
        owed = result.gross_savings < 0
        assert end.key == ("shared_losses" if owed else "shared_savings")
        assert end.amount == (result.shared_losses if owed else result.shared_savings)


def test_the_share_of_savings_can_be_worked_out_from_what_is_written():
    lines = trace(simulate(Scenario()))
    assert lines["payment_before_limit"].numbers.startswith("$17,732,000 × 37.5%")
    assert lines["sequestration"].numbers == "$6,649,500 × 2.0%"
    assert lines["shared_savings"].numbers == "$6,649,500 − $132,990"
    assert lines["shared_savings"].value == "$6,516,510"
    assert lines["left_on_the_table"].value == "$2,172,170"


def test_the_cap_on_the_regions_risk_growth_can_be_worked_out_from_its_own_line():
    # Two years: 1.08 ^ 2 = 1.1664; its cap 1.01 ^ 2 + 0.03 + 10% x the excess over that.
    here = Scenario(
        performance_year=2026, regional_risk_growth=0.08, regional_demographic_growth=0.01
    )
    line = trace(simulate(here))["regional_risk_factor"]
    bound = 1.01**2 + 0.03
    cap = bound + 0.1 * (1.08**2 - bound)
    for operand in ("(1 + 8.0%)^2 = 1.166400", "(1 + 1.0%)^2 + 3.0%",
                    f"10.0% × (1.166400 − {bound:.6f}) = {cap:.6f}",
                    f": 1.166400 / {cap:.6f}"):  # fmt: skip
        assert operand in line.numbers
    assert line.amount == pytest.approx(1.08**2 / cap)


def test_a_recalled_value_says_that_nobody_has_checked_it():
    old = {"level": "1", "agreement_start": dt.date(2018, 1, 1), "performance_year": 2018}
    lines = trace(simulate(Scenario(**old)))
    assert not lines["regional_adjustment"].checked
    assert lines["regional_adjustment"].known == "not yet checked"
    assert lines["gross_savings"].checked


def test_no_line_is_left_without_words():
    for result in settlements():
        for step in trace(result).steps():
            assert all((step.name, step.words, step.numbers, step.value, step.section)), step.key
            text = f"{step.numbers} {step.value}"
            assert not any(bad in text for bad in ("nan", "inf", "None", "--", "−−", "- ")), text


def test_a_figure_of_ours_says_so():
    assert ours("People lost", "list × leave", "45,000 × 5%", "2,250").section.startswith("ours")
