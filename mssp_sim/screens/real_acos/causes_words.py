"""The causes CMS's figures show, in words: from the historical to the updated benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mssp_sim.cms_files.causes import Causes
from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import percent, whole_dollars

Look = Literal["total", "part"]
Known = Literal["CMS prints it", "worked out", "the rest"]
SMALL = 0.5
"""Dollars a person under which a cause is shown as none."""


@dataclass(frozen=True, slots=True)
class ShownCause:
    """One bar: name, short name, dollars a person, how it is known, and how it is drawn."""

    label: str
    short: str
    dollars: float
    known: Known
    look: Look

    @property
    def shown(self) -> str:
        """Return the dollars, a part with its sign."""
        sign = "+" if self.look == "part" and self.dollars >= SMALL else ""
        return sign + whole_dollars(self.dollars)


def bars(found: Causes) -> tuple[ShownCause, ...]:
    """Return the bars in order, of which each part begins where the one before ended."""
    rows: list[ShownCause] = []
    if found.before is not None and found.adjustment is not None:
        kind = found.adjustment_is.capitalize()
        rows += [
            ShownCause("Before the adjustment", "Before", found.before, "worked out", "total"),
            ShownCause(kind, "Adjustment", found.adjustment, "CMS prints it", "part"),
        ]
    rows.append(
        ShownCause("Historical benchmark", "Historical", found.historical, "CMS prints it", "total")
    )
    if found.mix is not None and found.risk is not None:
        rows += [
            ShownCause("Other mix of people", "Mix", found.mix, "worked out", "part"),
            ShownCause("Risk scores", "Risk", found.risk, "worked out", "part"),
        ]
    cause = "Growth" if found.mix is not None else "All together"
    growth = f"{cause}, {percent(found.rate)} a year"
    return (
        *rows,
        ShownCause(growth, cause, found.growth, "the rest", "part"),
        ShownCause("Updated benchmark", "Updated", found.updated, "CMS prints it", "total"),
        ShownCause("Spent", "Spent", found.spent, "worked out", "total"),
    )


def finding(found: Causes) -> str:
    """Return what moved the target, in one sentence."""
    apart = found.updated - found.historical
    way = "rose" if apart >= 0 else "fell"
    over = f"{found.years} year{'' if found.years == 1 else 's'}"
    moved = f"The target {way} {whole_dollars(abs(apart))} a person in {over}"
    if found.mix is None or found.risk is None:
        return f"{moved}: growth, risk scores and mix together {percent(found.rate)} a year"
    return (
        f"{moved}: growth of {percent(found.rate)} a year made {_signed(found.growth)}, "
        f"risk scores {_signed(found.risk)}, the mix of people {_signed(found.mix)}"
    )


def _signed(dollars: float) -> str:
    return ("+" if dollars >= SMALL else "") + whole_dollars(dollars)


def held_back(found: Causes) -> str:
    """Return what the cap on risk growth took; empty where it took nothing."""
    if found.held_back < SMALL:
        return ""
    return f"The cap on risk growth took {whole_dollars(found.held_back)} a person of it."


def not_known(found: Causes) -> str:
    """Return the causes that no public file tells."""
    return f"Not known from CMS’s file: {'; '.join(found.not_known)}."


def figures(causes: Sequence[ShownCause], found: Causes) -> tuple[Figure, ...]:
    """Return the causes as figures that answer how."""
    how = {
        "CMS prints it": "as CMS’s results file has it, dollars a person and year",
        "worked out": "from CMS’s benchmarks, person-years and risk scores by enrollment type",
        "the rest": "updated benchmark − what the other causes lead to",
    }
    numbers = f"{whole_dollars(found.historical)} to {whole_dollars(found.updated)}"
    return tuple(
        illustrated(f"cause_{one.short.lower()}", one.label, one.shown, how[one.known], numbers,
                    one.dollars)
        for one in causes
    )  # fmt: skip


def rows(causes: Sequence[ShownCause]) -> tuple[dict[str, str], ...]:
    """Return the data behind the picture."""
    return tuple(
        {"ShownCause": one.label, "Dollars a person": one.shown, "How it is known": one.known}
        for one in causes
    )
