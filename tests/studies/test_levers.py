"""Many variants in one batch: each row is the scenario with that one field changed."""

from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.scenario import ScenarioError, changed
from mssp_sim.studies.levers import variants
from tests import random_scenarios


def alone(scenario, field, value):
    try:
        return float(simulate(replace(scenario, **{field: value})).payment)
    except ScenarioError:
        return None


def payments(scenario, back):
    rows = variants(scenario, [(field, [value]) for field, value in back.items()])
    return [float(paid) for paid in simulate(rows).payment]


def torn(*values):
    """Tell whether one is a table and the other is left to the rule: no column holds both."""
    return any(value is None for value in values) and any(np.ndim(value) > 1 for value in values)


@pytest.mark.parametrize("table_first", [True, False])
def test_a_table_beside_nothing_is_refused(table_first):
    table = np.full((3, 4), 12_000.0)
    scenario = Scenario(regional_expenditure=table if table_first else None)
    with pytest.raises(ValueError, match=r"cannot be settled|broadcast"):
        payments(scenario, {"regional_expenditure": None if table_first else table})


@pytest.mark.parametrize("seed", range(12))
def test_each_row_is_paid_what_that_change_alone_is_paid(seed):
    random = np.random.default_rng(seed)
    one, other = (Scenario(**random_scenarios.fields(random)) for _ in range(2))
    if seed % 3 == 0:
        other = random_scenarios.by_chance_by_type(1_000 + seed)
    back = {field: getattr(other, field) for field in changed(one, other)}
    single = {field: alone(one, field, value) for field, value in back.items()}
    possible = {
        field: value
        for field, value in back.items()
        if single[field] is not None and not torn(getattr(one, field), value)
    }
    assert len(possible) > 5
    found = payments(one, possible)
    assert found == pytest.approx([single[field] for field in possible], abs=0.01)


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("back", [None, True, False])
def test_what_is_left_to_the_rule_stays_so_beside_a_yes_or_no(said, back):
    scenario = Scenario(quality_score=0.6, quality_standard_met=said)
    row = {"quality_standard_met": back, "cost_reduction": 0.04}
    assert payments(scenario, row) == [alone(scenario, *one) for one in row.items()]


def test_two_rows_of_one_field_may_mix_a_yes_and_what_is_left_to_the_rule():
    rows = variants(Scenario(quality_score=0.6), [("quality_standard_met", [True, None, False])])
    met, by_score, missed = simulate(rows).payment
    assert met > by_score == missed > 0  # the partial standard pays by the score
