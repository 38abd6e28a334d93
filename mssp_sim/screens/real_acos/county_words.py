"""What two county files tell of an ACO's region, in words: ranges, and CMS's figure beside them."""

from mssp_sim.cms_files.counties import Region
from mssp_sim.figures import percent
from mssp_sim.units import TYPES, Array

WHICH = (
    "Two public files of one year: “County-level Aggregate Expenditure and Risk Score Data on "
    "Assignable Beneficiaries” and “Number of ACO Assigned Beneficiaries by County”. Offset years "
    "go with prospective assignment, calendar years with retrospective."
)
UNTOLD = "not told"


def between(low: float, high: float) -> str:
    """Return a range as it is shown.

    Examples
    --------
    >>> between(0.04, 0.052), between(0.041, 0.041), between(float("nan"), 0.1)
    ('4.0% to 5.2%', '4.1%', 'not told')
    """
    if low != low or high != high:  # noqa: PLR0124  (not a number)
        return UNTOLD
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def rows(region: Region) -> tuple[dict[str, str], ...]:
    """Return market share and regional level by enrollment type."""
    level: Array | None = region.level
    return tuple(
        {
            "Enrollment type": name,
            f"Market share in {region.year}": between(*region.share[at]),
            "Region against its own history": (
                "needs its last benchmark year" if level is None else between(*level[at])
            ),
        }
        for at, name in enumerate(TYPES)
    )


def basis(region: Region, assigned: str) -> str:
    """Return what the ranges come from, and which of the year's files they are."""
    which = f"the file of {assigned} years" if assigned else (
        "the file’s name does not tell whether calendar or offset"
    )  # fmt: skip
    cells = f"{region.hidden} cell{' is' if region.hidden == 1 else 's are'}"
    return (
        f"From {region.counties} counties of {region.year} ({which}); {cells} hidden, one "
        "to ten people each: the ranges hold them in the cheapest and in the dearest counties."
    )


def beside_cms(region: Region) -> str:
    """Return whether the county files agree with the adjustment that CMS printed.

    Examples
    --------
    >>> import numpy as np
    >>> share = np.full((4, 2), 0.1)
    >>> beside_cms(Region(2018, share, share, (0.03, 0.05), (0.04, 0.02), 9, 2)).split(": ")[1]
    'the first agrees. CMS’s figure is what counts.'
    """
    if region.overall is None:
        return ""
    ours = f"Over all types the region stands {between(*region.overall)} over its own history"
    first, second = region.implied
    if first is None and second is None:
        return f"{ours}. CMS’s file has no regional adjustment to compare it with."
    told = {"the first": first, "the second": second}
    said = ", ".join(f"{percent(v)} at the weight of {k} period" for k, v in told.items()
                     if v is not None)  # fmt: skip
    low, high = region.overall
    fits = [k for k, v in told.items() if v is not None and low - NEAR <= v <= high + NEAR]
    verdict = f"{' and '.join(fits)} agree{'s' if len(fits) == 1 else ''}" if fits else (
        "they disagree"
    )  # fmt: skip
    return f"{ours}; CMS’s adjustment implies {said}: {verdict}. CMS’s figure is what counts."


NEAR = 0.005
"""How far a level may lie outside the range and still agree: stale county files came as near."""
