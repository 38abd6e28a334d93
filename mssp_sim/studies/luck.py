"""Luck: how often chance alone pays an ACO, denies it a payment, or leaves it owing."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from mssp_sim.parameters import rules_in_force
from mssp_sim.quantity import PERFORMANCE_YEARS, by_type
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target, simulate
from mssp_sim.target import Target, settled_person_years, spending, updated_target
from mssp_sim.units import Array, Dollars, Fraction, Persons

DRAWS = 100_000
SEED = 425
"""One seed for all: the same link shows the same picture, and a lever moves no dice."""

ROWS_AT_ONCE = 12_500
"""Draws settled together, so that their tables stay in the processor's cache."""

FAR = 0.01
"""Beyond the outermost threshold: any rate there has the same fate."""

MOST_DOUBT = {"trend": 0.05, "risk": 0.05, "quality": 0.20}
_normal = np.vectorize(NormalDist().cdf, otypes=[float])


class DoubtError(ValueError):
    """A doubt that cannot be read or is not allowed, in one sentence."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The spread of one year's savings rate by size, with where it comes from."""

    applies_from: dt.date
    people: tuple[float, ...]
    spread: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities that a year ends with a payment, without money, or owing; they add to 1."""

    paid: Fraction
    nothing: Fraction
    owing: Fraction


@dataclass(frozen=True, slots=True)
class Doubt:
    """How uncertain next year is: one standard deviation of each, fractions.

    ``trend`` is what nation and region grow a year beside what you expect, ``risk`` the growth
    of risk scores a year, ``quality`` the score.
    """

    trend: Fraction = 0.01
    risk: Fraction = 0.01
    quality: Fraction = 0.03

    def __post_init__(self) -> None:
        for name, most in MOST_DOUBT.items():
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise DoubtError(
                    f"{name} is {value * 100:g}; it goes from 0 to {most * 100:g} points"
                )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What 100,000 drawn years pay, in dollars; owed ones are negative.

    ``middle`` holds the payments between which eight of ten years lie, ``mean`` the average of all.
    """

    payment: Dollars
    chances: Chances
    middle: tuple[float, ...]
    mean: float


@cache
def measured() -> Measured:
    """Return the measured spread by size.

    Source: ours, measured on CMS's results files
    """
    with (Path(__file__).parent / "luck.toml").open("rb") as file:
        version: dict[str, Any] = tomllib.load(file)["versions"][-1]
    spread = tuple(points / 100 for points in version["value"])
    return Measured(
        version["applies_from"], tuple(version["people"]), spread, version["citation"]["source"]
    )


def year_spread(assigned_beneficiaries: Persons) -> Fraction:
    """Return how far one year's savings rate strays by chance: one standard deviation.

    Straight between the measured sizes in the logarithm of the size, flat outside them; an
    upper bound, for true change is in it.

    Source: ours, measured on CMS's results files

    Examples
    --------
    >>> round(float(year_spread(45_000)) * 100, 3)
    1.413
    """
    known = measured()
    return np.interp(np.log(assigned_beneficiaries), np.log(known.people), known.spread)


@cache
def _implied() -> tuple[Array, Array]:
    """Return the logarithms of the sizes that CMS's minimum was set at, and of its spreads."""
    with (Path(__file__).parent / "luck.toml").open("rb") as file:
        known: dict[str, Any] = tomllib.load(file)["implied"]
    table = rules_in_force(PERFORMANCE_YEARS[1]).minimum_savings_rate
    people = np.array(known["people"], np.float64)
    far = [NormalDist().inv_cdf(1 - chance) for chance in known["unlikely"]]
    return np.log(people), np.log(np.interp(people, table.at, table.gives) / far)


def implied_spread(assigned_beneficiaries: Persons) -> Fraction:
    """Return the spread of one year's savings rate that CMS's minimum by size implies.

    Chance in the claims of an ACO of average spending and growth alone: a lower bound of what a
    year strays by, where ``year_spread`` is an upper one.

    Source: CMS-1345-P, pages 267-268 (the three probabilities recalled); 42 CFR 425.605(b)(1)

    Examples
    --------
    >>> (implied_spread(np.array([5_000, 60_000])) * 100).round(2)
    array([3.04, 0.86])
    """
    sizes, spreads = _implied()
    size = np.log(assigned_beneficiaries)
    inside = np.interp(size, sizes, spreads)
    beyond = size - np.clip(size, sizes[0], sizes[-1])
    return np.exp(inside - beyond / 2)


