"""The brief of two rulebooks: what another one does to you and to all ACOs, on one page."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mssp_sim.charts.rule_effects import rule_effects
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page, ruled
from mssp_sim.figure import Figure
from mssp_sim.provisions import Provisions
from mssp_sim.studies.rules_on_many import ManyAcos
from mssp_sim.words import rule_changes as own_words
from mssp_sim.words import rules_on_many as all_words
from mssp_sim.words.rule_changes import Names, Own

PAPER = (612.0, 792.0)
"""US Letter, upright, in points."""

MARGIN = 44.0
WIDE = PAPER[0] - 2 * MARGIN
PIXELS = 760
"""How wide the app would draw the picture."""

INKS = INK["light"]
TITLE = "Medicare shared savings: rule changes"
MOST_PROVISIONS = 12


def brief(
    own: Own | None,
    many: ManyAcos | None,
    names: Names,
    proposed: Provisions | None = None,
    *,
    day: dt.date | None = None,
) -> bytes:
    """Return a comparison of two rulebooks as a PDF of one page.

    Parameters
    ----------
    own : one scenario under both, None where it cannot be settled under them
    many : the ACOs of a year under both, None where they are not known
    names : what the two rulebooks are called
    proposed : the provision file over the new one; marked wherever it stands
    day : the date on it, today if None

    Source: ours; the sentences, figures and pictures are the app's
    """
    return one_page(TITLE, _flow(own, many, names, proposed), PAPER, MARGIN, day)


def _flow(
    own: Own | None, many: ManyAcos | None, names: Names, proposed: Provisions | None
) -> list[Any]:
    flow = [_line(TITLE, 9, bold=True)]
    if own is not None:
        flow.append(_line(own_words.headline(own), 14, INKS.text, bold=True, lead=18))
    else:
        flow.append(_line(f"From {names.old} to {names.new}", 14, INKS.text, bold=True, lead=18))
    if proposed is not None:
        flow.append(_line(own_words.file_note(proposed, own), 8.5, INKS.text, bold=True))
    if own is not None:
        flow += _on_you(own, names, own_words.assumptions(own, proposed))
    if many is not None:
        flow += _on_all(many, names)
    flow.append(_line(own_words.SAME_OTHERWISE, 7.5))
    return flow


def _on_you(own: Own, names: Names, assumed: str) -> list[Any]:
    flow: list[Any] = [_tiles(own_words.tiles(own))]
    if assumed:
        flow.append(_line(assumed, 8))
    flow.append(_line(own_words.picture_title(own), 10, INKS.text, bold=True, before=6))
    flow.append(pictures.on_paper(rule_effects(own, "light"), PIXELS, WIDE))
    listed, worth = own_words.provisions(own), own_words.shown_by_provision(own)
    rows = [
        (own_words.marked(effect), values, worth[effect.provision])
        for effect, values in listed[:MOST_PROVISIONS]
    ]
    if rows:
        heads = ("Provision", "Old to new", f"You{names.mark}")
        flow.append(_table([heads, *rows], (0.26, 0.6, 0.14)))
    if len(listed) > MOST_PROVISIONS:
        flow.append(_line(f"And {len(listed) - MOST_PROVISIONS} more.", 8))
    return flow


def _on_all(many: ManyAcos, names: Names) -> list[Any]:
    flow = [_line(f"{all_words.title(many, names)}.", 10, INKS.text, bold=True, before=8)]
    for groups, head in (
        (all_words.by_contract(many), "Contract"),
        (all_words.by_size(many), "People assigned"),
    ):
        rows = all_words.rows(groups, head)
        if rows:
            cells = [tuple(rows[0]), *(tuple(row.values()) for row in rows)]
            flow.append(_table(cells, (0.3, 0.15, 0.15, 0.15, 0.25)))
    said = filter(None, (all_words.left_out(many), all_words.assumed(many.year)))
    flow.append(_line(" ".join(said), 7.5))
    return flow


def _tiles(tiles: Sequence[Figure]) -> Any:  # noqa: ANN401
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    cells = [
        [
            _line(tile.label, 7.5),
            _line(tile.shown, 15, INKS.text, bold=True, lead=19),
            _line(tile.note, 7.5),
        ]
        for tile in tiles
    ]
    table = Table([cells], colWidths=[WIDE / len(cells)] * len(cells))
    table.setStyle(TableStyle([("INNERGRID", (0, 0), (-1, -1), 0.5, INKS.line),
                               ("BOX", (0, 0), (-1, -1), 0.5, INKS.line)]))  # fmt: skip
    return table


def _table(rows: Sequence[tuple[str, ...]], shares: Sequence[float]) -> Any:  # noqa: ANN401
    cells = [
        [_line(cell, 7.5, INKS.text, bold=not number) for cell in row]
        for number, row in enumerate(rows)
    ]
    return ruled(cells, [share * WIDE for share in shares], (1, 1), spaceBefore=3)


def _line(
    text: str,
    size: float,
    colour: str = INKS.quiet,
    *,
    bold: bool = False,
    lead: float = 0,
    before: float = 0,
) -> Any:  # noqa: ANN401
    return line(text, size, colour, bold=bold, lead=lead, spaceBefore=before, spaceAfter=2)
