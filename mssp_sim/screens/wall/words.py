"""What the wall of a live room says: how to get in, how many are, and what the room believed."""

from mssp_sim.figures import money, percent, points
from mssp_sim.words.rooms import amount, counted

WELCOME = "The wall of a room"
CODE = "The code of the room"
NO_LINK = "The trainer’s page has a link to this wall; or type the code of the room."
SCAN = "Scan, tap Join. No account, no name needed."


def joined(code: str, seats: int) -> str:
    """Return the sentence of a room before its first question.

    Examples
    --------
    >>> joined("BK4-T9XW", 1)
    'Room BK4-T9XW: 1 seat is in'
    """
    return f"Room {code}: {counted(seats, 'seat is', 'seats are')} in"


def answered(answers: int, seats: int) -> str:
    """Return how many have answered.

    Examples
    --------
    >>> answered(9, 12)
    '9 of 12 answered'
    """
    return f"{answers} of {max(seats, answers)} answered"


def it_is(truth: float, unit: str) -> str:
    """Return the answer of an estimate, which the picture says too."""
    return f"It is {amount(truth, unit)}."


def shock(spending: float, quality: float) -> str:
    """Return what a year brought to every team.

    Examples
    --------
    >>> shock(0.007, -0.04)
    'spending 0.7% over what was expected, quality 4.0 points lower'
    """
    side = "over" if spending >= 0 else "under"
    way = "higher" if quality >= 0 else "lower"
    return (
        f"spending {percent(abs(spending))} {side} what was expected, "
        f"quality {points(abs(quality))} {way}"
    )


def frontier(earn: float | None) -> str:
    """Return what the dashed line on the map is.

    Parameters
    ----------
    earn : dollars of the goal, None where there is none

    Examples
    --------
    >>> frontier(9e6)
    'The dashed line: from there on the contract of the start pays $9.0M.'
    """
    what = "anything" if earn is None else money(earn)
    return f"The dashed line: from there on the contract of the start pays {what}."
