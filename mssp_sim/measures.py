"""The measure builder: points on each measure of a year's set, and the quality score they make."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mssp_sim.figures import plain
from mssp_sim.parameters import Citation
from mssp_sim.units import Array, Fraction

FILE = Path(__file__).parent / "parameters" / "quality_measures" / "measure_sets.toml"
NOT_SCORED = "x"
ENTRY = re.compile(r"(?P<number>[0-9]{3})-(?P<points>x|[0-9]{1,3}(\.[0-9])?)", re.ASCII)
FORM = "001-8.2_134-6.8 (a measure's number, a dash, its points; x if it is not scored)"
LONGEST_SHOWN = 40


class PointsError(ValueError):
    """Points that make no score; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One quality measure; ``outcome`` says that it counts for the partial standard."""

    number: str
    name: str
    short: str
    outcome: bool


@dataclass(frozen=True, slots=True)
class MeasureSet:
    """The measures of a year, in the order of the page, and where the list comes from."""

    title: str
    applies_from: dt.date
    measures: tuple[Measure, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Preset:
    """Points to begin from: ours, illustrative."""

    title: str
    usual: float
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """What the file of sets holds."""

    lowest: float
    highest: float
    measures: Mapping[str, Measure]
    sets: tuple[MeasureSet, ...]
    presets: Mapping[str, Preset]


@cache
def known() -> Known:
    """Return the file of measures, sets and presets.

    Source: ours; each set names its paragraph
    """
    content: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    measures = {number: Measure(number, **words) for number, words in content["measures"].items()}
    return Known(
        lowest=content["lowest"],
        highest=content["highest"],
        measures=measures,
        sets=tuple(
            MeasureSet(
                title=version["title"],
                applies_from=version["applies_from"],
                measures=tuple(measures[number] for number in version["measures"]),
                citation=Citation(**version["citation"]),
            )
            for version in content["versions"]
        ),
        presets={name: Preset(**words) for name, words in content["presets"].items()},
    )


def measure_set(performance_year: int) -> MeasureSet | None:
    """Return the set of a year; None before 2021, when other measures made the score.

    Source: 42 CFR 425.512(a)

    Examples
    --------
    >>> [measure.short for measure in measure_set(2025).measures][:3]
    ['Diabetes', 'Depression', 'Blood pressure']
    >>> measure_set(2020) is None
    True
    """
    first_day = dt.date(performance_year, 1, 1)
    begun = [one for one in known().sets if one.applies_from <= first_day]
    return begun[-1] if begun else None


def preset(name: str, measures: MeasureSet) -> Array:
    """Return the points of a preset for a set, one for each of its measures.

    Source: ours

    Examples
    --------
    >>> round(float(preset("slip", measure_set(2025)).sum()), 1)
    45.0
    """
    chosen = known().presets[name]
    return np.array([chosen.points.get(m.number, chosen.usual) for m in measures.measures])


def composite_score(points: Array) -> Fraction:
    """Return the quality score that points make, before any bonus: a fraction.

    Parameters
    ----------
    points : points a measure on the last axis; NaN for a measure that is not scored, which
        leaves what was earned and what could be earned alike

    Source: 42 CFR 414.1380(b)(1)(vii)

    Examples
    --------
    >>> float(composite_score(np.array([8.0, 7.0, np.nan])))
    0.75
    """
    scored = np.sum(~np.isnan(points), axis=-1)
    return np.nansum(points, axis=-1) / (known().highest * scored)


def one_point_more(points: Array) -> Array:
    """Return the points with one more on each measure in turn, ten at most, one a row.

    Source: ours

    Examples
    --------
    >>> one_point_more(np.array([8.0, 9.5]))
    array([[ 9. ,  9.5],
           [ 8. , 10. ]])
    """
    return np.minimum(points + np.eye(len(points)), known().highest)


def checked(points: Mapping[str, float | None]) -> None:
    """Refuse points that no measure can have, or that make no score.

    Raises
    ------
    PointsError
        Names the measure, its points, and what is allowed.
    """
    low, high = known().lowest, known().highest
    for number, value in points.items():
        if value is not None and not low <= value <= high:
            raise PointsError(
                f"{known().measures[number].short} has {plain(value, 1)} points; a measure has "
                f"{plain(low, 0)} to {plain(high, 0)}. Give it points in that range, or mark it "
                "as not scored."
            )
    if points and all(value is None for value in points.values()):
        raise PointsError(
            f"None of the {len(points)} measures is scored, so there is no score. "
            "Keep at least one."
        )


def write(points: Array, measures: MeasureSet) -> str:
    """Return points as the short text a link carries.

    Source: ours

    Examples
    --------
    >>> write(preset("slip", measure_set(2025)), measure_set(2025))
    '001-6.8_134-6.8_236-8.2_112-6.8_479-8.2_321-8.2'
    """
    return "_".join(
        f"{measure.number}-{NOT_SCORED if np.isnan(value) else f'{value:.1f}'}"
        for measure, value in zip(measures.measures, points, strict=True)
    )


def read(text: str, measures: MeasureSet) -> Array:
    """Return the points a text gives to a set; measures it does not name have the slip's.

    The text may have been written for another year: measures of other sets are passed over.

    Raises
    ------
    PointsError
        If the text, or a number in it, makes no score.

    Source: ours

    Examples
    --------
    >>> read("001-x_236-10", measure_set(2025))
    array([ nan,  6.8, 10. ,  6.8,  8.2,  8.2])
    """
    given: dict[str, float | None] = {}
    for entry in text.split("_"):
        found = ENTRY.fullmatch(entry)
        if not found or found["number"] not in known().measures:
            short = entry if len(entry) <= LONGEST_SHOWN else entry[: LONGEST_SHOWN - 1] + "…"
            raise PointsError(f"The points cannot be read at “{short}”; they are written {FORM}.")
        if found["number"] in given:
            raise PointsError(
                f"{known().measures[found['number']].short} is given twice. Give each measure once."
            )
        given[found["number"]] = None if found["points"] == NOT_SCORED else float(found["points"])
    start = preset("slip", measures)
    both = zip(measures.measures, start, strict=True)
    wanted = {m.number: given.get(m.number, float(usual)) for m, usual in both}
    checked(wanted)
    checked(given | wanted)
    return np.array([np.nan if value is None else value for value in wanted.values()])
