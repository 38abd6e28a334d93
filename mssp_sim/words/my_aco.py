"""What stands beside the name of a loaded ACO: what CMS settled, and what had to be assumed."""

from collections.abc import Collection

from mssp_sim.aco import Aco
from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import whole_dollars

OWN_FILE = "From a file of your own."


def published(aco: Aco, payment: float) -> Figure:
    """Return what CMS published for the ACO-year, as a figure of the page.

    Examples
    --------
    >>> published(Aco("A1001", 2024, "Lake Care"), -1_250_000.0).shown
    '−$1,250,000'
    """
    return illustrated(
        "published",
        "CMS published",
        whole_dollars(payment),
        "CMS's results file, earned shared savings or owed losses",
        f"{aco.aco_id}, performance year {aco.year}",
        payment,
    )


def settled(payment: float) -> str:
    """Return what CMS settled, in words.

    Examples
    --------
    >>> settled(107_895_330.0), settled(-1_250_000.0), settled(0.0)
    ('CMS paid it $107,895,330.', 'It owed CMS $1,250,000.', 'CMS paid it nothing.')
    """
    if payment > 0:
        return f"CMS paid it {whole_dollars(payment)}."
    return f"It owed CMS {whole_dollars(-payment)}." if payment < 0 else "CMS paid it nothing."


def assumed(fields: Collection[str], *, trend_known: bool, filled: int) -> str:
    """Return what no file tells of a loaded ACO, in one line.

    Parameters
    ----------
    fields : names of the fields that are assumed
    trend_known : whether the one trend of nation and region together is CMS's
    filled : small cells that CMS hides and that were filled

    Examples
    --------
    >>> assumed(("market_share",), trend_known=True, filled=1)
    'Assumed, for no file tells: market share, how growth splits between nation and region, \
revenue; 1 small cell that CMS hides is filled.'
    """
    parts = ["market share"]
    parts.append(
        "how growth splits between nation and region"
        if trend_known
        else "growth of nation and region"
    )
    if "regional_level" in fields:
        parts.append("the region's costs")
    parts.append("revenue")
    hidden = "1 small cell that CMS hides is" if filled == 1 else (
        f"{filled} small cells that CMS hides are"
    )  # fmt: skip
    return (
        f"Assumed, for no file tells: {', '.join(parts)}{f'; {hidden} filled' if filled else ''}."
    )
