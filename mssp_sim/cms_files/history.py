"""One ACO's years, and what every ACO left: sums that a board reads."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from mssp_sim.cms_files import published
from mssp_sim.cms_files.reproduction import each_settled
from mssp_sim.parameters import TRACKS

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
    "lost_to_quality", "under_enhanced",
)  # fmt: skip
TRACK_3_BEGINS = 2016
"""Before it no contract shared as much as ENHANCED does."""

ALL_WAIVED = (2020, 2021)
"""Years in which every loss was waived: nobody owes, whatever the contract."""

FELT = 1.0
"""Dollars from which an ACO counts as having left any: CMS prints whole ones."""


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
    ``under_enhanced`` is what ENHANCED (Track 3 for the contracts of before July 2019) would have
    paid or taken for the same spending, quality and minimum; NaN before 2016, when there was no
    such contract. CMS's adjustment for disasters is kept in dollars.

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
    found = rows.assign(
        lost_at_the_minimum=at_minimum,
        lost_to_quality=to_quality,
        under_enhanced=_under_enhanced(rows),
    )
    return found[list(LEFT)]


def _under_enhanced(rows: pd.DataFrame) -> pd.Series:
    """Return what the contract with the largest share would have paid every row."""
    years = rows["performance_year"]
    largest = np.where(rows["level"].isin(TRACKS), "3", "ENHANCED")
    found = pd.Series(np.nan, rows.index)
    for places, result in each_settled(rows.assign(level=largest)):
        found.iloc[places] = result.payment
    found = found.mask(years.isin(ALL_WAIVED), found.clip(lower=0))
    # Who has the contract already is paid what CMS paid.
    found = found.mask(rows["level"] == largest, rows["payment"])
    return found.mask(years < TRACK_3_BEGINS)


def nation(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of ``left`` by year: ACOs, dollars, and how many left any.

    Parameters
    ----------
    rows : as ``left`` returns them

    Returns
    -------
    one row a performance year: ``acos``, ``paid``, ``owed``, ``lost_at_the_minimum``,
    ``lost_to_quality``, ``more_in_enhanced``, ``less_in_enhanced``, and the ACOs behind the last
    six: ``acos_paid``, ``acos_owed``, ``acos_at_the_minimum``, ``acos_to_quality``,
    ``acos_more_in_enhanced``, ``acos_less_in_enhanced``

    Source: ours
    """
    payment = rows["payment"]
    apart = (rows["under_enhanced"] - payment).fillna(0.0)
    dollars = {
        "paid": payment.clip(lower=0),
        "owed": (-payment).clip(lower=0),
        "lost_at_the_minimum": rows["lost_at_the_minimum"],
        "lost_to_quality": rows["lost_to_quality"],
        "more_in_enhanced": apart.clip(lower=0),
        "less_in_enhanced": (-apart).clip(lower=0),
    }
    counted = {f"acos_{name.removeprefix('lost_')}": (each >= FELT).astype(int)
               for name, each in dollars.items()}  # fmt: skip
    each = pd.DataFrame({"performance_year": rows["performance_year"], "acos": 1}
                        | dollars | counted)  # fmt: skip
    return each.groupby("performance_year").sum()


@cache
def left_inside() -> pd.DataFrame:
    """Return ``left`` of the results inside, worked out once a process."""
    return left()


@cache
def announced() -> tuple[Mapping[str, object], ...]:
    """Return what CMS announced of some years, as a table a figure: year, what, dollars, source.

    ``what`` is ``net_savings`` (benchmark less spending less what was paid), ``paid`` or
    ``owed``; ``read`` tells where the figure was read, empty for one that is only recalled.

    Source: CMS's press releases and fact sheets, as the table names them
    """
    with (Path(__file__).parent / "announced.toml").open("rb") as file:
        return tuple(tomllib.load(file)["figures"])


def beside_announced(
    frame: pd.DataFrame | None = None,
) -> tuple[tuple[Mapping[str, object], float], ...]:
    """Return each figure that CMS announced with the same sum over the rows.

    Parameters
    ----------
    frame : with ``performance_year``, ``gross_savings`` and ``payment``; the results inside where
        it is None

    Source: ours
    """
    rows = (
        published.results(("performance_year", "gross_savings", "payment"))
        if frame is None
        else frame
    )
    found = []
    for figure in announced():
        of_year = rows[rows["performance_year"] == figure["year"]]
        payment = of_year["payment"]
        sums = {
            "net_savings": of_year["gross_savings"].sum() - payment.sum(),
            "paid": payment.clip(lower=0).sum(),
            "owed": (-payment).clip(lower=0).sum(),
        }
        found.append((figure, float(sums[str(figure["what"])])))
    return tuple(found)
