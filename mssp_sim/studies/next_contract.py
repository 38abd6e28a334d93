"""Which contracts an ACO may sign next, by its experience with risk and its time on the path."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mssp_sim.parameters import LEVELS
from mssp_sim.quantity import FIRST_LEVELS
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.studies.agreement import GLIDE_PATH

ONE_SIDED = ("A", "B")


@dataclass(frozen=True, slots=True)
class Signing:
    """What agreements of a time let an ACO sign, by its experience and its time on the path."""

    first_year: int
    most_on_path: int
    experienced_high_revenue: tuple[str, ...]
    experienced_low_revenue: tuple[str, ...]
    used_up: tuple[str, ...]


class Unusual(StrEnum):
    """Why a contract is not one that such an ACO signs; it settles all the same."""

    NO = ""
    EXPERIENCED = "experienced"
    USED_UP = "used up"
    LATE = "late"


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def signing(year: int) -> Signing:
    """Return what an agreement that begins in a year, from July 2019 on, lets an ACO sign.

    Source: 42 CFR 425.600(a)(4), (d), (g)
    """
    row = [rule for rule in _content()["agreements"] if rule["first_year"] <= year][-1]
    return Signing(
        first_year=row["first_year"],
        most_on_path=row["most_on_path"],
        experienced_high_revenue=tuple(row["experienced_high_revenue"]),
        experienced_low_revenue=tuple(row["experienced_low_revenue"]),
        used_up=tuple(row["used_up"]),
    )


def experienced(scenario: Scenario) -> bool:
    """Return whether an ACO counts as experienced with two-sided risk, as said or by its contract.

    Source: 42 CFR 425.20; where nobody says, ours: two-sided is experienced, A, B and Track 1 not
    """
    said = scenario.experienced_with_risk
    return scenario.level not in (*ONE_SIDED, "1") if said is None else bool(said)


def glide_path_agreements(scenario: Scenario) -> int:
    """Return the agreements begun on the glide path, this one counted, as said or by its contract.

    Source: 42 CFR 425.600(a)(4); where nobody says, ours: one on A or B
    """
    said = scenario.glide_path_agreements_used
    return int(scenario.level in ONE_SIDED) if said is None else int(said)


def may_sign(result: Result) -> tuple[str, ...]:
    """Return the contracts open to an ACO after its performance year, in the order of the levels.

    Those of an agreement that begins in the next January, and the later steps of the glide path
    it is on. Of an agreement before July 2019 only tracks, which its rules can settle.

    Parameters
    ----------
    result : a single one

    Source: 42 CFR 425.600(a)(4), (b), (d), (g)

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> may_sign(simulate(Scenario()))
    ('E', 'ENHANCED')
    >>> may_sign(simulate(Scenario(level="A")))
    ('A', 'B', 'C', 'D', 'E', 'ENHANCED')
    """
    scenario = result.scenario
    year = int(scenario.performance_year) + 1
    if scenario.agreement_start < FIRST_LEVELS:
        return _tracks(scenario, year)
    on_path = scenario.level in GLIDE_PATH and not scenario.experienced_with_risk
    steps = GLIDE_PATH[GLIDE_PATH.index(scenario.level) + 1 :] if on_path else ()
    low = bool(np.asarray(result.low_revenue))
    open_to_it = {*steps, *_of_an_agreement(scenario, year, low_revenue=low)}
    return tuple(level for level in LEVELS if level in open_to_it)


def _of_an_agreement(scenario: Scenario, year: int, *, low_revenue: bool) -> tuple[str, ...]:
    """Return the levels of an agreement that begins in a year after July 2019."""
    rule = signing(year)
    if experienced(scenario):
        return rule.experienced_low_revenue if low_revenue else rule.experienced_high_revenue
    return LEVELS if glide_path_agreements(scenario) < rule.most_on_path else rule.used_up


def _tracks(scenario: Scenario, year: int) -> tuple[str, ...]:
    """Return the tracks of an agreement that begins in a year before July 2019."""
    if year >= FIRST_LEVELS.year:
        return ()
    rule = _content()["tracks"]
    one_sided = ("1",) if scenario.agreement_period < rule["most_one_sided"] else ()
    later = tuple(track for track, first in rule["first_offered"].items() if year >= first)
    return tuple(sorted((*one_sided, "2", *later)))


def unusual(scenario: Scenario) -> Unusual:
    """Return why such an ACO would not sign its contract today; nothing where it may.

    A and B late in an ACO's life occur in CMS's files, so nothing is refused.

    Source: 42 CFR 425.600(a)(4), (d), (g)

    Examples
    --------
    >>> unusual(Scenario(level="B", agreement_period=3)).value, unusual(Scenario()).value
    ('late', '')
    """
    if scenario.agreement_start < FIRST_LEVELS or scenario.level not in ONE_SIDED:
        return Unusual.NO
    if scenario.experienced_with_risk:
        return Unusual.EXPERIENCED
    most = signing(scenario.agreement_start.year).most_on_path
    if glide_path_agreements(scenario) > most:
        return Unusual.USED_UP
    told = scenario.glide_path_agreements_used is not None
    return Unusual.LATE if scenario.agreement_period > most and not told else Unusual.NO
