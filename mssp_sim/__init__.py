"""The Medicare Shared Savings Program, settled: a scenario in, the dollars that move out."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_MODULES = {
    "parameters": ("LEVELS", "RULES_VERSION", "rules_in_force"),
    "scenario": ("Scenario", "ScenarioError"),
    "simulation": ("Result", "State", "payoff", "simulate"),
}
"""The module of each public name, imported when the name is first used: help needs no NumPy."""


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            found: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
