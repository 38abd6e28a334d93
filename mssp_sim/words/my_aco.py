"""What stands beside the name of a loaded ACO: what CMS settled, and what had to be assumed."""

from collections.abc import Collection

from mssp_sim.aco import Aco
from mssp_sim.figure import Figure
from mssp_sim.figures import whole_dollars
from mssp_sim.trace import Step

OWN_FILE = "From a file of your own."
SOURCE = "CMS, Performance Year Financial and Quality Results"


def published(aco: Aco, payment: float) -> Figure:
    """Return what CMS published for the ACO-year, as a figure of the page.

    Examples
    --------
    >>> published(Aco("A1001", 2024, "Lake Care"), -1_250_000.0).shown
    '−$1,250,000'
    """
    shown = whole_dollars(payment)
    step = Step(
        key="published",
        name="CMS published",
        words="earned shared savings or owed losses",
        numbers=f"{aco.aco_id}, performance year {aco.year}",
        value=shown,
        amount=payment,
        section=SOURCE,
        years="",
        known="CMS's results file",
        checked=True,
    )
    return Figure(key=step.key, label=step.name, shown=shown, how=lambda: (step,), amount=payment)


def settled(payment: float, *, held: bool = False) -> str:
    """Return what CMS settled, in words.

    Parameters
    ----------
    payment : dollars
    held : what was owed was held to the participants' revenue

    Examples
    --------
    >>> settled(107_895_330.0), settled(-1_250_000.0), settled(0.0)
    ('CMS paid it $107,895,330.', 'It owed CMS $1,250,000.', 'CMS paid it nothing.')
    >>> settled(-1_250_000.0, held=True)
    'It owed CMS $1,250,000, held to the revenue of its participants, which no file tells.'
    """
    if payment > 0:
        return f"CMS paid it {whole_dollars(payment)}."
    why = ", held to the revenue of its participants, which no file tells" if held else ""
    owed = f"It owed CMS {whole_dollars(-payment)}{why}."
    return owed if payment < 0 else "CMS paid it nothing."


def assumed(fields: Collection[str], *, trend_known: bool) -> str:
    """Return what no file tells of a loaded ACO, in a few words.

    Parameters
    ----------
    fields : names of the fields that are assumed
    trend_known : whether the one trend of nation and region together is CMS's

    Examples
    --------
    >>> assumed(("market_share",), trend_known=True)
    'Assumed: market share, growth of region against nation, revenue.'
    """
    growth = "growth of region against nation" if trend_known else "growth of region and nation"
    parts = ["market share", growth, "revenue"]
    if "regional_level" in fields:
        parts.insert(2, "the region's costs")
    return f"Assumed: {', '.join(parts)}."


def loaded_how(filled: int, calibration: str) -> str:
    """Return how an ACO became a scenario.

    Parameters
    ----------
    filled : small cells that CMS hides and that were filled
    calibration : what the calibration of its target holds, empty where it hides nothing

    Examples
    --------
    >>> loaded_how(2, "")[-40:]
    '2 small cells that CMS hides are filled.'
    """
    parts = [
        "Its cost reduction is its savings rate: without it, spending would have met the target.",
        "What is assumed is in no results file.",
    ]
    if filled:
        hidden = "1 small cell that CMS hides is" if filled == 1 else (
            f"{filled} small cells that CMS hides are"
        )  # fmt: skip
        parts.append(f"{hidden} filled.")
    return " ".join(filter(None, (*parts, calibration)))
