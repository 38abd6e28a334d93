"""What the pages of a live room say alike: an amount in its unit, a letter, who is in."""

from mssp_sim.figures import money, percent, plain, score

LETTERS = "ABCDEFGH"
NOBODY = "Nobody has answered."


def letter(option: int) -> str:
    """Return the letter of an answer."""
    return LETTERS[option]


def amount(value: float, unit: str) -> str:
    """Return an estimate as it is shown.

    Parameters
    ----------
    unit : dollars; percent or points of 100, both of a fraction; or number

    Examples
    --------
    >>> amount(6.5e6, "dollars"), amount(0.031, "percent"), amount(0.82, "points")
    ('$6.5M', '3.1%', '82.0')
    """
    if unit == "dollars":
        return money(value)
    if unit == "percent":
        return percent(value)
    return score(value) if unit == "points" else plain(value, 1)


def counted(many: int, one: str, several: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "seat", "seats"), counted(30, "seat", "seats")
    ('1 seat', '30 seats')
    """
    return f"{many} {one if many == 1 else several}"


def believed(option: str, meaning: str, myth: str) -> str:
    """Return what the room believed, and which myth that is."""
    said = f"Where the room went wrong: {option.rstrip('.')}."
    if myth:
        said += f" That is the myth “{myth.rstrip('.')}”."
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
