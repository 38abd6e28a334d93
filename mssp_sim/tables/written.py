"""Cells as they are written: no spreadsheet runs one as a formula."""

import re

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
RUNS = tuple("=+-@\t\r\n＝＋－＠")
"""Signs that make a spreadsheet run a text as a formula."""


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula; a number stays one.

    Source: ours

    Examples
    --------
    >>> harmless("=1+1"), harmless("-0.05"), harmless("Lake Care")
    ("'=1+1", '-0.05', 'Lake Care')
    """
    return f"'{text}" if text.startswith(RUNS) and not NUMBER.fullmatch(text) else text
