"""Axes, rows and layers that several pictures share, so that one thing looks the same in all."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.theme import ANYWHERE, Ink, Row, by_look, marks_of

MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "x2": pa.float32(),
    "y": pa.float32(), "y2": pa.float32(), "text": pa.string(),
}  # fmt: skip
TWIN_MARKS = MARKS | {"short": pa.string()}
"""Marks whose texts have a short twin for narrow pictures."""

Looks = Mapping[str, tuple[str, str, str]]
"""Each label's colour, the end it hangs on, and its weight."""

PERCENT_TICKS = "(datum.value < 0 ? '−' : '') + abs(datum.value) + '%'"
MILLION_TICKS = (
    "(datum.value < 0 ? '−$' : '$') + format(abs(datum.value), ',~r') "
    "+ (datum.value === 0 ? '' : 'M')"
)
ZONE_IN_ITALICS = alt.ExprRef(expr="datum.look === 'zone' ? 'italic' : 'normal'")
SAVED_OR_OVERSPENT = "(datum.x < 0 ? 'overspent ' : 'saved ') + format(abs(datum.x), '.1f') + '%'"


def shown_millions(field: str) -> str:
    """Return the expression that shows a field of millions of dollars under the pointer."""
    return f"(datum.{field} < 0 ? '−$' : '$') + format(abs(datum.{field}), ',.1f') + 'M'"


def touched(rows: Any, words: str = "datum.text", **span: Any) -> Any:  # noqa: ANN401
    """Return a layer that answers the pointer with words: unseen, and over all it speaks of.

    Parameters
    ----------
    rows : a chart of its rows
    words : an expression of Vega
    span : the channels of its place
    """
    return rows.mark_rect(opacity=0, tooltip=alt.ExprRef(expr=words)).encode(**span)


def years(ink: Ink, room: str) -> Any:  # noqa: ANN401  (Altair's chains)
    """Return the years of a hundred: paid, without money, owing; by shape as well as by color.

    Parameters
    ----------
    room : an expression of Vega for the pixels that one year has
    """
    return marks_of("year").mark_point(
        opacity=1,
        strokeWidth=1.25,
        shape=by_look(paid="circle", nothing="circle", owing="triangle-down"),
        size=alt.ExprRef(
            expr=f"pow({room} * ({{paid: 0.72, nothing: 0.5, owing: 0.74}})[datum.look], 2) * 0.79"
        ),
        fill=by_look(paid=ink.earned, nothing=ink.background, owing=ink.owed),
        stroke=by_look(paid=ink.earned, nothing=ink.medicare, owing=ink.owed),
        tooltip=by_look(
            paid="a year that is paid",
            nothing="a year in which no money moves",
            owing="a year that ends owing",
        ),
    )


def whole_row(span: Mapping[str, Any]) -> dict[str, Any]:
    """Return the span of what reaches from the left to the right of a picture."""
    return {"x": alt.value(0), "x2": alt.value("width"), "y": span["y"], "y2": span["y2"]}


