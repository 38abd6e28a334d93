"""Texts approved whole: what is written today must be what a reader has seen and let pass.

A text lies under ``tests/approved``, each digit as ``#``, so that a changed figure changes nothing
and a changed word, sign, unit or number of decimals does. ``APPROVE=1`` before the command of a
test writes what is there today; look at the difference before it is committed.
"""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "approved"
KEPT = re.compile(r"42 CFR|425\.\d{3}(?:(?:, |-| and )?\([A-Za-z0-9]+\))*|\d")
"""A paragraph of the rule, which stays as it is, or one digit of a figure, which does not."""


def masked(text):
    """Return a text with each digit as ``#``, but those of paragraphs like 425.605(d)."""
    return KEPT.sub(lambda found: found[0] if len(found[0]) > 1 else "#", text)


def approved(name, text, test):
    """Compare a text with the one approved under a name; ``test`` is the file to run anew."""
    path = FOLDER / f"{name}.txt"
    today = masked(text).strip() + "\n"
    if os.environ.get("APPROVE"):
        path.write_text(today, "utf-8")
    command = f"APPROVE=1 uv run pytest {test}"
    assert path.exists(), f"nothing is approved as {path.name}; look at what this writes: {command}"
    known = path.read_text("utf-8").splitlines()
    for at, (was, now) in enumerate(zip(known, today.splitlines(), strict=False), 1):
        assert now == was, f"line {at} of {path.name} differs; if the new one is right: {command}"
    assert len(today.splitlines()) == len(known), f"{path.name} has other lines; {command}"
