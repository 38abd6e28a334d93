"""What a portfolio's cells were like: what a run says about them beside its counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mssp_sim.batch.columns import cells
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.quantity import shown
from mssp_sim.scenario import Scenario, opened_with

POINTS = 100.0
"""The largest number that still reads like a percentage."""


@dataclass(frozen=True, slots=True)
class Some:
    """Some cells of one column: how many, and the line and the value of the first."""

    count: int
    line: int
    value: float

    @property
    def words(self) -> str:
        """The number of cells and one of them."""
        many, such = ("1 value", "") if self.count == 1 else (f"{self.count:,} values", "such as ")
        return f"{many} ({such}{shown(self.value)} in line {self.line:,})"


@dataclass
class Seen:
    """What was noticed, by column.

    ``given`` are the columns with a filled cell; ``beyond`` values that were settled though they
    lie past the reach of the field's lever; ``points`` values refused that read like a percentage;
    ``signed`` values with a percent sign; ``fractions`` values settled as fractions.
    """

    given: set[str] = field(default_factory=set)
    beyond: dict[str, Some] = field(default_factory=dict)
    points: dict[str, Some] = field(default_factory=dict)
    signed: dict[str, Some] = field(default_factory=dict)
    fractions: dict[str, Some] = field(default_factory=dict)

    def add(self, later: "Seen") -> None:
        """Add what was noticed in later lines."""
        self.given |= later.given
        for own, more in (
            (self.beyond, later.beyond), (self.points, later.points),
            (self.signed, later.signed), (self.fractions, later.fractions),
        ):  # fmt: skip
            for column, some in more.items():
                first = own.get(column)
                count = some.count + (first.count if first else 0)
                own[column] = replace(first or some, count=count)

    def sentences(self, base: Scenario | None, *, settled: bool) -> list[str]:
        """Return what a run says.

        Parameters
        ----------
        base : where the columns come from that the portfolio does not give; None: the defaults
        settled : whether any row was; else nothing came from anywhere

        Source: ours
        """
        origins = self._origins(base) if settled else ()
        return [*origins, *self._percent(), *self._far()]

    def _origins(self, base: Scenario | None) -> Iterable[str]:
        every = len(cells())
        source = "the opening scenario" if base is None else "the scenario given as base"
        if not self.given:
            yield (
                f"All {every} columns came from {source}: no row says more than a name, "
                f"so all are settled alike.{'' if base else self._opens_anew()}"
            )
        elif every > len(self.given):
            some = f"{every - len(self.given)} of {every} columns came from {source}."
            yield some + ("" if base else self._opens_anew())

    def _opens_anew(self) -> str:
        """Return a sentence on defaults that the last version of the rules changed."""
        anew = " and ".join(
            f"{column} {getattr(Scenario(), column):g} ({before:g} before)"
            for column, before in opened_with(RULES_VERSION - 1).items()
            if column not in self.given
        )
        return f" Since version {RULES_VERSION} of the rules it has {anew}." if anew else ""

    def _percent(self) -> Iterable[str]:
        for column, some in self.points.items():
            others = self.fractions.get(column)
            taken = f" Its other {_settled(others)}." if others else ""
            yield (
                f"{column} seems to be in percent: {some.words} cannot be a fraction.{taken} "
                "Write 3.1 percent as 0.031 or as 3.1%."
            )
        for column, some in self.signed.items():
            if others := self.fractions.get(column):
                yield f"{column} has a percent sign in {some.words}; its other {_settled(others)}."

    def _far(self) -> Iterable[str]:
        for column, some in self.beyond.items():
            low, high = (f"{end:,.9g}" for end in cells()[column].words.slider)
            yield f"{column} goes past its lever, {low} to {high}, in {some.words}."


def _settled(some: Some) -> str:
    was = "was settled as a fraction" if some.count == 1 else "were settled as fractions"
    return f"{some.words} {was} ({100 * some.value:.6g}%)"
