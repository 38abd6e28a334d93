"""What brief and slide say: the app's own sentence, figures and pictures, and what they rest on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mssp_sim import charts
from mssp_sim.aco import NOTHING_ASSUMED, Assumed, typed
from mssp_sim.charts.theme import INK, Picture
from mssp_sim.figure import Figure
from mssp_sim.figures import as_shown, change, money, plain, score
from mssp_sim.naming import table_lines, value_as_shown
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.quantity import AROUND, CONTRACT, DO, OUTSIDE, SIGNED, YOURS, Group, Whose
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, changed, placed, quantities
from mssp_sim.studies.levers import group
from mssp_sim.studies.moved import moved
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.units import TYPES
from mssp_sim.words import compare
from mssp_sim.words.bridge import bridge_description, bridge_rows
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles

HEADS: Mapping[Whose, Group] = {YOURS: DO, CONTRACT: SIGNED, OUTSIDE: AROUND}
NOT_ADVICE = "Illustrative, not advice"
BY_TYPE_HEAD = f"By enrollment type: {', '.join(TYPES)}"
ESTIMATES = "National spending and trends are estimates."
INKS = INK["light"]
TONES = {
    "earned": INKS.earned_text,
    "owed": "#A84A00",
    "left": INKS.left_outline,
    "plain": INKS.text,
}


@dataclass(frozen=True)
class Leaflet:
    """One settlement against its baseline, in the words and pictures of the app.

    ``name`` is what the reader calls it, ``day`` the date it carries, ``assumed`` what no file
    tells of a loaded ACO.
    """

    result: Result
    baseline: Result
    name: str
    day: dt.date
    assumed: Assumed = NOTHING_ASSUMED

    def __post_init__(self) -> None:
        for which in (self.result, self.baseline):
            if which.scenario.shape:
                raise ValueError(
                    "A brief and a slide hold one scenario; this result holds "
                    f"{which.scenario.shape}. Pick one: result[row]."
                )

    @cached_property
    def title(self) -> str:
        """What it is, and whose."""
        name = typed(self.name)
        return f"Medicare shared savings: {name}" if name else "Medicare shared savings"

    @cached_property
    def sentence(self) -> str:
        """What happened."""
        return outcome(self.result)

    @cached_property
    def tiles(self) -> tuple[Figure, ...]:
        """The four figures on top."""
        return four_tiles(self.result, self.baseline)

    @cached_property
    def parts(self) -> tuple[Figure, ...]:
        """The rows of the dollar bridge."""
        return bridge_rows(self.result)

    def curve(self) -> Picture:
        """Return the payoff curve, light."""
        words = f"{self.sentence} {curve_description(self.result)}"
        return charts.payoff(curve(self.result, self.baseline), "light", words)

    def bridge(self) -> Picture:
        """Return the dollar bridge, light."""
        return charts.bridge(self.parts, "light", bridge_description(self.result))

    @cached_property
    def assumptions(self) -> dict[str, list[tuple[str, str]]]:
        """The main levers with their values, and every other field that is not as it comes."""
        others = [name for name in self._others if not quantities()[name].trailing]
        return {
            head: [
                (quantities()[name].label, self._value(name))
                for name in (
                    *placed("main", head),
                    *(n for n in others if group(n) == whose and n not in placed("main", head)),
                )
            ]
            for whose, head in HEADS.items()
        }

    @cached_property
    def tables(self) -> list[tuple[str, str]]:
        """Every line of a table that is not as it comes, in the order of the enrollment types."""
        return [
            (label, self._marked(name, figures))
            for name in self._others
            if quantities()[name].trailing
            for label, figures in table_lines(name, self.result.scenario)
        ]

    @cached_property
    def _others(self) -> tuple[str, ...]:
        """The fields that are not as they come, as far as what is shown of them differs."""
        scenario, usual = self.result.scenario, Scenario()
        return tuple(
            name
            for name in changed(scenario, usual)
            if value_as_shown(name, scenario) != value_as_shown(name, usual)
            or name in self.assumed.fields
        )

    def _value(self, name: str) -> str:
        scenario = self.result.scenario
        if name == "quality_performance_standard":
            return score(float(self.result.quality_performance_standard), 1)
        return self._marked(name, value_as_shown(name, scenario))

    def _marked(self, name: str, shown: str) -> str:
        return f"{shown}, assumed" if name in self.assumed.fields else shown

    @cached_property
    def changes(self) -> list[tuple[str, str]]:
        """Each change against the baseline with what it moved, then all of them together."""
        before, after = self.baseline.scenario, self.result.scenario
        if not changed(after, before):
            return [("Nothing changed against the baseline", "")]
        bars = compare.bars(moved(before, after), before, after)
        found = [(bar.label, bar.shown) for bar in bars]
        if len(found) > 1:
            together = as_shown(self.result.payment, self.baseline.payment)
            found.append(("Together", change(together)))
        return found

    @cached_property
    def stamp(self) -> str:
        """What the target is, which rules, which day, and what it is not."""
        r = self.result
        return (
            f"{NOT_ADVICE}. Spending target {money(float(r.benchmark_total))}, "
            f"${plain(float(r.benchmark), 0)} per person. Rules version {RULES_VERSION}, "
            f"performance year {r.scenario.performance_year}. {self.day.isoformat()}. {ESTIMATES}"
        )
