"""How the app speaks: what no text of it may hold, wherever it stands."""

import math
import re
from pathlib import Path

DATA = Path(__file__).parents[1] / "mssp_sim"
CAPITALS = re.compile(r"[A-Za-z]*[A-Z]{2}[A-Za-z]*")
SHORT = {
    word
    for file in DATA.rglob("*.toml")
    for word in CAPITALS.findall(file.read_text("utf-8"))
} | {"ENH", "MDinteractive"}  # fmt: skip
"""Every word that is written in capitals: the names of the program, as the data files have them."""

NONSENSE = re.compile(r"\b(nan|inf)\b|(?<!· )\bNone\b|−\$0\.0M|-\$|\$-|\.\.|  |\{|\}")


def shouted(text: str) -> set[str]:
    """Return the words in capitals that are no short names of the program."""
    return {word for word in CAPITALS.findall(text) if word not in SHORT}


def nonsense(text: str) -> str:
    """Return what in a text is no word, no figure and no sign of the house; empty if all is."""
    found = NONSENSE.search(text)
    return found[0] if found else ""


def begins_small(text: str) -> bool:
    """Return whether a title or a label begins with a small letter, or a sentence of it does."""
    return text[:1].islower() or bool(re.search(r"[.?!] [a-z]", text))


_DRESSED = re.compile(r"(?<!\\):[a-z-]+\[((?:[^\[\]\\]|\\.)*)\](?:\{\})?")


def as_read(markdown: str) -> str:
    """Return what a reader sees of Markdown that the app wrote: no escapes, colors or elements."""
    while (bare := _DRESSED.sub(r"\1", markdown)) != markdown:
        markdown = bare
    return re.sub(r"\\(.)", r"\1", markdown)


_ELEMENT = re.compile(r":color\[((?:[^\[\]\\]|\\.)*)\]\{\}")


def unescaped(markdown: str) -> str:
    """Return Markdown without the escapes and elements that keep a text as it stands."""
    while (bare := _ELEMENT.sub(r"\1", markdown)) != markdown:
        markdown = bare
    return markdown.replace("\\", "")


NUMBER = re.compile(r"(?:owes )?[−+±]?<?(\$?)(\d[\d,]*(?:\.\d+)?)(M|%| points?)?")
"""A figure that is one number and its unit."""
SCALES = {"M": 1e6, "%": 0.01, " point": 0.01, " points": 0.01}


def agrees(shown: str, amount: float, off: int = 1) -> bool:
    """Return whether a number that is shown is the size of the amount behind it.

    It may be so many off in its last digit: what stands beside it shall add up. An amount that is
    not given and a text that is no single number agree with everything.
    """
    found = NUMBER.fullmatch(shown)
    if math.isnan(amount) or found is None:
        return True
    dollars, digits, unit = found.groups()
    # A score of 75.0 is 0.75 behind it.
    scales = [SCALES[unit]] if unit else [1.0] if dollars else [1.0, 0.01]
    last = 10.0 ** -len(digits.partition(".")[2])
    apart = min(abs(abs(amount) - float(digits.replace(",", "")) * s) / s for s in scales)
    return apart <= off * last * (1 + 1e-9)
