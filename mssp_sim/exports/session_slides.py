"""The slides of a session: questions, answers with their picture, as text that can be edited."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mssp_sim import charts
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures, slide
from mssp_sim.exports.slide import HIGH, WIDE, empty_deck, empty_slide, saved
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import Card, Part, challenge, deck, filled, kit, on_desk, plans
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome

MARGIN = 0.7
"""Inches that stay free around a slide."""

TEXT = 28
"""Points: the last row reads the text."""

TITLES = {36: 80, 30: 150, 26: 170, 24: 245, 22: 1_000}
"""The size of a title in points, with the letters that fit its place."""

DRAWN = 540
"""How wide the app would draw the picture: its labels are read from the last row."""

BESIDE = 4.4
"""Inches of text beside the picture."""

PICTURE_TOP = 1.9

INKS = INK["light"]
LETTERS = "ABCD"
NOT_ADVICE = "Illustrative, not advice. National spending and trends are estimates."


def session_slides(minutes: int) -> bytes:
    """Return the slides of a session as PPTX; every word of them is text.

    Each card has a slide with its question and one with its answer, with the payoff curve; what
    wrong answers usually mean stands in the notes of the answer.

    Parameters
    ----------
    minutes : one of the plans: 30, 60 or 90

    Source: ours; every figure is the engine's
    """
    deck_of_slides = empty_deck(f"Medicare shared savings, {minutes} minutes")
    _slide(deck_of_slides, "The 45,000-life ACO", ["Medicare shared savings", NOT_ADVICE])
    _slide(deck_of_slides, "Afterwards you can", kit().goals, size=24)
    questions: list[str] = []
    for part in plans()[minutes].parts:
        questions = _part(deck_of_slides, part, questions)
    _slide(deck_of_slides, "What the model leaves out", kit().left_out, size=22)
    return saved(deck_of_slides)


def _part(slides: Any, part: Part, questions: Sequence[str]) -> list[str]:  # noqa: ANN401
    """Put a part of the session on slides; return the questions that wait for the debrief."""
    if part.card:
        card = filled(deck()[part.card])
        _question(slides, card, part)
        _answer(slides, card)
        return [*questions, card.debrief]
    if part.challenge:
        _slide(slides, challenge().words, challenge().conditions, notes=part.doing)
        return list(questions)
    _slide(slides, part.name, questions, notes=part.doing)
    return []


def _question(slides: Any, card: Card, part: Part) -> None:  # noqa: ANN401
    lines = [f"{LETTERS[n]}   {option.text}" for n, option in enumerate(card.options)]
    title = opening_states()[card.now].title
    _slide(slides, card.on_paper, lines, notes=f"{title}. {part.doing}")


def _answer(slides: Any, card: Card) -> None:  # noqa: ANN401
    from pptx.util import Inches  # noqa: PLC0415

    now, against = on_desk(card)
    said = [
        f"{LETTERS[n]}: {belief}" for n, belief in enumerate(card.beliefs) if belief
    ]  # fmt: skip
    right = f"{LETTERS[card.right]}   {card.options[card.right].text}"
    page = _slide(slides, right, [card.why], notes="\n".join(said), wide=BESIDE, size=24)
    picture = charts.payoff(
        curve(now.result, against.result), "light",
        f"{outcome(now.result)} {curve_description(now.result)}",
    )  # fmt: skip
    image = pictures.png(picture, DRAWN)
    size, left = pictures.size_of(image), MARGIN + BESIDE + 0.2
    wide = min(WIDE - left - 0.4, (HIGH - PICTURE_TOP - 0.3) * size.width / size.height)
    drawn = page.shapes.add_picture(
        BytesIO(image), Inches(left), Inches(PICTURE_TOP), width=Inches(wide)
    )
    drawn.name = "Payoff curve"
    drawn._element.nvPicPr.cNvPr.set("descr", picture.description)


def _slide(
    slides: Any,  # noqa: ANN401  (python-pptx ships no types)
    title: str,
    lines: Sequence[str],
    *,
    notes: str = "",
    wide: float = WIDE - 2 * MARGIN,
    size: float = TEXT,
) -> Any:  # noqa: ANN401
    """Add a slide with a title and lines of text; return it."""
    from pptx.util import Inches  # noqa: PLC0415

    page = empty_slide(slides)
    head = page.shapes.title
    head.left, head.top = Inches(MARGIN), Inches(0.35)
    head.width, head.height = Inches(WIDE - 2 * MARGIN), Inches(1.7)
    points = next(points for points, longest in TITLES.items() if len(title) <= longest)
    _fill(head.text_frame, [title], points, bold=True)
    body = page.shapes.add_textbox(Inches(MARGIN), Inches(2.1), Inches(wide), Inches(4.8))
    _fill(body.text_frame, lines or [""], size, bold=False)
    if notes:
        page.notes_slide.notes_text_frame.text = notes
    return page


def _fill(frame: Any, lines: Sequence[str], size: float, *, bold: bool) -> None:  # noqa: ANN401
    from pptx.util import Pt  # noqa: PLC0415

    slide.write_lines(frame, [(text, size, INKS.text, bold) for text in lines])
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(8)
