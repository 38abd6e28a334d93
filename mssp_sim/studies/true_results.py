"""True results: one distribution of a year for every contract, in which each cause counts once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mssp_sim.quantity import by_type, number
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies.luck import year_spread
from mssp_sim.target import settled_person_years, spending, updated_target, years_from_by3
from mssp_sim.units import Array, Dollars, Fraction

DRAWS, SEED = 100_000, 425
ROWS_AT_ONCE = 12_500
"""Draws settled together: few enough that all their arrays stay in the processor's cache."""

MOST = {
    "trend": 0.03, "risk": 0.03, "quality": 0.20, "together": 0.9, "with_quality": 0.9,
    "hurts": 5.0, "cost": 0.10, "renew": 2_100, "pool": 1.0,
}  # fmt: skip
LEAST = {"together": -0.9, "with_quality": -0.9, "hurts": 1.0}
IN_POINTS = ("trend", "risk", "quality", "cost", "pool")
HURTS_STEP = 0.1


@dataclass(frozen=True, slots=True)
class MeasuredScores:
    """How far a year's score strays (fraction), how it goes with the savings rate, and whence."""

    quality: Fraction
    with_savings: float
    source: str


@cache
def measured_scores() -> MeasuredScores:
    """Return what the scores of real ACOs are seen to stray by from year to year.

    Source: ours, measured on CMS's results files
    """
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        version: dict[str, Any] = tomllib.load(file)["versions"][-1]
    return MeasuredScores(
        version["quality"] / 100, version["with_savings"], version["citation"]["source"]
    )


class ElectionError(ValueError):
    """A setting of the election that cannot be read or is not allowed, in one sentence."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How unsure a year is, and what its reader thinks of owing.

    ``trend`` and ``risk`` are what one year's growth of nation and region, and of risk scores,
    strays by; ``quality`` the score (one standard deviation each, fractions). ``together`` is the
    correlation of trend and risk, ``with_quality`` that of the savings rate and the score; the
    usual values of the score's two are measured.
    ``hurts`` says how many dollars earned a dollar owed weighs, ``cost`` what a dollar of the
    repayment mechanism costs a year. ``renew`` is the year whose early renewal is looked at, 0
    for the one worth most, and ``pool`` the part of the payment that clinicians share.
    """

    trend: Fraction = 0.005
    risk: Fraction = 0.005
    quality: Fraction = measured_scores().quality
    together: Fraction = 0.0
    with_quality: Fraction = measured_scores().with_savings
    hurts: float = 1.0
    cost: Fraction = 0.01
    renew: float = 0
    pool: Fraction = 0.5

    def __post_init__(self) -> None:
        for name, most in MOST.items():
            value, least = getattr(self, name), LEAST.get(name, 0.0)
            if not least <= value <= most:
                shown = [100 * each if name in IN_POINTS else each for each in (value, least, most)]
                raise ElectionError(
                    f"{name} is {shown[0]:g}; it goes from {shown[1]:g} to {shown[2]:g}"
                )


def read_setting(text: str | None) -> Setting:
    """Return the setting a short text stands for, as in ``hurts:1.6;cost:1.5;trend:0.5``.

    Raises
    ------
    ElectionError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> read_setting("hurts:1.6;trend:1") == Setting(hurts=1.6, trend=0.01)
    True
    >>> read_setting("hurts:9")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.true_results.ElectionError: hurts is 9; it goes from 1 to 5
    """
    found: dict[str, float] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, value = part.partition(":")
        if word not in MOST:
            raise ElectionError(f"{part[:20]} is no part of it; the parts are {', '.join(MOST)}")
        try:
            number_ = float(value)
        except ValueError:
            raise ElectionError(f"{word} is {value[:20]}; it is a number") from None
        found[word] = round(number_ / 100 if word in IN_POINTS else number_, 12)
    return Setting(**found)


def write_setting(setting: Setting) -> str | None:
    """Return the text a setting can be read from again; None for the usual one.

    Source: ours

    Examples
    --------
    >>> write_setting(Setting(hurts=1.6, trend=0.01)), write_setting(Setting())
    ('trend:1;hurts:1.6', None)
    """
    usual, parts = Setting(), []
    for word in MOST:
        value = getattr(setting, word)
        if value != getattr(usual, word):
            parts.append(f"{word}:{value * (100 if word in IN_POINTS else 1):.6g}")
    return ";".join(parts) or None


@cache
def dice(count: int = DRAWS) -> Array:
    """Return standard normal draws, thrown once: chance, trend, risk and quality.

    They are made exact: each has mean 0 and variance 1, and no two are correlated, so that the
    parts of a spread add up in the draws as they do on paper.
    """
    thrown = np.random.default_rng(SEED).standard_normal((4, count))
    thrown -= thrown.mean(axis=1, keepdims=True)
    root = np.linalg.cholesky(thrown @ thrown.T / count)
    exact: Array = np.linalg.solve(root, thrown)
    exact.setflags(write=False)
    return exact


