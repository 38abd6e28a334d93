"""The Medicare Shared Savings Program, settled: a scenario in, the dollars that move out."""

from mssp_sim.parameters import LEVELS, RULES_VERSION, rules_in_force
from mssp_sim.scenario import Scenario, ScenarioError
from mssp_sim.simulation import Result, State, payoff, simulate

__all__ = [
    "LEVELS",
    "RULES_VERSION",
    "Result",
    "Scenario",
    "ScenarioError",
    "State",
    "payoff",
    "rules_in_force",
    "simulate",
]