def chances(scenario: Scenario, true_rate: Fraction, spread: Fraction | None = None) -> Chances:
    """Return how a year ends for an ACO whose true savings rate is known and chance adds to it.

    Chance is normal with the spread of its size. Between two thresholds of the rule the fate of
    a year is the same, so the engine settles one rate in each interval and nothing is drawn.

    Parameters
    ----------
    scenario : contract, size, quality; any shape with one year and one start
    true_rate : fraction of the target, same shape or one number
    spread : one standard deviation of chance; the measured one of the size if None

    Source: ours

    Examples
    --------
    >>> no_savings, saver = (chances(Scenario(), rate) for rate in (0.0, 0.031))
    >>> round(float(no_savings.paid), 3), round(1 - float(saver.paid), 3)
    (0.078, 0.218)
    """
    if spread is None:
        spread = year_spread(scenario.assigned_beneficiaries)
    found = simulate(scenario)
    return _weighed(_fates(scenario, found.target, found.minimum_savings_rate), true_rate, spread)


class _Fates(NamedTuple):
    """Between which savings rates a year ends the same way, and what each end pays."""

    edges: Array
    payment: Dollars


def _fates(scenario: Scenario, target: Target, minimum: Fraction) -> _Fates:
    """Return the ends a year can have: the engine settles one rate in each interval."""
    total = np.asarray(target.benchmark * settled_person_years(scenario))
    thresholds = _thresholds(target, np.asarray(minimum))
    edges = np.sort(np.stack(np.broadcast_arrays(*thresholds)), axis=0)
    inside = (edges[1:] + edges[:-1]) / 2
    rates = np.concatenate([edges[:1] - FAR, inside, edges[-1:] + FAR])
    spent = total * (1 - rates)
    return _Fates(edges, settle_target(scenario, scenario.rules, target, spent).payment)


def _weighed(fates: _Fates, true_rate: Fraction, spread: Fraction) -> Chances:
    """Return how often each end comes, when normal chance adds to a true rate."""
    below = _normal((fates.edges - true_rate) / spread)
    whole = np.zeros((1, *below.shape[1:]))
    weight = np.diff(np.concatenate([whole, below, whole + 1]), axis=0)
    paid = np.sum(weight * (fates.payment > 0), axis=0)
    owing = np.sum(weight * (fates.payment < 0), axis=0)
    return Chances(paid, 1 - paid - owing, owing)


def _thresholds(target: Target, minimum: Fraction) -> tuple[Array, ...]:
    """Return every savings rate at which the fate of a year can change.

    With the guardrail a loss is computed again against the target without the prospective trend.
    """
    anew = target.two_way_benchmark / target.benchmark
    before = (minimum * 0, -minimum)
    return (minimum, *before, *(1 - (1 - rate) * anew for rate in before))


def of_a_hundred(found: Chances) -> tuple[int, int, int]:
    """Return paid, nothing and owing in whole years of a hundred; they add to 100.

    Source: ours

    Examples
    --------
    >>> of_a_hundred(Chances(0.078, 0.8435, 0.0785))
    (8, 84, 8)
    """
    exact = [float(share) * 100 for share in (found.paid, found.nothing, found.owing)]
    whole = [int(share) for share in exact]
    order = sorted(range(3), key=lambda at: whole[at] - exact[at])
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    paid, nothing, owing = whole
    return paid, nothing, owing


def read_doubt(text: str | None) -> Doubt:
    """Return the doubt a short text stands for, in points, as in ``trend:1;risk:0.5``.

    Raises
    ------
    DoubtError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> read_doubt("trend:2;quality:0")
    Doubt(trend=0.02, risk=0.01, quality=0.0)
    >>> read_doubt("trend:9")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.luck.DoubtError: trend is 9; it goes from 0 to 5 points
    """
    found: dict[str, float] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, value = part.partition(":")
        if word not in MOST_DOUBT:
            raise DoubtError(f"{part[:20]} is no doubt; the doubts are {', '.join(MOST_DOUBT)}")
        try:
            found[word] = round(float(value) / 100, 12)
        except ValueError:
            raise DoubtError(f"{word} is {value[:20]}; it is a number of points") from None
    return Doubt(**found)