def upright(rows: Any, step: float, tooltip: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a layer that answers the pointer anywhere over a place of the axis across.

    Parameters
    ----------
    rows : a chart of its rows, one each ``step``, or some hundreds of them
    tooltip : the fields shown
    """
    apart = f"1 + abs(scale('x', {step:g}) - scale('x', 0))"
    width = alt.ExprRef(expr=f"max({apart}, width / 150)")
    return rows.mark_rule(opacity=0, strokeWidth=width).encode(x="x:Q", tooltip=list(tooltip))


def even_step(rough: float, multiples: Sequence[float] = (1, 2, 5, 10)) -> float:
    """Return the smallest even number that is not below a rough step.

    Examples
    --------
    >>> even_step(0.7), even_step(13), even_step(21, (1, 2, 2.5, 5, 10))
    (1.0, 20, 25.0)
    """
    unit = 10 ** math.floor(math.log10(rough))
    found: float = next(unit * many for many in multiples if unit * many >= rough)
    return found


def text(look: str, x: float, y: float, words: str, short: str = "") -> Row:
    """Return a label; a narrow picture shows its short twin."""
    return {"role": "text", "look": look, "x": x, "y": y, "text": words, "short": short or words}


def axis_labels(ink: Ink, size: float = 13) -> dict[str, Any]:
    """Return the style of the figures beside an axis."""
    return {"labelFontSize": size, "labelColor": ink.quiet}


def axis_title(ink: Ink, words: str | None) -> dict[str, Any]:
    """Return the title of an axis in its style."""
    return {
        "title": words,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titleColor": ink.quiet,
    }


def savings_rates(ink: Ink) -> alt.X:
    """Return the axis of savings rates in percent: overspent on the left, saved on the right."""
    return alt.X("x:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        grid=False,
        **axis_labels(ink),
        values=[],
        labelExpr=PERCENT_TICKS,
        **axis_title(ink, "← overspent   ·   share of the spending target   ·   saved →"),
    )  # fmt: skip


def millions(ink: Ink) -> alt.Y:
    """Return the axis of millions of dollars."""
    return alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        gridColor=ink.grid, **axis_labels(ink), tickCount=6, labelExpr=MILLION_TICKS
    )  # fmt: skip


def sheet(
    across: float, high: float, *, downwards: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the place of a mark and its span on a sheet without axes.

    Parameters
    ----------
    across, high : the units the sheet is wide and high
    downwards : y grows downwards, as rows do
    """
    turned: dict[str, Any] = {"reverse": True} if downwards else {}
    at = {
        "x": alt.X("x:Q").scale(domain=[0, across], nice=False).axis(None),
        "y": alt.Y("y:Q").scale(domain=[0, high], **turned, nice=False).axis(None),
    }
    return at, at | {"x2": "x2:Q", "y2": "y2:Q"}


def no_money_zone(ink: Ink, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the zone in which nothing is paid, hatched, and the line of no dollars.

    It is the lowest layer of a payoff curve, so that the axes are drawn with it.
    """
    ends = {"x2": "x2:Q", "y2": "y2:Q"}
    hatching = marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.38, strokeWidth=1)
    zero = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=ink.line)
    return [
        marks_of("zone").mark_rect(color=ink.medicare, opacity=0.07).encode(x=x, y=y, **ends),
        hatching.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), **ends),
        zero.encode(y="y:Q"),
    ]


def by_tone(ink: Ink) -> alt.Color:
    """Return the colours of the limbs of a payoff curve."""
    return alt.Color("tone:N").scale(
        domain=["owed", "quiet", "zone", "earned"],
        range=[ink.owed, ink.medicare, ink.quiet, ink.earned],
    ).legend(None)  # fmt: skip


def left_on_the_table(ink: Ink) -> list[alt.Chart]:
    """Return what is left on the table as a dimension line with its guides."""
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    return [
        marks_of("guide")
        .mark_rule(color=ink.left_outline, strokeWidth=1)
        .encode(**at, x2="x2:Q", y2="y2:Q"),
        marks_of("bracket")
        .mark_bar(size=7, fill=ink.left, stroke=ink.left_outline, strokeWidth=1)
        .encode(**at, y2="y2:Q"),
    ]


def owed_hatch(ink: Ink, span: Mapping[str, Any]) -> Any:  # noqa: ANN401  (Altair's chains)
    """Return the hatching that tells an owed bar without its colour."""
    strokes = marks_of("owed-hatch").mark_rule(color=ink.background, opacity=0.5, strokeWidth=2)
    return strokes.encode(**span)


def beside_bars(ink: Ink, **more: str) -> dict[str, Any]:
    """Return the style of texts beside bars: labels end left of them, values begin on the right.

    Parameters
    ----------
    more : colours of other looks
    """
    colours = {
        "label": ink.quiet, "label-bold": ink.text, "value": ink.text, "value-zero": ink.quiet,
        "value-bold": ink.text,
    }  # fmt: skip
    return {
        "baseline": "middle",
        "align": alt.ExprRef(expr="slice(datum.look, 0, 5) === 'label' ? 'right' : 'left'"),
        "fontWeight": alt.ExprRef(expr="slice(datum.look, -4) === 'bold' ? 'bold' : 'normal'"),
        "fill": by_look(**colours, **more),
    }


def by_looks(looks: Looks, ink: Ink) -> dict[str, Any]:
    """Return the style of labels that goes by their look."""
    return {
        "align": by_look(**{look: end for look, (_, end, _) in looks.items()}),
        "fontWeight": by_look(**{look: weight for look, (_, _, weight) in looks.items()}),
        "fill": by_look(**{look: getattr(ink, colour) for look, (colour, _, _) in looks.items()}),
    }


def halo(ink: Ink) -> dict[str, Any]:
    """Return the ground behind the letters of a label, so that no line runs through them."""
    ground = ink.background
    return {"stroke": ground, "strokeWidth": 4, "strokeJoin": "round", "fill": ground}


def labels(
    looks: Looks,
    ink: Ink,
    at: Mapping[str, Any] | None = None,
    *,
    narrow: int = 400,
    **style: Any,  # noqa: ANN401
) -> list[alt.Chart]:
    """Return the labels over the halo under them.

    Parameters
    ----------
    at : the place of a mark on a ``sheet``; None on a picture with axes
    narrow : pixels of the picture under which labels show their short twins
    style : where it is not the usual one
    """
    usual: dict[str, Any] = {
        "text": alt.ExprRef(expr=f"width < {narrow} ? datum.short : datum.text"),
        "baseline": "middle",
        "lineBreak": "\n",
        "fontSize": 13,
        "lineHeight": 16,
        **by_looks(looks, ink),
        **style,
    }
    place = at or {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    both = (usual | halo(ink), usual)
    return [marks_of("text").mark_text(**one).encode(**place) for one in both]
