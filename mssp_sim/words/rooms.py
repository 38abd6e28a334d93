"""What the pages of a live room say alike: an amount in its unit, a letter, who is in."""

from mssp_sim.figures import money, percent, plain, score

LETTERS = "ABCDEFGH"


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