def write_doubt(doubt: Doubt) -> str | None:
    """Return the text a doubt can be read from again; None for the usual one.

    Source: ours

    Examples
    --------
    >>> write_doubt(Doubt(trend=0.02)), write_doubt(Doubt())
    ('trend:2', None)
    """
    usual = Doubt()
    parts = [
        f"{word}:{getattr(doubt, word) * 100:.6g}"
        for word in MOST_DOUBT
        if getattr(doubt, word) != getattr(usual, word)
    ]
    return ";".join(parts) or None


@cache
def _dice() -> Array:
    """Return standard normal draws, thrown once: chance, trend, risk and quality."""
    dice = np.random.default_rng(SEED).standard_normal((4, DRAWS))
    dice.setflags(write=False)
    return dice


@dataclass(frozen=True, slots=True)
class Odds:
    """What chance does to this ACO: without true savings, and with the rate it really has.

    ``spread`` is the measured one, an upper bound, which all chances go by; ``implied`` the one
    that CMS's minimum by size implies, a lower bound, and ``without_implied`` what follows from it.
    """

    spread: float
    true_rate: float
    without: Chances
    own: Chances
    implied: float
    without_implied: Chances


def odds(result: Result) -> Odds:
    """Return the chances of one settlement: without true savings, and at its own rate.

    Source: ours
    """
    scenario, true_rate = result.scenario, float(result.savings_rate)
    people = scenario.assigned_beneficiaries
    fates = _fates(scenario, result.target, result.minimum_savings_rate)
    spread, implied = float(year_spread(people)), float(implied_spread(people))
    return Odds(
        implied=implied,
        without_implied=_weighed(fates, 0.0, implied),
        spread=spread,
        true_rate=true_rate,
        without=_weighed(fates, 0.0, spread),
        own=_weighed(fates, true_rate, spread),
    )


def outlook(scenario: Scenario, doubt: Doubt) -> Outlook:
    """Return what 100,000 years pay that differ by chance, trend, risk and quality.

    Every draw goes through the whole rule. The dice are the same for every scenario, so that two
    pictures differ by what was changed alone.

    Parameters
    ----------
    scenario : a single one
    doubt : how far trend, risk and quality may stray

    Source: ours

    Examples
    --------
    >>> years = outlook(Scenario(), Doubt(0, 0, 0))
    >>> round(float(years.chances.paid), 2)
    0.78
    """
    chance, *_ = _dice()
    rules = scenario.rules
    drawn = scenario.with_columns(_strayed(scenario, doubt)).flat()
    strays = chance * float(year_spread(scenario.assigned_beneficiaries))
    payment = np.empty(DRAWS)
    for start in range(0, DRAWS, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = drawn.rows(rows)
        target = updated_target(block, rules)
        people = settled_person_years(block)
        total = target.benchmark * people
        spent = spending(block, target) * people - strays[rows] * total
        payment[rows] = settle_target(block, rules, target, spent).payment
    paid, owing = (np.count_nonzero(some) / DRAWS for some in (payment > 0, payment < 0))
    middle = percentiles(payment, (10, 90))
    chances_drawn = Chances(paid, 1 - paid - owing, owing)
    return Outlook(payment, chances_drawn, middle, float(np.mean(payment)))


def percentiles(values: Array, asked: Sequence[float]) -> tuple[float, ...]:
    """Return percentiles as NumPy gives them, found without sorting all values.

    Source: ours

    Examples
    --------
    >>> percentiles(np.array([4.0, 1.0, 3.0, 2.0]), (50, 100))
    (2.5, 4.0)
    """
    places = np.array(asked) / 100 * (len(values) - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, len(values) - 1)
    ranked = np.partition(values, np.unique([*below, *above]))
    part = places - below
    return tuple(float(each) for each in ranked[below] * (1 - part) + ranked[above] * part)


def _strayed(scenario: Scenario, doubt: Doubt) -> dict[str, Array]:
    """Return the fields that stray, each held to what the scenario allows."""
    _, trend, risk, quality = _dice()
    wanted = {
        "national_growth": (doubt.trend, trend),
        "regional_growth": (doubt.trend, trend),
        "risk_growth": (doubt.risk, risk),
        "quality_score": (doubt.quality, quality),
    }
    strayed = {}
    for name, (spread, dice) in wanted.items():
        if not spread:
            continue
        stray = spread * dice
        strayed[name] = np.clip(getattr(scenario, name) + stray, *quantities()[name].allowed)
        table = f"{name}_by_type"
        if getattr(scenario, table, None) is not None:
            moved = np.asarray(getattr(scenario, table)) + by_type(stray)
            strayed[table] = np.clip(moved, *quantities()[table].allowed)
    return strayed
