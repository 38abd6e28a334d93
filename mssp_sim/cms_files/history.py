"""One ACO's years, and what every ACO left: sums that a board reads."""

import pandas as pd

from mssp_sim.cms_files import published
from mssp_sim.cms_files.reproduction import each_settled

FIRST_OPEN = 2018
"""From this year on CMS prints the identifier itself; until 2017 it is encrypted."""

BY_IDENTIFIER, BY_NAME = "identifier", "exact name"
YEARS = (
    "performance_year", "aco_id", "aco_name", "level", "agreement_start", "benchmark",
    "benchmark_total", "expenditure_total", "savings_rate", "minimum_savings_rate",
    "quality_score", "quality_standard_met", "alternative_standard_met", "payment",
)  # fmt: skip
LEFT = (
    "performance_year", "aco_id", "aco_name", "level", "payment", "lost_at_the_minimum",
    "lost_to_quality",
)  # fmt: skip


def years_of(aco_id: str, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every year of one ACO, and how each was joined to it.

    Identifiers up to 2017 are encrypted and fit no later ones. An earlier and a later
    identifier are joined where exactly one of each carries the same exact name.

    Parameters
    ----------
    aco_id : an identifier of either kind
    frame : as ``read`` returns it; the results inside where it is None

    Returns
    -------
    one row a year, in order, with ``YEARS`` and ``joined_by``; empty for an unknown identifier

    Source: ours
    """
    rows = published.results(YEARS) if frame is None else frame[list(YEARS)]
    own = rows[rows["aco_id"] == aco_id]
    if own.empty:
        return own.assign(joined_by=pd.Series(dtype=object))
    early = rows["performance_year"] < FIRST_OPEN
    is_early = bool(early[own.index].iloc[0])
    other = _namesake(rows[early != is_early], rows[early == is_early], own)
    found = rows[rows["aco_id"].isin([aco_id, *other])].sort_values("performance_year")
    joined = [BY_IDENTIFIER if one == aco_id else BY_NAME for one in found["aco_id"]]
    return found.assign(joined_by=joined).reset_index(drop=True)


def _namesake(others: pd.DataFrame, same: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    """Return the one identifier of the other kind with a name of this ACO, if there is just one."""
    names = set(own["aco_name"])
    shared = set(same.loc[same["aco_name"].isin(names), "aco_id"])
    found = others[others["aco_name"].isin(names)]
    back = set(same.loc[same["aco_name"].isin(set(found["aco_name"])), "aco_id"])
    identifiers = sorted(set(found["aco_id"]))
    return identifiers if len(identifiers) == 1 and len(shared | back) == 1 else []


def left(frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what every ACO left, in dollars: at the minimum, and to quality.

    Lost at the minimum is what full quality would have paid had there been no minimum, less
    what it pays with the minimum; lost to quality is what full quality would have paid with the
    minimum, less what is paid. Both come after sequestration and the limit on payments.

    Parameters
    ----------
    frame : as ``read`` returns it; the results inside where it is None

    Returns
    -------
    one row an ACO and year, in the same order, with ``LEFT``

    Source: ours; the settlement is that of ``reproduce``
    """
    rows = published.results() if frame is None else frame
    at_minimum = pd.Series(0.0, rows.index)
    to_quality = pd.Series(0.0, rows.index)
    for places, result in each_settled(rows):
        at_minimum.iloc[places] = result.lost_at_the_minimum
        to_quality.iloc[places] = result.lost_to_quality
    found = rows.assign(lost_at_the_minimum=at_minimum, lost_to_quality=to_quality)
    return found[list(LEFT)]


def nation(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of ``left`` by year: ACOs, dollars, and how many left any.

    Parameters
    ----------
    rows : as ``left`` returns them

    Returns
    -------
    one row a performance year: ``acos``, ``paid``, ``owed``, ``lost_at_the_minimum``,
    ``lost_to_quality``, ``acos_at_the_minimum``, ``acos_to_quality``

    Source: ours
    """
    payment = rows["payment"]
    each = pd.DataFrame(
        {
            "performance_year": rows["performance_year"],
            "acos": 1,
            "paid": payment.clip(lower=0),
            "owed": (-payment).clip(lower=0),
            "lost_at_the_minimum": rows["lost_at_the_minimum"],
            "lost_to_quality": rows["lost_to_quality"],
            "acos_at_the_minimum": (rows["lost_at_the_minimum"] >= 1).astype(int),
            "acos_to_quality": (rows["lost_to_quality"] >= 1).astype(int),
        }
    )
    return each.groupby("performance_year").sum()
