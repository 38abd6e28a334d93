"""Which contracts an ACO may sign next, by its experience with risk and its time on the path."""

import datetime as dt
import tomllib
from collections.abc import Mapping
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
from mssp_sim.studies.repayment import ElectionRules, election_rules

ONE_SIDED = ("A", "B")


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
def signing(year: int) -> ElectionRules:
    """Return what the rule says of an agreement that begins in a year, from July 2019 on.

    Source: 42 CFR 425.600(a)(4), (d), (g)
    """
    return election_rules(dt.date(year, 1, 1))


def which_rule(scenario: Scenario, *, low_revenue: bool) -> str:
    """Return the parameter that says which contracts an agreement from July 2019 on offers.

    Source: 42 CFR 425.600(d), (g)

    Examples
    --------
    >>> which_rule(Scenario(), low_revenue=False)
    'open_to_experienced_high_revenue'
    """
    if experienced(scenario):
        return f"open_to_experienced_{'low' if low_revenue else 'high'}_revenue"
    most = signing(int(scenario.performance_year) + 1).glide_path_agreements_at_most
    if glide_path_agreements(scenario) < most:
        return "glide_path_agreements_at_most"
    return "open_after_the_glide_path"


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
    found = getattr(signing(year), which_rule(scenario, low_revenue=low_revenue))
    if not isinstance(found, Mapping):
        return LEVELS
    return tuple(level for level, is_open in found.items() if is_open)


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
    most = signing(scenario.agreement_start.year).glide_path_agreements_at_most
    if glide_path_agreements(scenario) > most:
        return Unusual.USED_UP
    told = scenario.glide_path_agreements_used is not None
    return Unusual.LATE if scenario.agreement_period > most and not told else Unusual.NO
