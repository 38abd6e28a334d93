"""A PDF of one page: what flows down it, shrunk to fit, and the line at its foot."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mssp_sim.charts.theme import INK
from mssp_sim.exports.brief import line
from mssp_sim.exports.leaflet import ESTIMATES, NOT_ADVICE
from mssp_sim.parameters import RULES_VERSION

GAP = 8.0
"""Points: half of the room that the foot has."""


def stamp(day: dt.date | None) -> str:
    """Return the line at the foot: what it is not, the rules' version, the day (today if None)."""
    made = (day or dt.date.today()).isoformat()
    return f"{NOT_ADVICE}. Rules version {RULES_VERSION}. {made}. {ESTIMATES}"


def ruled(rows: Any, widths: Sequence[float], room: tuple[float, float], **more: Any) -> Any:  # noqa: ANN401  (reportlab ships no types)
    """Return a table with a line under each row; ``room`` is kept above and below a cell."""
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    table = Table(rows, colWidths=widths, **more)
    table.setStyle(
        TableStyle([
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, INK["light"].line),
            ("TOPPADDING", (0, 0), (-1, -1), room[0]),
            ("BOTTOMPADDING", (0, 0), (-1, -1), room[1]),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ])
    )  # fmt: skip
    return table


def one_page(
    title: str, flow: Sequence[Any], paper: tuple[float, float], margin: float, day: dt.date | None
) -> bytes:
    """Return a PDF of one page.

    Parameters
    ----------
    flow : reportlab's flowables, from top to bottom
    paper, margin : points
    """
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  (only who exports needs it)
    from reportlab.platypus import Frame, KeepInFrame  # noqa: PLC0415

    wide, high = paper[0] - 2 * margin, paper[1] - 2 * margin
    file = BytesIO()
    canvas = Canvas(file, pagesize=paper, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("Shared savings simulator")
    fitted = KeepInFrame(wide, high - 2 * GAP, list(flow), mode="shrink")
    Frame(margin, margin + 2 * GAP, wide, high - 2 * GAP, 0, 0, 0, 0).addFromList([fitted], canvas)
    said = line(stamp(day), 7, INK["light"].quiet)
    Frame(margin, margin - GAP, wide, 2 * GAP, 0, 0, 0, 0).addFromList([said], canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
