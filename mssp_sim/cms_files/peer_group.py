"""The ACOs that one ACO is rightly compared with, its place among them, and what 1% is worth."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from mssp_sim.cms_files.reproduction import each_settled
from mssp_sim.units import Array

HALF_TO_TWICE = (0.5, 2.0)
"""Sizes that count as near, as shares of the ACO's own."""

NEAR_SHARE = 0.05
"""How far the share of dually eligible people may be apart, as a fraction."""

ONE_PERCENT = 0.01
LAST_LONG_YEAR = 2013
"""Its totals cover 12, 18 or 21 months, its spending by service 12: the two do not fit."""

SERVICES = {
    "inpatient": "Inpatient",
    "skilled_nursing": "Skilled nursing",
    "home_health": "Home health",
    "outpatient": "Outpatient",
    "clinicians": "Clinicians",
    "hospice": "Hospice",
    "equipment": "Equipment",
}
"""Services whose spending CMS prints for nearly every ACO; the first part of a column's name."""

MEASURES = {"savings_rate": "Savings rate", "quality_score": "Quality score"} | {
    f"spending_{service}": label for service, label in SERVICES.items()
}


def _same(column: str) -> Callable[[pd.DataFrame, pd.Series], pd.Series]:
    def same(frame: pd.DataFrame, row: pd.Series) -> pd.Series:
        found: pd.Series = frame[column] == row[column]
        return found

    return same


def _near_in_size(frame: pd.DataFrame, row: pd.Series) -> pd.Series:
    low, high = (share * row["assigned_beneficiaries"] for share in HALF_TO_TWICE)
    return frame["assigned_beneficiaries"].between(low, high)


def _near_in_dual_share(frame: pd.DataFrame, row: pd.Series) -> pd.Series:
    found: pd.Series = (frame["dual_share"] - row["dual_share"]).abs() <= NEAR_SHARE
    return found


CRITERIA: dict[str, tuple[str, Callable[[pd.DataFrame, pd.Series], pd.Series]]] = {
    "level": ("Same contract", _same("level")),
    "assigned_beneficiaries": ("Half to twice its size", _near_in_size),
    "revenue_category": ("Same revenue category", _same("revenue_category")),
    "assignment_type": ("Same assignment", _same("assignment_type")),
    "dual_share": ("Near in share dually eligible", _near_in_dual_share),
}
"""By the column compared: what the comparison is called, and who passes it."""


def told(row: pd.Series) -> tuple[str, ...]:
    """Return the criteria whose column the file of this year tells for an ACO."""
    return tuple(column for column in CRITERIA if not pd.isna(row[column]))


def peers_of(frame: pd.DataFrame, at: int, criteria: Sequence[str]) -> pd.DataFrame:
    """Return the other ACOs of the year that pass every criterion.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them
    at : the place of the ACO among them
    criteria : of ``CRITERIA``; one that the file does not tell is passed by all

    Returns
    -------
    the rows of the peers, in the order of the frame

    Source: ours
    """
    row = frame.iloc[at]
    kept = np.arange(len(frame)) != at
    for column in set(criteria) & set(told(row)):
        kept &= CRITERIA[column][1](frame, row).to_numpy(bool)
    peers: pd.DataFrame = frame[kept]
    return peers


class Standing(NamedTuple):
    """One measure: the ACO's value, those of its peers, their middle, and the share below it."""

    measure: str
    value: float
    values: Array
    """NaN where a peer's is not told."""

    middle: float
    below: float


def standings(row: pd.Series, peers: pd.DataFrame) -> tuple[Standing, ...]:
    """Return an ACO's place among its peers in every measure that is told of both.

    Source: ours
    """
    found = []
    for measure in MEASURES:
        value, values = float(row[measure]), peers[measure].to_numpy(float)
        known = values[~np.isnan(values)]
        if np.isnan(value) or not len(known) or (known == value).all():
            continue  # nothing told, or no place among equals: the score of a first year
        found.append(
            Standing(measure, value, values, float(np.median(known)), float(np.mean(known < value)))
        )
    return tuple(found)


class Worth(NamedTuple):
    """One percent of a service's spending: its dollars, and what they change for the ACO."""

    service: str
    saved: float
    worth: float


def worth_of_one_percent(row: pd.Series) -> tuple[Worth, ...]:
    """Return what one percent less spending on each service would have been worth to an ACO.

    The year is settled again with that spending taken off, all else as it was. Nothing is
    returned for 2013.

    Parameters
    ----------
    row : as ``read`` returns it

    Source: ours; the settlement is that of ``reproduce``
    """
    if row["performance_year"] <= LAST_LONG_YEAR:
        return ()
    known = [service for service in SERVICES if not pd.isna(row[f"spending_{service}"])]
    months = 0.5 if row["half_year"] else 1.0
    people = float(row["person_years"]) * months
    saved = [ONE_PERCENT * float(row[f"spending_{service}"]) * people for service in known]
    tried = pd.concat([row.to_frame().T] * (len(known) + 1), ignore_index=True)
    tried["expenditure_total"] -= np.array([0.0, *saved])
    tried["agreement_start"] = pd.to_datetime(tried["agreement_start"])
    (_, result), *_ = each_settled(tried)
    payment = np.asarray(result.payment, float)
    return tuple(
        Worth(service, dollars, float(paid - payment[0]))
        for service, dollars, paid in zip(known, saved, payment[1:], strict=True)
    )
