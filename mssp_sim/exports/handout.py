"""What a trainer gives out and goes by: handout, answers, the guide of the facilitator."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from mssp_sim import charts
from mssp_sim.charts import bet
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.typeface import BOLD, PLAIN, markup, register
from mssp_sim.figures import money
from mssp_sim.glossary import words
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import Card, challenge, deck, filled, kit, plans
from mssp_sim.naming import value_as_shown
from mssp_sim.scenario import quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.trace import trace
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles

PAPER = (612.0, 792.0)
"""US Letter, upright, in points."""

MARGIN, FOOT = 54.0, 30.0
INSET = 6.0
"""What the library keeps free inside a margin, in points."""

WIDE = PAPER[0] - 2 * (MARGIN + INSET)
INKS = INK["light"]
ACO = "slip"
FACTS = (
    "assigned_beneficiaries", "cost_reduction", "quality_score", "market_share",
    "regional_growth", "level", "minimum_election",
)  # fmt: skip
WORDS = (
    "benchmark", "gross_savings", "minimum_savings_rate", "quality_performance_standard",
    "final_sharing_rate", "shared_savings", "shared_losses", "left_on_the_table",
)  # fmt: skip
ASKED = ("good", "under_minimum", "slip", "weather", "overspent_enhanced")
LINES = 5
DRAWN = 720
"""How wide the app would draw a picture, in pixels."""

CODE = 84.0
"""Points of the code that is photographed."""

LETTERS = "ABCD"
NOT_ADVICE = "Illustrative, not advice. National spending and trends are estimates."


def handout(link: str = "") -> bytes:
    """Return what each trainee holds before anybody bets: the ACO, a place to draw, the bets.

    No answer is in it, and no word whose meaning would give one: those are in ``answers``.

    Parameters
    ----------
    link : where the app can be opened, as text and to be photographed; empty for none

    Source: ours; every figure is the engine's
    """
    from reportlab.platypus import PageBreak  # noqa: PLC0415

    name_line = _text("Name  ______________________________        Team  ____________________")
    flow = [_title("The 45,000-life ACO"), name_line, *_facts()]
    slip = opening_states()[ACO].result
    nothing_drawn = bet.partly(curve(slip, slip), "light", "", bet.Extra(), zone=False)
    axes = pictures.on_paper(nothing_drawn, DRAWN, WIDE)
    flow += [_together(_head("Draw your own line: what is paid at each saving?"), axes)]
    if link:
        flow.append(_together(_where(link)))
    flow += [PageBreak(), _title("Your bets")]
    flow += [_text("Mark one letter each before the answer is shown. A guess is welcome.")]
    for number, card in enumerate(_asked(), 1):
        flow.append(_together(_head(f"{number}. {card.on_paper}"), *_options(card)))
    flow.append(
        _together(_head("The team challenge"), _text(challenge().words), *_ruled(LINES - 2))
    )
    return _document("Handout: Medicare shared savings", flow)


def answers() -> bytes:
    """Return the sheet that is given out after the last bet: answers, words, the year itself.

    Source: ours; every figure is the engine's
    """
    flow = [_title("After the session: the answers")]
    for number, card in enumerate(_asked(), 1):
        flow.append(_together(_head(f"{number}. {_right(card)}"), _text(card.why)))
    drawn = curve(opening_states()[ACO].result, opening_states()["good"].result)
    line = pictures.on_paper(charts.payoff(drawn, "light", ""), DRAWN, WIDE)
    flow.append(_together(_head("What the slip year came to"), *_settled(), line))
    flow.append(_together(_head("The words"), *(_word(key) for key in WORDS)))
    flow.append(_together(_head("One thing I will look up on Monday"), *_ruled(LINES - 2)))
    return _document("Answers: Medicare shared savings", flow)


def _asked() -> list[Card]:
    return [filled(deck()[key]) for key in ASKED]


def _where(link: str) -> Any:  # noqa: ANN401
    """Return where to try it, as a code to photograph beside the address."""
    from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: PLC0415
    from reportlab.graphics.shapes import Drawing  # noqa: PLC0415
    from reportlab.platypus import Table  # noqa: PLC0415

    code = Drawing(CODE, CODE)
    code.add(QrCodeWidget(link, barWidth=CODE, barHeight=CODE, barBorder=2))
    words = [_text("Try it yourself, on any device:"), _text(link, bold=True)]
    return Table([[code, words]], colWidths=[CODE + 12, WIDE - CODE - 12], hAlign="LEFT")


def guide(minutes: int) -> bytes:
    """Return the facilitator's guide of a session, with the answers.

    Parameters
    ----------
    minutes : one of the plans: 30, 60 or 90

    Source: ours; every figure is the engine's
    """
    plan, needed = plans()[minutes], kit()
    debrief = sum(part.minutes for part in plan.parts if part.debrief)
    flow = [
        _title(f"Facilitator guide: {minutes} minutes"),
        _text(f"{minutes - debrief} minutes of bets and trying, {debrief} of debrief."),
        _plan(minutes),
        _head("Afterwards each can"),
        *(_item(goal) for goal in needed.goals),
        _head("Before they come"),
        _text(
            "Open the Trainer desk, choose a card and look at it from the back of the room; switch "
            "on large type. Open the links for the room: the first has no Reveal. Hand out the "
            "handout; keep the answers for the end."
        ),
        _text(
            "Nobody is wrong in a bet: each other answer is a belief that many hold. Let someone "
            "who bet so say why, then reveal."
        ),
    ]
    for name, advice in needed.rooms:
        flow.append(_markup(f'<font name="{BOLD}">{markup(name)}.</font> {markup(advice)}'))
    at, open_questions = 0, list[str]()
    for part in plan.parts:
        begins, at = at, at + part.minutes
        parts = [_head(f"{_clock(begins)} to {_clock(at)} · {part.name}"), _text(part.doing)]
        if part.card:
            card = filled(deck()[part.card])
            parts += _card(card)
            open_questions.append(card.debrief)
        if part.challenge:
            parts += _solution()
        if part.debrief:
            parts += [_item(question) for question in open_questions]
            open_questions.clear()
        flow.append(_together(*parts))
    flow.append(_head("Questions that come"))
    for question, answer in needed.asked:
        flow.append(_together(_text(question, bold=True), _text(answer)))
    flow.append(
        _together(_head("What the model leaves out"), *(_item(text) for text in needed.left_out))
    )
    flow.append(_together(_head("The ACO"), *_facts(), *_settled()))
    return _document(f"Facilitator guide, {minutes} minutes: Medicare shared savings", flow)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _facts() -> list[Any]:
    """Return the ACO as it stands before anybody bets: what was put in, and the target."""
    slip = opening_states()[ACO]
    r = slip.result
    rows = [(quantities()[n].label, value_as_shown(n, slip.scenario)) for n in FACTS]
    rows += [
        ("Spending target", money(float(r.benchmark_total))),
        ("Full quality standard", f"{r.quality_performance_standard * 100:.1f}"),
    ]
    return [
        _text(f"Performance year {slip.scenario.performance_year}. {NOT_ADVICE}"),
        _table([(label, value) for label, value in rows]),
    ]


def _settled() -> list[Any]:
    """Return the settlement of the slip year as the app's tiles say it, with its arithmetic."""
    states = opening_states()
    r = states[ACO].result
    tiles = four_tiles(r, states["good"].result)
    last = trace(r).how("shared_savings")[-1]
    return [
        _text(outcome(r)),
        _table([(tile.label, tile.shown, tile.note) for tile in tiles]),
        _text(f"{last.name}: {last.words}: {last.numbers} = {last.value}"),
    ]


