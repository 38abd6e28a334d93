"""Figures and dates as the reader sees them: rounded once, for display, halves away from zero."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

from mssp_sim.tolerances import LAST_DIGIT, SAME_RATE

MINUS = "−"
MILLION = 1_000_000
MOST_DIGITS = 8
SMALLEST_SHOWN = 100_000
"""Dollars under which an amount that is not zero shows as less than $0.1M."""


def date_in_words(day: dt.date) -> str:
    """Return a date as it is written in the United States.

    Examples
    --------
    >>> date_in_words(dt.date(2025, 12, 31))
    'December 31, 2025'
    """
    return f"{day:%B} {day.day}, {day.year}"


def rounded(number: float, digits: int) -> Decimal:
    """Round halves away from zero, after binary noise is gone.

    Examples
    --------
    >>> rounded(2.675, 2), rounded(-0.25, 1)
    (Decimal('2.68'), Decimal('-0.3'))
    """
    return Decimal(f"{number:.10f}").quantize(_last_place(digits), rounding=ROUND_HALF_UP)


@cache
def _last_place(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)


def plain(number: float | Decimal, digits: int) -> str:
    """Return a number with a true minus sign and thousands commas, never a negative zero.

    Examples
    --------
    >>> plain(-1234.56, 1), plain(-0.01, 1)
    ('−1,234.6', '0.0')
    """
    value = rounded(float(number), digits)
    return (MINUS if value < 0 else "") + f"{abs(value):,}"


def millions(dollars: float) -> Decimal:
    """Return dollars as millions with one decimal.

    Examples
    --------
    >>> millions(6_516_510)
    Decimal('6.5')
    """
    return rounded(float(rounded(dollars, 2)) / MILLION, 1)


def money(dollars: float) -> str:
    """Return dollars in millions.

    Examples
    --------
    >>> money(6_516_510), money(-5_148_000), money(40_000), money(-40_000), money(0.001)
    ('$6.5M', '−$5.1M', '<$0.1M', '−<$0.1M', '$0.0M')
    """
    cents = abs(rounded(dollars, 2))
    sign = MINUS if dollars < 0 and cents else ""
    if 0 < cents < SMALLEST_SHOWN:
        return f"{sign}<$0.1M"
    return f"{sign}${rounded(float(cents) / MILLION, 1):,}M"


def change(dollars: float) -> str:
    """Return a difference in dollars, with its sign.

    Examples
    --------
    >>> change(2_172_170), change(-2_172_170), change(0)
    ('+$2.2M', '−$2.2M', '$0.0M')
    """
    return ("+" if rounded(dollars, 2) > 0 else "") + money(dollars)


def whole_dollars(dollars: float) -> str:
    """Return dollars to the dollar.

    Examples
    --------
    >>> whole_dollars(6_516_510.4), whole_dollars(-3)
    ('$6,516,510', '−$3')
    """
    value = rounded(dollars, 0)
    return (MINUS if value < 0 else "") + f"${abs(value):,}"


def signed(dollars: float) -> str:
    """Return a difference in whole dollars, with its sign.

    Examples
    --------
    >>> signed(21.2), signed(-35.4), signed(0.2)
    ('+$21', '−$35', '$0')
    """
    return ("+" if rounded(dollars, 0) > 0 else "") + whole_dollars(dollars)


def percent(fraction: float, digits: int = 1) -> str:
    """Return a fraction as a percent.

    Examples
    --------
    >>> percent(0.031), percent(-0.02), percent(0.0225, 2)
    ('3.1%', '−2.0%', '2.25%')
    """
    return plain(fraction * 100, digits) + "%"


def score(fraction: float, digits: int = 1) -> str:
    """Return a quality score in points of 100.

    Examples
    --------
    >>> score(0.75), score(0.767, 2)
    ('75.0', '76.70')
    """
    return plain(fraction * 100, digits)


def points(fraction: float, digits: int = 1) -> str:
    """Return a difference of two rates or scores, unsigned, in points.

    Examples
    --------
    >>> points(0.017), points(-0.125), points(0.01)
    ('1.7 points', '12.5 points', '1.0 point')
    """
    shown = plain(abs(fraction) * 100, digits)
    return f"{shown} point{'' if float(shown.replace(',', '')) == 1 else 's'}"


def minimum_rate(rate: float, digits: int = 1) -> str:
    """Return a minimum with the digits it needs: the table by size gives quarters of a point.

    Parameters
    ----------
    rate : a fraction
    digits : at least so many

    Examples
    --------
    >>> minimum_rate(0.02), minimum_rate(0.0225), minimum_rate(0.02, 3)
    ('2.0%', '2.25%', '2.000%')
    """
    return percent(rate, max(digits, minimum_digits(rate)))


def minimum_digits(rate: float) -> int:
    """Return how many digits a minimum is shown with, and what is left over it too."""
    return 1 if abs(rate * 1000 - round(rate * 1000)) < LAST_DIGIT else 2


def needed_digits(text: Callable[[float, int], str], a: float, b: float, digits: int = 1) -> int:
    """Return how many digits it takes to tell two numbers apart, eight at most.

    Examples
    --------
    >>> needed_digits(percent, 0.0198, 0.02), needed_digits(percent, 0.019, 0.02)
    (2, 1)
    """
    while text(a, digits) == text(b, digits) and digits < MOST_DIGITS and abs(a - b) > SAME_RATE:
        digits += 1
    return digits


def apart_digits(text: Callable[[float, int], str], a: float, b: float) -> int:
    """Return how many digits tell two numbers apart, and their distance from nothing.

    Examples
    --------
    >>> apart_digits(score, 0.3455, 0.34549), needed_digits(score, 0.3455, 0.34549)
    (3, 1)
    """
    return max(needed_digits(text, a, b), needed_digits(text, abs(a - b), 0.0))


def apportioned(parts: Sequence[float], total: Decimal, unit: Decimal) -> tuple[Decimal, ...]:
    """Return parts rounded to a unit so that they sum to a total; nothing stays nothing.

    Source: ours; the method of the largest remainder

    Examples
    --------
    >>> [str(part) for part in apportioned([0.14, 0.13, 0.0], Decimal("0.3"), Decimal("0.1"))]
    ['0.2', '0.1', '0.0']
    """
    exact = [rounded(part, 4) for part in parts]
    floors = [(part / unit).to_integral_value(ROUND_FLOOR) for part in exact]
    short = int((total / unit).to_integral_value() - sum(floors))
    movable = [i for i, part in enumerate(exact) if part]
    movable.sort(key=lambda i: exact[i] / unit - floors[i], reverse=short > 0)
    for turn in range(abs(short) if movable else 0):
        floors[movable[turn % len(movable)]] += 1 if short > 0 else -1
    return tuple(floor * unit for floor in floors)


def rest_in_millions(total: float, *parts: float) -> Decimal:
    """Return the part that takes the rounding, so that all parts add up as shown.

    Source: ours

    Examples
    --------
    >>> rest_in_millions(18_280_000, 660_000, 7_590_000)
    Decimal('10.0')
    """
    return millions(total) - sum(millions(part) for part in parts)


def as_shown(after: float, before: float) -> float:
    """Return the difference of two amounts that agrees with both as they are shown, in dollars.

    One that does not show is the exact one.

    Source: ours

    Examples
    --------
    >>> as_shown(8_660_000, 6_540_000), as_shown(6_540_000, 6_500_000)
    (2200000.0, 40000)
    """
    tenths = rest_in_millions(after, before)
    return float(tenths * MILLION) if tenths else after - before


def more_as_shown(more: float, payment: float) -> float:
    """Return what is added to a payment so that it agrees with both payments as they are shown.

    So a hint, what is left on the table and the change that follows say the same.

    Source: ours

    Examples
    --------
    >>> more_as_shown(2_120_000, 6_540_000), more_as_shown(2_120_000, 0)
    (2200000.0, 2100000.0)
    """
    return as_shown(payment + more, payment)


def shares_as_shown(parts: Sequence[float], after: float, before: float) -> tuple[float, ...]:
    """Return parts of a difference in dollars, rounded so that they add to it as it is shown.

    A part that would not show is less than the screen shows, not nothing.

    Source: ours

    Examples
    --------
    >>> shares_as_shown([2_050_000, 60_000, 10_000], 8_660_000, 6_540_000)
    (2100000.0, 100000.0, 10000)
    """
    total = rest_in_millions(after, before)
    tenths = apportioned([part / MILLION for part in parts], total, Decimal("0.1"))
    unseen = SMALLEST_SHOWN - 1
    return tuple(
        float(shown * MILLION) if shown else min(max(part, -unseen), unseen)
        for part, shown in zip(parts, tenths, strict=True)
    )


def adding_up(parts: Sequence[float], total: int) -> tuple[int, ...]:
    """Return parts as whole numbers that add to a total they come to within less than one.

    Source: ours; the method of the largest remainder

    Examples
    --------
    >>> adding_up((0.4, 0.4, -0.4, 0.0), 1), adding_up((1.6, 1.6), 3)
    ((1, 0, 0, 0), (2, 1))
    """
    clean = [rounded(part, 6) for part in parts]
    whole = [int(part.to_integral_value(ROUND_FLOOR)) for part in clean]
    ahead = sorted(range(len(clean)), key=lambda n: whole[n] - clean[n])
    for number in ahead[: total - sum(whole)]:
        whole[number] += 1
    return tuple(whole)
