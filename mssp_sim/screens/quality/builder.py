"""The measure builder in words: the score the measures make, and what one point more is worth."""

import math
from functools import partial

import numpy as np

from mssp_sim import measures
from mssp_sim.figure import Figure
from mssp_sim.figures import change, plain, points, rounded, score
from mssp_sim.result import Result
from mssp_sim.screens.quality.words import difference, shown_score
from mssp_sim.studies.levers import settled_with
from mssp_sim.studies.quality_scores import Study
from mssp_sim.tolerances import CENT
from mssp_sim.trace import Step, ours
from mssp_sim.units import Array
from mssp_sim.words.outcome import owes


def figures_of_measures(result: Result, now: Array | None, worths: Array) -> tuple[Figure, ...]:
    """Return the figures of the measure builder.

    Parameters
    ----------
    now : points on each measure, NaN where it is not scored; None without a set
    worths : dollars that one point more on each measure adds
    """
    if now is None:
        return ()
    made, best = float(measures.composite_score(now)), float(np.nanmax(worths))
    return (
        Figure(key="score", label="Score from measures", shown=shown_score(made),
               how=partial(_score_steps, now, made), amount=made),
        Figure(key="point", label="One point more on one measure", shown=change(best),
               how=partial(_point_steps, result, now, made), amount=best),
    )  # fmt: skip


def _score_steps(now: Array, made: float) -> tuple[Step, ...]:
    most, scored = measures.known().highest, int(np.sum(~np.isnan(now)))
    numbers = f"{plain(float(np.nansum(now)), 1)} / ({plain(most, 0)} × {scored})"
    words = "points / (10 × scored measures), no bonus points"
    return (ours("Score from measures", words, numbers, shown_score(made), made),)


def _point_steps(result: Result, now: Array, made: float) -> tuple[Step, ...]:
    most, scored = measures.known().highest, int(np.sum(~np.isnan(now)))
    more = min(made + 1 / (most * scored), 1.0)
    tried = np.round(np.array([made, more]), 6)
    before, after = settled_with(result, quality_score=tried).payment
    name = f"Score {score(made, 2)} → {score(more, 2)}"
    return (*_score_steps(now, made), difference(name, float(after), float(before)))


def measure_words(made: float, most: float, gain: float, found: Study) -> str:
    """Return in score and dollars what a measure's point is worth, and what reaches the line.

    Parameters
    ----------
    made : the score of the measures
    most : points that could be earned on all of them
    gain : dollars that one point more on one measure adds
    """
    moves = f"One point more on one measure moves the score by {points(1 / most)}"
    paid = (
        f"what you owe by {change(-gain)}"
        if owes(found.result)
        else f"the payment by {change(gain)}"
    )
    if rounded(gain, 2) == 0:
        paid = "no money"
    short = (found.standard - made) * most
    if not found.stepped or short <= 0:
        return f"{moves} and {paid}."
    needed = plain(math.ceil(short * 100 - CENT) / 100, 2)
    worth_it = found.at(found.payment, found.standard) - float(
        np.interp(made, found.score, found.payment)
    )
    return (
        f"{moves} and {paid}; {needed} points more in all reach the full standard: "
        f"{change(worth_it)}."
    )
