"""A minimum rate as every page shows it."""

from mssp_sim.figures import percent

WHOLE = 1e-6


def minimum_in_words(rate: float) -> str:
    """Return a minimum with the digits it needs: the table by size gives quarters of a point.

    Parameters
    ----------
    rate : a fraction

    Source: ours

    Examples
    --------
    >>> minimum_in_words(0.02), minimum_in_words(0.0225)
    ('2.0%', '2.25%')
    """
    return percent(rate, 1 if abs(rate * 1000 - round(rate * 1000)) < WHOLE else 2)
