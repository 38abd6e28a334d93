"""Who gains and who loses: a bar for each contract and each size, in parts of its ACOs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, sheet, text, touched, whole_row
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.figures import change
from mssp_sim.naming import alone
from mssp_sim.studies.rule_changes import GroupChange

BAR_ROW, STRIP_ROW = 29, 21
"""Pixels of a row with a bar, and of the strip over a group."""

LABELS_END, BARS_START, BARS_END = 21.0, 22.0, 60.0
PIXELS_WIDE = 880
NARROW = 640
"""Pixels under which labels show their short twins."""

SMALLEST = 0.05
"""A part that is narrower is not drawn."""


def who(groups: Mapping[str, Sequence[GroupChange]], theme: Theme, description: str) -> Picture:
    """Return for each group its ACOs that gain (filled), get the same, and lose (hatched).

    Parameters
    ----------
    groups : what they are grouped by, with the groups
    """
    height = sum(STRIP_ROW + BAR_ROW * len(found) for found in groups.values())
    return Picture(
        spec=_spec(theme, height),
        datasets={"marks": arrow(_marks(groups), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Group": f"{head}: {alone(one.group)}",
                "ACOs": str(one.acos),
                "Gain": str(one.gain),
                "Lose": str(one.lose),
                "Together": round(one.after - one.before, 2),
            }
            for head, found in groups.items()
            for one in found
        ),
    )


def _marks(groups: Mapping[str, Sequence[GroupChange]]) -> list[Row]:
    marks: list[Row] = []
    top = 0.0
    for head, found in groups.items():
        marks.append({"role": "strip", "x": 0.0, "x2": 100.0, "y": top, "y2": top + STRIP_ROW})
        marks.append(text("group", 0.8, top + STRIP_ROW / 2, head))
        top += STRIP_ROW
        for one in found:
            marks += _bar(one, top + BAR_ROW / 2)
            top += BAR_ROW
    return marks


def _bar(one: GroupChange, middle: float) -> list[Row]:
    same = one.acos - one.gain - one.lose
    marks: list[Row] = []
    left = BARS_START
    for look, count in (("gain", one.gain), ("same", same), ("lose", one.lose)):
        right = left + (BARS_END - BARS_START) * count / one.acos
        if right - left > SMALLEST:
            box = (left, right, middle - 9, middle + 9)
            marks.append({
                "role": "bar", "look": look, "x": left, "x2": right, "y": box[2], "y2": box[3],
            })  # fmt: skip
            if look == "lose":
                pitch = (6 * 100 / PIXELS_WIDE, 6.0)
                marks += hatch(box, pitch, "hatch", lean=-1)
        left = right
    dollars = change(one.after - one.before)
    verb = "loses" if one.lose == 1 else "lose"
    said = f"{one.gain:,} of {one.acos:,} gain, {one.lose:,} {verb}: {dollars}"
    short = f"{one.gain:,}/{one.acos:,}: {dollars}"
    marks.append(text("label", LABELS_END, middle, alone(one.group), _short(one.group)))
    marks.append(text("value", BARS_END + 1.2, middle, said, short))
    place = {"y": middle - BAR_ROW / 2, "y2": middle + BAR_ROW / 2}
    marks.append({"role": "told", "text": f"{alone(one.group)}: {said}", **place})
    return marks


def _short(group: str) -> str:
    """Return a contract or a size for a narrow picture: of a size its lower end."""
    if " " not in group:
        return alone(group)
    low = next(word for word in group.split() if word[0].isdigit())
    return f"<{low}" if group.startswith("under") else f"{low}+"


@cache
def _spec(theme: Theme, height: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, height)
    layers = [
        marks_of("strip").mark_rect(color=ink.grid).encode(**span),
        marks_of("bar")
        .mark_rect(
            fill=by_look(gain=ink.earned, same=ink.background, lose=ink.background),
            stroke=by_look(gain=ink.earned, same=ink.line, lose=ink.text),
            strokeWidth=1.25,
        )
        .encode(**span),
        marks_of("hatch").mark_rule(color=ink.text, opacity=0.55).encode(**span),
        marks_of("text")
        .mark_text(
            baseline="middle",
            text=alt.ExprRef(expr=f"width < {NARROW} ? datum.short : datum.text"),
            fontSize=alt.ExprRef(expr=f"width < {NARROW} ? 11.5 : 13.5"),
            align=alt.ExprRef(expr="datum.look === 'label' ? 'right' : 'left'"),
            fontStyle=alt.ExprRef(expr="datum.look === 'group' ? 'italic' : 'normal'"),
            fill=by_look(group=ink.quiet, label=ink.text, value=ink.text),
        )
        .encode(**at),
        touched(marks_of("told"), **whole_row(span)),
    ]
    return framed(layers, height)