def _word(key: str) -> Any:  # noqa: ANN401
    word = words()[key]
    label = f"{word.label} ({word.term})" if word.term else word.label
    return _markup(f'<font name="{BOLD}">{markup(label)}</font>. {markup(word.meaning)}')


def _options(card: Card) -> list[Any]:
    return [
        _text(f"{LETTERS[n]}   {option.text}", indent=14) for n, option in enumerate(card.options)
    ]


def _right(card: Card) -> str:
    return f"{LETTERS[card.right]}: {card.options[card.right].text}"


def _card(card: Card) -> list[Any]:
    return [
        _text(card.question, bold=True),
        *_options(card),
        _text(f"Answer {_right(card)}. {card.why}"),
        *(_item(f"{LETTERS[n]}: {said}") for n, said in enumerate(card.beliefs) if said),
    ]


def _solution() -> list[Any]:
    found = challenge().solution()
    cut = value_as_shown("cost_reduction", found.scenario)
    quality = value_as_shown("quality_score", found.scenario)
    return [
        _text(challenge().words, bold=True),
        _text(
            f"One way: quality {quality}, the standard, and a cut of {cut} earn "
            f"{money(float(found.shared_savings))}. By cost alone it cannot be done: "
            f"{_by_cost_alone()}"
        ),
    ]


