"""Quality: what the score makes of the share of savings, and of the share of losses."""

import numpy as np

from mssp_sim.units import Claim, Fraction

TOLERANCE = 1e-9


def floored_score(
    quality_score: Fraction, score_floor: Fraction, in_disaster_area: Claim
) -> Fraction:
    """Return the quality score that counts: in a disaster area it is never under the floor.

    Parameters
    ----------
    score_floor : the mean score of all ACOs to 2020, then the full standard of the year
    in_disaster_area : did a disaster touch a fifth of the people, or the ACO's legal entity?

    Source: 42 CFR 425.502(f)(2), 425.512(c)(2)-(3)

    Examples
    --------
    >>> [float(floored_score(0.60, 0.767, hit)) for hit in (False, True)]
    [0.6, 0.767]
    """
    return np.where(in_disaster_area, np.maximum(quality_score, score_floor), quality_score)


def each_domain_met(
    patient_experience_met: Claim,
    care_coordination_met: Claim,
    preventive_health_met: Claim,
    at_risk_population_met: Claim,
) -> Claim:
    """Return whether in each of the four domains one measure at least reached its minimum.

    The minimum of a measure was 30 percent, or the 30th percentile of its benchmark.

    Source: 42 CFR 425.502(b)(3), (d)(2)(iii)

    Examples
    --------
    >>> [bool(each_domain_met(True, True, last, True)) for last in (True, False)]
    [True, False]
    """
    patients = np.logical_and(patient_experience_met, care_coordination_met)
    return np.logical_and(patients, np.logical_and(preventive_health_met, at_risk_population_met))


def standard_met(
    quality_score: Fraction,
    quality_performance_standard: Fraction,
    each_domain_met: Claim,
    deemed: Claim,
    quality_standard_met: Fraction,
) -> Claim:
    """Return whether the full quality standard is met.

    Parameters
    ----------
    quality_score, quality_performance_standard : fractions
    each_domain_met : one measure of each domain reached its minimum; True from 2021 on
    deemed : met whatever the score (first year of a first agreement, reporting incentive)
    quality_standard_met : 1 or 0 as CMS says it; NaN to derive it

    Source: 42 CFR 425.502(d)(2)(iii), 425.512(a)

    Examples
    --------
    >>> [bool(standard_met(score, 0.767, True, False, np.nan)) for score in (0.7669, 0.767)]
    [False, True]
    """
    reached = np.greater_equal(quality_score, quality_performance_standard - TOLERANCE)
    derived = np.logical_or(deemed, np.logical_and(reached, each_domain_met))
    return np.where(np.isnan(quality_standard_met), derived, np.equal(quality_standard_met, 1))


def final_sharing_rate(
    sharing_rate: Fraction,
    counted_score: Fraction,
    standard_met: Claim,
    alternative_counts: Claim,
    score_scales_the_full_share: bool,  # noqa: FBT001  (a parameter of the rule)
) -> Fraction:
    """Return the share of savings the ACO keeps.

    Parameters
    ----------
    sharing_rate : the largest rate of the contract
    counted_score : the quality score, 1 where reporting alone counts
    alternative_counts : is the alternative standard met in a year that knows it?
    score_scales_the_full_share : until 2020 the score scaled every payment

    Source: 42 CFR 425.605(d)(1), 425.610(d)

    Examples
    --------
    >>> [float(final_sharing_rate(0.5, 0.75, met, True, False)) for met in (True, False)]
    [0.5, 0.375]
    >>> float(final_sharing_rate(0.5, 0.75, False, False, False))
    0.0
    """
    scaled = np.multiply(sharing_rate, counted_score)
    full = scaled if score_scales_the_full_share else sharing_rate
    return np.where(standard_met, full, np.where(alternative_counts, scaled, 0.0))


def shared_loss_rate(
    sharing_rate: Fraction,
    counted_score: Fraction,
    either_standard_met: Claim,
    shared_loss_rate_floor: Fraction,
    shared_loss_rate_ceiling: Fraction,
) -> Fraction:
    """Return the share of losses the ACO owes: on ENHANCED better quality lowers it.

    Where floor and ceiling are one number (levels C to E, and 0 for A and B) quality never
    moves it.

    Source: 42 CFR 425.605(d)(1), 425.610(f)

    Examples
    --------
    >>> [float(shared_loss_rate(0.75, score, True, 0.40, 0.75)) for score in (0.4, 0.6, 0.9)]
    [0.7, 0.55, 0.4]
    >>> float(shared_loss_rate(0.75, 0.9, False, 0.40, 0.75))
    0.75
    """
    by_score = np.clip(
        1 - np.multiply(sharing_rate, counted_score),
        shared_loss_rate_floor,
        shared_loss_rate_ceiling,
    )
    return np.where(either_standard_met, by_score, shared_loss_rate_ceiling)
