"""Texts approved whole: what is written today must be what a reader has seen and let pass.

A text lies under ``tests/approved``, each digit as ``#``, so that a changed figure changes nothing
and a changed word, sign, unit or number of decimals does. ``APPROVE=1`` before the command of a
test writes what is there today; look at the difference before it is committed. A text that keeps
its figures is not written anew where one of them moved: that is no wording.
"""

import dataclasses
import datetime as dt
import os
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mssp_sim import Scenario
from mssp_sim.parameters import Rules
from mssp_sim.result import Result
from mssp_sim.scenario import changed
from mssp_sim.target import Target
from tests.conftest import IN_CI

ASKED = bool(os.environ.get("APPROVE")) and not IN_CI
"""Whether texts are to be written anew; never in CI."""

FOLDER = Path(__file__).parent / "approved"
KEPT = re.compile(r"42 CFR|425\.\d{3}(?:(?:, |-| and )?\([A-Za-z0-9]+\))*|\d")
"""A paragraph of the rule, which stays as it is, or one digit of a figure, which does not."""


def masked(text):
    """Return a text with each digit as ``#``, but those of paragraphs like 425.605(d)."""
    return KEPT.sub(lambda found: found[0] if len(found[0]) > 1 else "#", text)


def approved(name, text, test, *, figures=False):
    """Compare a text with the one approved under a name; ``test`` is the file to run anew.

    With ``figures`` the digits stay, and a figure may differ by what binary noise does: for what
    invented or published ACOs come to in years whose rules stand.
    """
    path = FOLDER / f"{name}.txt"
    today = (text if figures else masked(text)).strip() + "\n"
    if ASKED:
        assert not (figures and path.exists() and (moved := _moved(path, today))), (
            f"{moved}: a figure is no wording; find out why it moved, then remove {path.name}"
        )
        path.write_text(today, "utf-8")
    command = f"APPROVE=1 uv run pytest {test}"
    assert path.exists(), f"nothing is approved as {path.name}; look at what this writes: {command}"
    known = path.read_text("utf-8").splitlines()
    for at, (was, now) in enumerate(zip(known, today.splitlines(), strict=False), 1):
        same = now == was or (figures and _close(was, now))
        assert same, f"line {at} of {path.name}: {was!r} is {now!r}; if that is right: {command}"
    assert len(today.splitlines()) == len(known), f"{path.name} has other lines; {command}"


def _moved(path, today):
    """Return a line whose words stand and whose figure is another one, as it was and as it is."""
    known, lines = path.read_text("utf-8").splitlines(), today.splitlines()
    pairs = zip(known, lines, strict=False) if len(known) == len(lines) else ()
    return next(
        (f"{a!r} is {b!r}" for a, b in pairs
         if FIGURE.sub("#", a) == FIGURE.sub("#", b) and not _close(a, b)), ""
    )  # fmt: skip


FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def _close(was, now):
    if FIGURE.sub("#", was) != FIGURE.sub("#", now):
        return False
    pairs = zip(FIGURE.findall(was), FIGURE.findall(now), strict=True)
    both = [[float(one.replace(",", "")) for one in pair] for pair in pairs]
    return all(abs(a - b) <= 2e-6 + 1e-7 * abs(a) for a, b in both)


def told(thing, name=""):
    """Return each field of an object as a line: rates to six decimals, dollars to cents.

    Of a scenario there is what differs from the opening one, of a long array its ends, its size
    and how many are below zero.
    """
    return list(_told(thing, name))


def _told(thing, name="", depth=0):  # noqa: PLR0912  (a kind a branch)
    room = "  " * depth
    if isinstance(thing, Scenario):
        differ = {field: getattr(thing, field) for field in changed(thing, Scenario())}
        yield f"{room}{name}: a scenario"
        yield from _told(differ, "differs", depth + 1)
    elif isinstance(thing, Result):
        yield f"{room}{name}: {np.ravel(thing.state_number)[:9]} {_number(np.mean(thing.payment))}"
    elif isinstance(thing, Rules | Target):
        yield f"{room}{name}: {type(thing).__name__}"
    elif type(thing).__name__ == "Report":
        yield f"{room}{name}: {thing.what}, {thing.file}"
    elif dataclasses.is_dataclass(thing) and all(map(_flat, _values(thing))):
        yield f"{room}{name}: {' | '.join(map(_number, _values(thing)))}"
    elif dataclasses.is_dataclass(thing):
        yield f"{room}{name}: {type(thing).__name__}"
        for field in dataclasses.fields(thing):
            yield from _told(getattr(thing, field.name), field.name, depth + 1)
    elif isinstance(thing, Mapping):
        yield f"{room}{name}: {len(thing)}"
        for key, value in thing.items():
            yield from _told(value, str(key), depth + 1)
    elif isinstance(thing, np.ndarray) and thing.size > LONG:
        flat = np.ravel(thing)
        ends = [_number(value) for value in (*flat[:3], *flat[-3:])]
        below, mean = np.sum(flat < 0), _number(np.nanmean(flat.astype(float)))
        yield f"{room}{name}: {thing.shape} {below} below 0, mean {mean}, {' '.join(ends)}"
    elif isinstance(thing, np.ndarray) and thing.ndim:
        yield f"{room}{name}: {thing.shape} {' '.join(_number(one) for one in np.ravel(thing))}"
    elif isinstance(thing, tuple | list) and any(not _flat(one) for one in thing):
        yield f"{room}{name}: {len(thing)}"
        for at, value in enumerate(thing):
            yield from _told(value, str(at), depth + 1)
    elif isinstance(thing, tuple | list | set | frozenset):
        some = sorted(thing, key=str) if isinstance(thing, set | frozenset) else thing
        yield f"{room}{name}: {', '.join(_number(one) for one in some)}"
    else:
        yield f"{room}{name}: {_number(thing)}"


LONG = 24


def _values(thing):
    return [getattr(thing, field.name) for field in dataclasses.fields(thing)]


def _flat(value):
    return isinstance(value, str | int | float | bool | np.generic | dt.date) or value is None


def _number(value):
    if isinstance(value, bool | np.bool_ | str) or value is None:
        return str(value)
    if isinstance(value, float | np.floating):
        value = 0.0 if abs(value) < 5e-7 else value
        return f"{value:,.6f}" if abs(value) < 1_000 else f"{value:,.2f}"
    return str(value)
