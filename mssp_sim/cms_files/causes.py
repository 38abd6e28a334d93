"""From the historical to the updated benchmark of one ACO, as far as CMS's file tells."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mssp_sim.cms_files.loading import NotLoadableError, load
from mssp_sim.parameters import rules_in_force
from mssp_sim.scenario import FIRST_LEVELS
from mssp_sim.simulation import updated_target
from mssp_sim.target import years_from_by3


@dataclass(frozen=True, slots=True)
class Causes:
    """Dollars per person-year that lead from one benchmark to the other; each adds to the last.

    ``before + adjustment`` is ``historical``, and ``historical + mix + risk + growth`` is
    ``updated``. ``before`` and ``adjustment`` are None where the file does not print the
    adjustment; ``mix`` and ``risk`` where the rule of that agreement cannot be followed from the
    file, and then lie inside ``growth``. ``held_back`` is what the cap on risk growth took off,
    inside ``risk``. ``rate`` is growth as one rate a year over ``years``.
    """

    before: float | None
    adjustment: float | None
    adjustment_is: str
    historical: float
    mix: float | None
    risk: float | None
    held_back: float
    growth: float
    rate: float
    years: int
    updated: float
    spent: float
    not_known: tuple[str, ...]


REGION = "how growth divides between nation and region, and its region's level and market share"
PROSPECTIVE = "what the trend set in advance added, next to nation and region"
HISTORY = "how the three benchmark years were brought to the last"
ADJUSTMENT = "the adjustment inside the historical benchmark: this year's file has no dollars of it"
TOGETHER = "risk scores and the mix of people, which lie inside growth here"
PROSPECTIVE_SINCE = 2024
"""First year of agreements whose update has a trend set in advance."""


def causes(row: pd.Series) -> Causes:
    """Return the causes that an ACO's row tells, and the names of those it does not.

    Adjustment, historical and updated benchmark are CMS's. Mix and risk are worked out from
    CMS's person-years and risk scores by enrollment type, the cap on risk as the rule has it;
    growth is the rest.

    Parameters
    ----------
    row : as ``read`` returns it

    Raises
    ------
    NotLoadableError
        Where the row lacks what a target needs; says what.

    Source: ours; 42 CFR 425.601, 425.605(a), 425.652
    """
    scenario = load(row).scenario
    printed = row[["historical_benchmark", "benchmark"]].astype(float)
    if printed.isna().any():
        raise NotLoadableError(f"{row['aco_name']}: this year's file prints no benchmark a person.")
    historical, updated = printed
    start = scenario.agreement_start
    target = updated_target(scenario, rules_in_force(int(scenario.performance_year), start))
    at_by3, now = np.asarray(scenario.person_year_share_by3), np.asarray(scenario.person_year_share)
    by_type = target.adjusted_benchmark * (
        historical / np.vecdot(target.adjusted_benchmark, at_by3)
    )
    applied = float(row["adjustment_applied"])
    known = not np.isnan(applied)
    followed = start >= FIRST_LEVELS
    mixed = float(np.vecdot(by_type, now)) if followed else historical
    risky = float(np.vecdot(by_type * target.risk_factor, now)) if followed else historical
    free = float(np.vecdot(by_type * target.risk_ratio, now)) if followed else historical
    years = years_from_by3(scenario)
    unknown = [HISTORY, REGION]
    unknown += [PROSPECTIVE] if start.year >= PROSPECTIVE_SINCE else []
    unknown += [] if known else [ADJUSTMENT]
    unknown += [] if followed else [TOGETHER]
    return Causes(
        before=historical - applied if known else None,
        adjustment=applied if known else None,
        adjustment_is=str(row["adjustment_category"] or "Regional Adjustment"),
        historical=historical,
        mix=mixed - historical if followed else None,
        risk=risky - mixed if followed else None,
        held_back=max(free - risky, 0.0),
        growth=updated - risky,
        rate=(updated / risky) ** (1 / years) - 1,
        years=years,
        updated=updated,
        spent=updated * (1 - float(row["savings_rate"])),
        not_known=tuple(unknown),
    )
