"""The named scenarios of the lessons, settled at first use."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from mssp_sim.attribution import Churn, Flow, follow, inputs, moved
from mssp_sim.learning import beliefs
from mssp_sim.learning.content import ScenarioPreset, presets
from mssp_sim.learning.expression import Amount, Kind, evaluate
from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate

MONEY = (
    "benchmark_total", "expenditure_total", "gross_savings", "shared_savings", "shared_losses",
    "payment", "left_on_the_table", "lost_at_the_minimum", "lost_to_quality", "medicare_part",
    "sequestration", "above_limit", "avoidable_by_quality", "performance_payment_limit",
    "loss_recoupment_limit",
)  # fmt: skip
RATES = (
    "savings_rate", "minimum_savings_rate", "minimum_loss_rate", "sharing_rate",
    "final_sharing_rate", "shared_loss_rate",
)  # fmt: skip
OF_RESULT: Mapping[str, Kind] = {
    **dict.fromkeys(MONEY, "money"),
    **dict.fromkeys(RATES, "rate"),
    "benchmark": "dollars",
    "quality_performance_standard": "score",
    "state": "text",
}
OF_FIELD: Mapping[str, Kind] = {
    "rate": "rate", "score": "score", "dollars": "dollars", "count": "count", "year": "year",
    "choice": "text", "ratio": "number",
}  # fmt: skip
OF_FLOW: Mapping[str, Kind] = {
    **dict.fromkeys(("january", "gone", "counted", "joined", "new", "final"), "count"),
    **dict.fromkeys(("effect_made", "effect_paid_for", "effect_elsewhere"), "money"),
}
OF_CHURN: Mapping[str, Kind] = {
    **dict.fromkeys(("leave", "join", "dropped", "new_clinicians", "dearer"), "rate"),
}
COUNTS = ("minimum_assigned_beneficiaries", "agreement_length")
BELIEFS: Mapping[str, tuple[Callable[[Result, Rules], Any], Kind]] = {
    "only_above_the_minimum": (beliefs.only_above_the_minimum, "money"),
    "quality_band": (beliefs.quality_band, "count"),
}

STILL = Churn(leave=0.0, join=0.0, dropped=0.0, new_clinicians=0.0)

Rulebook = Callable[[int, dt.date], Rules]


@dataclass(frozen=True)
class SettledState:
    """One named scenario, settled: the figures a text may ask for.

    Where its list moves in the year, ``base`` is the scenario in January and ``result`` that of the
    final list; else ``base`` is the scenario itself.
    """

    name: str
    title: str
    result: Result
    rules: Rules
    base: Scenario
    churn: Churn | None = None
    flow: Flow | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario behind it."""
        return self.result.scenario

    def amount(self, name: str) -> Amount:
        """Return one figure, of the result, the scenario, the rule, or a belief about it.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        if name in OF_RESULT:
            value = getattr(self.result, name)
            return Amount(str(value) if name == "state" else float(value), OF_RESULT[name])
        if self.flow is not None and name in OF_FLOW:
            return Amount(float(getattr(self.flow, name)), OF_FLOW[name])
        if self.churn is not None and name in OF_CHURN:
            value = self.churn.relative_cost - 1 if name == "dearer" else getattr(self.churn, name)
            return Amount(float(value), OF_CHURN[name])
        if name in BELIEFS:
            reckon, kind = BELIEFS[name]
            return Amount(float(reckon(self.result, self.rules)), kind)
        if name in quantities() and quantities()[name].kind in OF_FIELD:
            value, kind = getattr(self.scenario, name), OF_FIELD[quantities()[name].kind]
            if name == "minimum_election" and not isinstance(value, str):
                return Amount(value, "rate")
            return Amount(value if kind == "text" else float(value), kind)
        value = getattr(self.rules, name) if name in self.rules.source else None
        if isinstance(value, np.ndarray):
            value = value[self.scenario.level_number]
        if isinstance(value, bool) or not isinstance(value, float | int | np.number):
            raise KeyError(name)
        return Amount(float(value), "count" if name in COUNTS else "rate")

    def value(self, lever: str) -> Any:  # noqa: ANN401
        """Return where a lever stands: a field of the scenario, or of the movement of its list."""
        if lever in inputs():
            return getattr(self.churn or STILL, lever)
        return getattr(self.base, lever)

    def section(self, parameter: str) -> str:
        """Return the paragraph a value of the rule comes from."""
        return self.rules.source[parameter].citation.section


class States(Mapping[str, SettledState]):
    """Every named scenario of the presets, settled once, when it is first asked for.

    Parameters
    ----------
    rulebook : gives the rules for a performance year and an agreement start
    """

    def __init__(self, rulebook: Rulebook = rules_in_force) -> None:
        self._rulebook = rulebook
        self._known: dict[str, SettledState] = {}

    def __getitem__(self, name: str) -> SettledState:
        if name not in self._known:
            self._known[name] = self.settled(self._scenario(presets()[name]), presets()[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(presets())

    def __len__(self) -> int:
        return len(presets())

    def settled(self, scenario: Scenario, preset: ScenarioPreset) -> SettledState:
        """Return a scenario near a preset, settled by the same rulebook.

        Raises
        ------
        ScenarioError
            If the list moves so that no scenario can hold what is left.
        """
        rules = self._rulebook(scenario.performance_year, scenario.agreement_start)
        result = simulate(scenario, rules)
        if not preset.churn:
            return SettledState(preset.name, preset.title, result, rules, scenario)
        churn = replace(STILL, **preset.churn)
        flow = follow(result, churn)
        after = simulate(moved(scenario, flow), rules)
        return SettledState(preset.name, preset.title, after, rules, scenario, churn, flow)

    def varied(self, name: str, **levers: Any) -> SettledState:  # noqa: ANN401
        """Return a named scenario with levers moved: fields of it, or of how its list moves.

        A lever may be an array, for a settlement at each of its values.
        """
        state, preset = self[name], presets()[name]
        levers = {n: v for n, v in levers.items() if np.ndim(v) or v != state.value(n)}
        if not levers:
            return state
        churn = {lever: value for lever, value in levers.items() if lever in inputs()}
        fields = {lever: value for lever, value in levers.items() if lever not in churn}
        wanted = replace(preset, churn={**preset.churn, **churn}) if churn else preset
        return self.settled(replace(state.base, **fields), wanted)

    def _scenario(self, preset: ScenarioPreset) -> Scenario:
        start = self[preset.like].base if preset.like else Scenario()
        found = {name: evaluate(text, self).value for name, text in preset.find.items()}
        return replace(start, **preset.set, **found)


@cache
def opening_states() -> States:
    """Return the named scenarios under the rules in force."""
    return States()
