"""A figure knows itself: what it is called, how it is shown, and how it is worked out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Literal

from mssp_sim.result import Result
from mssp_sim.trace import Step, ours, trace

Tone = Literal["earned", "owed", "left", "plain"]
How = Callable[[], Sequence[Step]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the app, wherever it stands: tile, table, sentence, picture or export.

    Parameters
    ----------
    key : name of the quantity, in the words of the code
    label, term : what the screen calls it, and the field's own term beside that
    shown : the number as text
    how : gives the steps that lead to it; called only when somebody asks
    amount : the number itself, unrounded, in core units
    note : a few words under it
    tone, note_tone : what it means for the ACO, which sets its color
    look : how a picture draws it
    why_rounded : why it may be shown otherwise than it rounds

    Source: ours
    """

    key: str
    label: str
    shown: str
    how: How
    amount: float = nan
    term: str = ""
    note: str = ""
    tone: Tone = "plain"
    note_tone: Tone = "plain"
    look: str = ""
    why_rounded: str = ""


def of_result(result: Result, key: str, label: str, shown: str, **more: str) -> Figure:
    """Return a figure of one settlement: the rule's own lines lead to it.

    Parameters
    ----------
    key : a line of the trace
    more : term, note, tones, look and the like

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> earned = of_result(simulate(Scenario()), "shared_savings", "You earn", "$6.5M")
    >>> earned.how()[-1].value
    '$6,516,510'
    """
    amount = float(getattr(result, key, nan))
    how = partial(_lines, result, key)
    return Figure(key=key, label=label, shown=shown, how=how, amount=amount, **more)  # type: ignore[arg-type]


def _lines(result: Result, key: str) -> tuple[Step, ...]:
    """Return the lines when they are asked for: until then a figure holds no trace."""
    return trace(result).how(key)


def illustrated(
    key: str, label: str, shown: str, formula: str, numbers: str, amount: float = nan, **more: str
) -> Figure:
    """Return a figure of a model of ours, worked out in one step.

    Parameters
    ----------
    formula, numbers : the step in words, and with this scenario's figures
    """
    how = partial(_one_step, label, formula, numbers, shown, amount)
    return Figure(key=key, label=label, shown=shown, how=how, amount=amount, **more)  # type: ignore[arg-type]


def _one_step(*step: object) -> tuple[Step, ...]:
    return (ours(*step),)  # type: ignore[arg-type]
