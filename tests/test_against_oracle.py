"""The engine against the rule written again, slowly, by another hand."""

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from tests import oracle, random_scenarios

SCENARIOS = 5_000
CENT = 0.01


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("seed", range(4))
def test_the_oracle_agrees_to_the_cent(seed):
    random = np.random.default_rng(seed)
    states = set()
    for _ in range(SCENARIOS // 4):
        fields = random_scenarios.fields(random)
        expected = oracle.settle({name: plain(value) for name, value in fields.items()})
        result = simulate(Scenario(**fields))
        for name, value in expected.items():
            ours = getattr(result, name)
            if name == "state":
                assert ours == value, fields
            elif name.endswith("_rate"):
                assert ours == pytest.approx(value, abs=1e-12), (name, fields)
            else:
                assert ours == pytest.approx(value, abs=CENT), (name, fields)
        states.add(result.state)
    assert len(states) >= 10, f"chance reached only {sorted(states)}"
