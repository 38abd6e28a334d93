"""What no file tells of a loaded ACO: inputs that stand as assumed, and its share as a range."""

from typing import NamedTuple

import numpy as np

from mssp_sim.cms_files.loading import MARKET_SHARE_RANGE, Loaded
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import simulate
from mssp_sim.units import Dollars, Fraction

LOW, HIGH = MARKET_SHARE_RANGE["aged_non_dual"]
"""The range of most people's enrollment type."""

A_POINT = 0.01


class ShareRange(NamedTuple):
    """An assumed market share and its range; each tuple is at the low end, as assumed, at the high.

    ``payments`` are dollars of the scenario at each share, ``faster`` what one more point of
    regional growth a year would change them by.
    """

    shares: tuple[Fraction, ...]
    payments: tuple[Dollars, ...]
    faster: tuple[Dollars, ...]


def still_assumed(found: Loaded, scenario: Scenario) -> tuple[str, ...]:
    """Return the fields that were assumed when an ACO was loaded and that nobody has set since.

    Parameters
    ----------
    found : the ACO as it was loaded
    scenario : what has become of it

    Source: ours
    """
    return tuple(
        name
        for name in found.assumed
        if np.array_equal(getattr(found.scenario, name), getattr(scenario, name))
    )


def share_range(scenario: Scenario, between: tuple[Fraction, Fraction] | None = None) -> ShareRange:
    """Return what a scenario would pay over a range of market shares, that of real ACOs if None.

    The target of a loaded ACO is CMS's at its assumed share, so that only what has moved since
    then, or grows apart between region and nation, makes a difference.

    Parameters
    ----------
    scenario : a single one

    Source: ours; the range is that of 333 ACOs in county files of 2014 and 2018
    """
    low, high = between or (LOW, HIGH)
    shares = np.array([low, float(scenario.market_share), high])
    fields: dict[str, object] = {"market_share": shares, "market_share_by_type": None}
    payments = simulate(scenario.with_columns(fields)).payment
    growth = float(scenario.regional_growth) + A_POINT
    fields |= {"regional_growth": np.full(shares.shape, growth), "regional_growth_by_type": None}
    moved = simulate(scenario.with_columns(fields)).payment - payments
    return ShareRange(*(tuple(map(float, each)) for each in (shares, payments, moved)))
