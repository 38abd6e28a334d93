"""What the wall of a live room says: how to get in, how many are, and what the room believed."""

from mssp_sim.figures import percent
from mssp_sim.words.rooms import amount, counted, letter

WELCOME = "The wall of a room"
CODE = "The code of the room"
NO_LINK = "The trainer’s page has a link to this wall; or type the code of the room."
SCAN = "Scan, tap Join. No account, no name needed."
NOBODY = "Nobody has answered."
GOAL = "The goal"


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


def right(options: tuple[str, ...], which: int) -> str:
    """Return the right answer of a vote."""
    return f"{letter(which)} · {options[which]}"


def believed(option: str, meaning: str, myth: str) -> str:
    """Return what the room believed, and which myth that is."""
    said = f"Where the room went wrong: {option}."
    if myth:
        said += f" That is the myth “{myth}”."
    return f"{said} {meaning}".strip()


def spread(median: float, middle: tuple[float, float], unit: str) -> str:
    """Return median and spread of estimates or payments.

    Examples
    --------
    >>> spread(5e6, (4e6, 7e6), "dollars")
    'Median $5.0M; the middle half lies between $4.0M and $7.0M.'
    """
    low, high = (amount(end, unit) for end in middle)
    return f"Median {amount(median, unit)}; the middle half lies between {low} and {high}."


def met(many: int, of: int) -> str:
    """Return who met the goal.

    Examples
    --------
    >>> met(4, 10)
    '4 of 10 met the goal, 40%.'
    """
    if not of:
        return NOBODY
    return f"{many} of {of} met the goal, {percent(many / of, 0)}."