@dataclass(frozen=True, slots=True)
class TrueResults:
    """One distribution of a year: targets, spending and scores of many draws, before contracts.

    ``observed`` is the spread of the savings rate that is wanted, ``of_target`` the part of it
    that trend and risk make and ``by_chance`` the rest; ``spread`` is what the draws have, larger
    than ``observed`` only where trend and risk alone stray further.
    """

    rate: Fraction
    observed: Fraction
    of_target: Fraction
    by_chance: Fraction
    spread: Fraction
    benchmark_total: Dollars
    two_way_total: Dollars
    expenditure_total: Dollars
    quality_score: Fraction


def true_results(
    scenario: Scenario,
    setting: Setting,
    *,
    spread: Fraction | None = None,
    draws: int = DRAWS,
) -> TrueResults:
    """Return the distribution of true results: what strays, each cause counted once.

    Trend and risk move the target of each draw through the whole rule. What real ACOs of this
    size are seen to stray by beyond that is chance in spending. The spread of the draws is the
    observed one exactly.

    Parameters
    ----------
    scenario : a single one
    spread : one standard deviation of a year's savings rate; the measured one of the size if None

    Source: ours

    Examples
    --------
    >>> found = true_results(Scenario(), Setting())
    >>> round(found.spread * 100, 3), round(found.observed * 100, 3)
    (1.413, 1.413)
    """
    observed = float(year_spread(scenario.assigned_beneficiaries)) if spread is None else spread
    return with_chance(scenario, setting, targets(scenario, setting, draws), observed)


class Targets(NamedTuple):
    """Dollars of many draws: the target, the two-way blend's, the spending before chance."""

    benchmark_total: Dollars
    two_way_total: Dollars
    expenditure_total: Dollars


def targets(scenario: Scenario, setting: Setting, draws: int) -> Targets:
    """Return what trend and risk make of the target in each draw, through the whole rule.

    Source: ours; 42 CFR 425.601, 425.652
    """
    _, trend, risk, _ = dice(draws)
    rules = scenario.rules
    moved = scenario.with_columns(_strayed(scenario, setting, trend, risk)).flat()
    found = Targets(*(np.empty(draws) for _ in Targets._fields))
    for start in range(0, draws, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = moved.rows(rows)
        target, people = updated_target(block, rules), settled_person_years(block)
        found.benchmark_total[rows] = target.benchmark * people
        found.two_way_total[rows] = target.two_way_benchmark * people
        found.expenditure_total[rows] = spending(block, target) * people
    return found


def with_chance(
    scenario: Scenario, setting: Setting, drawn: Targets, observed: Fraction
) -> TrueResults:
    """Return targets with chance in the spending, so that the savings rate strays as observed.

    Source: ours
    """
    total, two_way, spent = drawn
    chance, _, _, other = dice(len(total))
    rate = 1 - spent / total
    by_chance = _rest(rate, chance, observed)
    strayed = rate + by_chance * chance
    spread = float(np.std(strayed))
    score: Fraction = number(scenario.quality_score)
    if setting.quality:
        tied = (strayed - strayed.mean()) / spread if spread else 0.0
        apart = np.sqrt(1 - setting.with_quality**2)
        stray = setting.quality * (setting.with_quality * tied + apart * other)
        score = np.clip(score + stray, *quantities()["quality_score"].allowed)
    return TrueResults(
        rate=float(np.mean(strayed)),
        observed=observed,
        of_target=float(np.std(rate)),
        by_chance=by_chance,
        spread=spread,
        benchmark_total=total,
        two_way_total=two_way,
        expenditure_total=spent - by_chance * chance * total,
        quality_score=score,
    )


def _rest(rate: Fraction, chance: Array, observed: float) -> float:
    """Return by how much chance strays so that rate and chance together stray as observed."""
    with_target = float(np.mean((rate - np.mean(rate)) * chance))
    short = observed**2 - float(np.var(rate))
    root = with_target**2 + short
    return max(float(np.sqrt(root)) - with_target, 0.0) if root > 0 and short > 0 else 0.0


def _strayed(scenario: Scenario, setting: Setting, trend: Array, risk: Array) -> dict[str, Array]:
    """Return the fields of the target that stray, each held to what the scenario allows.

    One year strays; over the years since BY3 that is the same as a part of it in each.
    """
    tied = setting.together * trend + np.sqrt(1 - setting.together**2) * risk
    a_year = years_from_by3(scenario)
    wanted = {
        "national_growth": setting.trend * trend / a_year,
        "regional_growth": setting.trend * trend / a_year,
        "risk_growth": setting.risk * tied / a_year,
    }
    strayed = {}
    for name, stray in wanted.items():
        if not np.any(stray):
            continue
        strayed[name] = np.clip(getattr(scenario, name) + stray, *quantities()[name].allowed)
        table = f"{name}_by_type"
        if getattr(scenario, table, None) is not None:
            moved = np.asarray(getattr(scenario, table)) + by_type(stray)
            strayed[table] = np.clip(moved, *quantities()[table].allowed)
    return strayed
