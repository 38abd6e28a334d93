"""What one cell says, however a spreadsheet dressed it: a number, a day."""

import datetime as dt
import re
from typing import NamedTuple

LONGEST_NUMBER = 40
CENTURY = 100
DAY_ZERO = dt.date(1899, 12, 30)
"""The day from which Excel counts; exact from March 1900 on."""

_PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_DRESSED = re.compile(
    r"(?P<open>\()?(?P<sign>[-+]?)\$?(?P<open2>\()?(?P<sign2>[-+]?)"
    r"(?P<digits>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<power>[eE][-+]?[0-9]{1,3})?(?P<percent>%?)(?(open2)\))(?(open)\))"
)
_NOTHING = re.compile(r" *\$ *-[ 0]*| +- {2,}")
"""A zero as the Accounting and Comma formats print it; a bare dash is CMS's "not given"."""

_DATE = re.compile(
    r"(?:(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}|\d{2})|(?P<Y>\d{4})-(?P<M>\d{2})-(?P<D>\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_IN_WORDS = re.compile(
    r"(?:(?P<d>\d{1,2})[- ](?P<m>[a-z]{3,9})|(?P<M>[a-z]{3,9})\.? (?P<D>\d{1,2}),?)"
    r"[- ](?P<y>\d{4}|\d{2})",
    re.ASCII | re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_DAY_NUMBER = re.compile(r"([1-9][0-9]{4})(?:\.0*)?")


class Number(NamedTuple):
    """A number as it stands in a cell, and the signs around it."""

    value: float
    percent: bool = False


def number(text: str) -> Number | None:
    """Return the number a cell says, the percent sign not applied; None where it says none.

    Source: ours

    Examples
    --------
    >>> number("1,175,345,650").value, number(" $ (1,234)").value, number(" $ -   ").value
    (1175345650.0, -1234.0, 0.0)
    >>> number("7.17%")
    Number(value=7.17, percent=True)
    >>> number("7,17"), number("=cmd()"), number("1_000"), number("-")
    (None, None, None, None)
    """
    if len(text) > 2 * LONGEST_NUMBER:
        return None
    if _NOTHING.fullmatch(text):
        return Number(0.0)
    bare = text.strip()
    if len(bare) > LONGEST_NUMBER:
        return None
    if _PLAIN.fullmatch(bare):
        return Number(float(bare))
    found = _DRESSED.fullmatch("".join(bare.split()).replace("\N{MINUS SIGN}", "-"))
    if found is None or (found["sign"] and found["sign2"]) or (found["open"] and found["open2"]):
        return None
    size = float(found["digits"].replace(",", "") + (found["power"] or ""))
    negative = bool(found["open"] or found["open2"]) or "-" in (found["sign"], found["sign2"])
    return Number(-size if negative else size, bool(found["percent"]))


def day(text: str) -> dt.date | None:
    """Return the day a cell says: ISO, month first as in the United States, or Excel's count.

    A month in words is read too, in any order.

    Source: ours

    Examples
    --------
    >>> day("2025-01-01") == day("1/1/2025") == day("1/1/25 0:00") == day("45658")
    True
    >>> day("1-Jan-25") == day("January 1, 2025") == day("2025-01-01")
    True
    >>> day("2025"), day("13/32/2019"), day("01.02.2025")
    (None, None, None)
    """
    text = text.strip()
    if counted := _DAY_NUMBER.fullmatch(text):
        return DAY_ZERO + dt.timedelta(int(counted[1]))
    if named := _MONTH_IN_WORDS.fullmatch(text):
        month = (named["m"] or named["M"]).lower()
        found = [at for at, name in enumerate(_MONTHS, 1) if name in (month, month + name[3:])]
        return _day(named["y"], found[0] if len(found) == 1 else 0, named["d"] or named["D"])
    numbers = _DATE.fullmatch(text)
    if numbers is None:
        return None
    return _day(
        numbers["y"] or numbers["Y"], numbers["m"] or numbers["M"], numbers["d"] or numbers["D"]
    )


def day_first(text: str) -> dt.date | None:
    """Return the day that a date with the day first says; None where a cell says none.

    Nobody can tell 1/2/2025 in one country from that in another, so only dots and a first number
    past 12 are known to be days.

    Source: ours

    Examples
    --------
    >>> day_first("31/12/2025"), day_first("01.02.2025"), day_first("1/2/2025")
    (datetime.date(2025, 12, 31), datetime.date(2025, 2, 1), None)
    """
    found = _DAY_FIRST.fullmatch(text.strip())
    if found is None or (found[2] == "/" and int(found[1]) <= len(_MONTHS)):
        return None
    return _day(found[4], found[3], found[1])


def _day(year: str, month: str | int, day: str) -> dt.date | None:
    number = int(year)
    try:
        return dt.date(number + (2_000 if number < CENTURY else 0), int(month), int(day))
    except ValueError:
        return None