def _by_cost_alone() -> str:
    start = opening_states()[challenge().start].scenario
    most = simulate(replace(start, cost_reduction=challenge().most_cut))
    return (
        f"the largest cut at quality {value_as_shown('quality_score', start)} "
        f"earns {money(float(most.shared_savings))}."
    )


def _plan(minutes: int) -> Any:  # noqa: ANN401
    rows, at = [], 0
    for part in plans()[minutes].parts:
        title = opening_states()[part.card].title if part.card else ""
        rows.append((_clock(at), part.name, f"{part.minutes} min", title))
        at += part.minutes
    return _table([("From", "Part", "Takes", "Card on the desk"), *rows], headed=True)


def _document(title: str, flow: Sequence[Any]) -> bytes:
    """Return the pages as a PDF, each with its number and the count of all."""
    from reportlab.platypus import SimpleDocTemplate  # noqa: PLC0415

    register()
    file = BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=PAPER,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author="Shared savings simulator",
        lang="en",
    ).build(list(flow), canvasmaker=_numbered(title))
    return file.getvalue()


def _numbered(title: str) -> Any:  # noqa: ANN401
    """Return a canvas that knows how many pages there are before it writes the first."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **kwargs)
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  (reportlab's name)
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self.kept:
                self.__dict__.update(page)
                self.setFont(PLAIN, 8)
                self.setFillColor(INKS.quiet)
                self.drawString(MARGIN + INSET, FOOT, title)
                number = f"{self.getPageNumber()} of {len(self.kept)}"
                self.drawRightString(PAPER[0] - MARGIN - INSET, FOOT, number)
                super().showPage()
            super().save()

    return Numbered


def _title(text: str) -> Any:  # noqa: ANN401
    return _markup(markup(text), size=17, bold=True, after=6)


def _head(text: str) -> Any:  # noqa: ANN401
    return _markup(markup(text), size=11, bold=True, before=9, after=2)


def _text(text: str, *, bold: bool = False, indent: float = 0) -> Any:  # noqa: ANN401
    return _markup(markup(text), bold=bold, indent=indent)


def _item(text: str) -> Any:  # noqa: ANN401
    return _markup(f"–  {markup(text)}", indent=14)


def _markup(
    marked: str,
    *,
    size: float = 10,
    bold: bool = False,
    indent: float = 0,
    before: float = 0,
    after: float = 3,
) -> Any:  # noqa: ANN401
    from mssp_sim.exports import brief  # noqa: PLC0415  (only who exports needs it)

    register()
    room = {"leftIndent": indent, "spaceBefore": before, "spaceAfter": after}
    return brief.paragraph(marked, size, INKS.text, bold=bold, lead=size * 1.38, **room)


def _table(rows: Sequence[tuple[str, ...]], *, headed: bool = False) -> Any:  # noqa: ANN401
    from mssp_sim.exports.one_page import ruled  # noqa: PLC0415  (only who exports needs it)

    cells = [
        [
            _text(cell, bold=(headed and not number) or column == 0)
            for column, cell in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    shares = {2: (0.4, 0.6), 3: (0.3, 0.2, 0.5), 4: (0.12, 0.34, 0.16, 0.38)}[len(rows[0])]
    return ruled(cells, [share * WIDE for share in shares], (1.5, 1), hAlign="LEFT")


def _ruled(lines: int) -> list[Any]:
    from reportlab.platypus import HRFlowable  # noqa: PLC0415

    return [
        HRFlowable(width="100%", thickness=0.5, color=INKS.line, spaceBefore=16, spaceAfter=0)
        for _ in range(lines)
    ]


def _together(*parts: Any) -> Any:  # noqa: ANN401
    from reportlab.platypus import KeepTogether  # noqa: PLC0415

    return KeepTogether(list(parts))
