"""How a sentence, a tile and a picture are put on a page."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mssp_sim.app import asked_files
from mssp_sim.charts import Picture
from mssp_sim.charts.theme import Row, Theme
from mssp_sim.exports import pictures
from mssp_sim.figure import Figure, Tone
from mssp_sim.glossary import words_in
from mssp_sim.naming import begun
from mssp_sim.tables.written import harmless
from mssp_sim.trace import Step

COLOURS: dict[Tone, str] = {"earned": "blue", "owed": "red", "left": "orange", "plain": "off"}
PAGE = "page_of_this_run"
HOW_WIDTH = 620
ICON_WIDTH = 26
"""Pixels; a target smaller than 24 is hard to hit."""
PICTURE_WIDTH = 720
NARROWEST_TILE = 150
"""Pixels; two of them stand side by side on a phone."""
ROOMY = "<style>[data-testid=stPopoverBody] { min-height: min(23rem, 50vh - 2.5rem); }</style>"
"""Where less room is left under a button its popover opens over it, not as a strip that scrolls."""
MOST_WORDS = 4
"""Words of a sentence that its mark explains; more would not fit a phone."""
NEAREST = 4
"""Steps before the last that an explanation shows at first."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:&])")
_DRAWN = re.compile(r":(?=material[/_]|streamlit:)")
"""Words that Streamlit turns into icons even where their colon is escaped."""
WORD_JOINER = "\u2060"
_SIGNED = re.compile(r"([+−]<?\$\d[\d,]*(?:\.\d+)?M?)")
"""What engines part: after a sign they may end a line, where a dollar sign follows."""
_AMOUNT = re.compile(r"[−+<>~]*\$?\d[\d,]*(\.\d+)?[%M]?")
_NO_AMOUNT = ("", "–", "—", "-")


def theme() -> Theme:
    """Return which theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def literal(text: str) -> str:
    r"""Return text as it stands: no character of it is Markdown.

    For labels of which a screen reader is given the source; all else goes through ``escaped``.

    Examples
    --------
    >>> print(literal("$2.2M [a](b) &lt;"))
    \$2.2M \[a\]\(b\) \&lt;
    """
    plain = _DRAWN.sub(f":{WORD_JOINER}", " ".join(text.split()))
    return _SPECIAL.sub(r"\\\1", plain)


def escaped(text: str) -> str:
    r"""Return text as it stands, with no sign parted from its dollars at the end of a line.

    Such an amount is an element in an element, which a page keeps on one line
    (``every_page.css``): its characters stay what they are when they are copied.

    Examples
    --------
    >>> print(escaped("$2.2M of $6.5M"))
    \$2.2M of \$6.5M
    >>> print(escaped("You lose −$2.2M."))
    :color[You lose]{} :color[:color[−\$2.2M]{}]{}:color[.]{}
    """
    parts = _SIGNED.split(" ".join(text.split()))
    return literal(text) if len(parts) == 1 else _elements(parts)


def apart(text: str) -> str:
    """Return text as an element of its own, beside others on its line.

    A browser that translates a page puts its own words in place of a text; only where nothing
    else shares the element does the next text of ours still arrive.
    """
    return _elements(_SIGNED.split(text))


def _elements(parts: Sequence[str]) -> str:
    """Return parts of a text as elements; every other one is an amount with its sign."""
    return "".join(
        f":color[{_element(part)}]{{}}" if n % 2 else _element(part) for n, part in enumerate(parts)
    )


def _element(text: str) -> str:
    if not text.strip():
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}:color[{literal(text)}]{{}}{after}"


def quiet(text: str) -> None:
    """Put a note under something, smaller and greyer."""
    st.markdown(f":gray[:small[{escaped(text)}]]")


def icon_button(icon: str, name: str, key: str, **how: Any) -> None:  # noqa: ANN401
    """Put a button on the page of which only the icon is seen: ``name`` is what is heard.

    ``every_page.css`` hides the name, and has to know the key.
    """
    st.button(name, icon=f":material/{icon}:", key=key, **{"help": name} | how)


def begin_page() -> None:
    """Forget the figures of the run before: a page registers its own while it is drawn.

    The same object is filled again: Streamlit would keep a new one beside the one before.
    """
    page = _page()
    page.figures.clear()
    page.sentence.clear()
    page.popover, page.key = None, ""


def end_page() -> None:
    """Fill the page's "How?" now that each of its figures is registered."""
    page = _page()
    if page.popover is not None and page.popover.open:
        with page.popover, st.container(width=HOW_WIDTH, gap="small"):
            _work_out(page)


def figures_on_page() -> tuple[Figure, ...]:
    """Return the figures that this run has registered, those of the sentence last."""
    page = _page()
    return tuple((page.figures | page.sentence).values())


def register(*figures: Figure, last: bool = False) -> None:
    """Let "How?" work these figures out; what draws a figure calls this.

    Parameters
    ----------
    last : with those of the sentence, after what the page draws
    """
    held = _page().sentence if last else _page().figures
    held |= {figure.label: figure for figure in figures}


def _page() -> "Page":
    page: Page = st.session_state.setdefault(PAGE, Page())
    return page


def sentence(text: str, *, owed: bool, figures: Sequence[Figure] = ()) -> None:
    """Put the outcome sentence on the page; what is owed stands out.

    Parameters
    ----------
    figures : numbers of the sentence that stand nowhere else
    """
    _page().sentence |= {figure.label: figure for figure in figures}
    words = escaped(text)
    if owed:
        before, *owes = re.split(r"(you owe \$[\d.,<]+M)", text, maxsplit=1)
        if owes:
            words = f"{apart(before)}:red[{escaped(owes[0])}]{apart(owes[1])}"
    meanings = _meanings(text)
    if not meanings:
        st.markdown(f"### {words}", anchors=False)
        return
    with st.container(horizontal=True, gap="xxsmall", wrap=False):
        st.markdown(f"### {words}", anchors=False)
        st.markdown("&nbsp;", width="content", help=meanings)  # beside it: a heading stays alone


def _meanings(text: str) -> str | None:
    """Return what the words of the glossary in a sentence mean, for the mark beside it."""
    lines = [f"**{literal(w.label)}**: {literal(w.meaning)}" for w in words_in(text)[:MOST_WORDS]]
    return "\n\n".join(lines) or None


def tiles(four: Sequence[Figure]) -> None:
    """Put the four tiles on the page: in one row, or two by two on a phone."""
    grid = st.grid(len(four), min_column_width=NARROWEST_TILE)
    for one in four:
        tile(one, grid)


def tile(tile: Figure, spot: DeltaGenerator, *, with_term: bool = True) -> None:
    """Put one tile on its spot.

    Parameters
    ----------
    with_term : say the field's own term beside the label; not where the tile is narrow
    """
    register(tile)
    colour, value = COLOURS[tile.tone], literal(tile.shown)
    spot.metric(
        f"{apart(tile.label)} :gray[:small[{tile.term}]]"
        if tile.term and with_term
        else tile.label,
        f":{colour}[{value}]" if colour != "off" else value,
        escaped(tile.note),
        delta_color=COLOURS[tile.note_tone],  # type: ignore[arg-type]
        delta_arrow="off",
        border=True,
    )


def not_advice() -> None:
    """Put what every page ends with under it."""
    quiet("This is education, not advice. National spending and trends are estimates.")


def title(text: str) -> None:
    """Put the finding over a picture."""
    st.markdown(f"#### {escaped(text)}", anchors=False)


def picture(picture: Picture, key: str) -> None:
    """Put a picture on the page, described for who cannot see it."""
    st.vega_lite_chart(
        {**picture.spec, "datasets": dict(picture.datasets)},
        key=key,
        alt=picture.description,
        width="stretch",
    )


def table(rows: Sequence[Mapping[str, str]]) -> None:
    """Put a table of texts on the page; no cell of it is Markdown."""
    heads = list(rows[0])
    ruled = ["---:" if _amounts([row[head] for row in rows]) else "---" for head in heads]
    lines = [[escaped(head) for head in heads], ruled]
    lines += [[escaped(row[head]) for head in heads] for row in rows]
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))


def _amounts(cells: Sequence[str]) -> bool:
    """Return whether a column holds amounts, which stand under each other by their last digit.

    Examples
    --------
    >>> _amounts(["$2.2M", "−$0.1M", "–"]), _amounts(["12.5%", "A"]), _amounts([""])
    (True, False, False)
    """
    told = [cell for cell in cells if cell not in _NO_AMOUNT]
    return bool(told) and all(map(_AMOUNT.fullmatch, told))


def grid(rows: Sequence[Row], key: str) -> None:
    """Put rows on the page as a grid: amounts on the right, dollars with their digits to copy."""
    columns: dict[str, Any] = {}
    for head in rows[0] if rows else ():
        cells = [row[head] for row in rows]
        if all(isinstance(cell, float) for cell in cells):
            columns[head] = st.column_config.NumberColumn(format="dollar")
        elif all(isinstance(cell, str) for cell in cells) and _amounts(cells):
            columns[head] = st.column_config.TextColumn(alignment="right")
    st.dataframe(list(rows), hide_index=True, key=key, column_config=columns)


def download(rows: Sequence[Mapping[str, str]], name: str, label: str) -> None:
    """Offer rows as a CSV file; a cell that would run as a formula is made text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({head: harmless(str(cell)) for head, cell in row.items()} for row in rows)
    st.download_button(
        label, text.getvalue(), name, "text/csv", on_click="ignore", type="tertiary", key=name
    )


def data(*named: tuple[str, Picture], key: str = "data") -> None:
    """Put the data behind pictures under them, each as a table and as CSV, folded away."""
    folded = st.expander("Show the data behind the pictures", key=key, on_change="rerun")
    if not folded.open:
        return
    with folded:
        for name, picture in named:
            st.markdown(f"**{escaped(begun(name))}**")
            grid(picture.table(), f"{key}_{name}")
            with st.container(horizontal=True, gap="small"):
                download(picture.table(), f"{name.replace(' ', '-')}.csv", f"Download the {name}")
                as_file(name, picture, key)


def as_file(name: str, picture: Picture, key: str) -> None:
    """Offer a picture as PNG and SVG; it is drawn by the click that asks for it."""
    for make, ending, kind in (
        (pictures.png, "png", "image/png"),
        (pictures.svg, "svg", "image/svg+xml"),
    ):
        file = f"{name.replace(' ', '-')}.{ending}"
        asked_files.offer(
            f"{begun(name)} {ending.upper()}",
            partial(make, picture, PICTURE_WIDTH, theme=theme()),
            file,
            kind,
            key=f"{key}_{file}",
        )


@dataclass
class Page:
    """What the page of this run has shown: its figures by label, and where "How?" stands."""

    figures: dict[str, Figure] = field(default_factory=dict)
    sentence: dict[str, Figure] = field(default_factory=dict)
    popover: Any = None
    key: str = ""


UNROUNDED = "Each step is computed unrounded; what is written here is rounded."


def how(key: str = "how") -> None:
    """Put one small "How?" on the page, in which any of its figures is worked out."""
    page = _page()
    page.key = key
    page.popover = st.popover("How?", key=key, type="tertiary", on_change="rerun", width="content")


def _work_out(page: Page) -> None:
    """Put the steps that lead to the figure somebody chose."""
    st.html(ROOMY)
    by_label = {figure.label: figure for figure in figures_on_page()}
    label = st.selectbox("How is it worked out?", list(by_label), key=f"{page.key}_which")
    figure = by_label[label]
    *before, last = figure.how()
    if len(before) > NEAREST and not st.toggle("From the very beginning", key=f"{page.key}_all"):
        before = before[-NEAREST:]
    st.markdown("\n".join(map(_line, before)))
    shown = "" if last.value == figure.shown else f", shown as {figure.shown}{figure.why_rounded}"
    st.markdown(f"{_line(last)}\n\n**{escaped(f'{label}: {last.value}{shown}')}**")
    st.markdown(f":gray[:small[{UNROUNDED}]]")


def _line(step: Step) -> str:
    """Return a step as an item of a list: what it is, from what, by which paragraph."""
    unchecked = "" if step.checked else f", {step.known}"
    where = " · ".join(filter(None, (step.section + unchecked, step.years.split("; ")[0])))
    return (
        f"- **{escaped(step.name)}**: {escaped(step.numbers)} = **{escaped(step.value)}**  \n"
        f"  :gray[:small[{escaped(step.words)} · {escaped(where)}]]"
    )


def arithmetic(steps: Sequence[Step]) -> list[dict[str, str]]:
    """Put steps on the page as a table, and return its rows."""
    rows = [
        {
            "Step": step.name,
            "Formula": step.words,
            "With your numbers": step.numbers,
            "Comes to": step.value,
            "Paragraph of 42 CFR": step.section,
            "Years": step.years,
            "How we know": step.known,
        }
        for step in steps
    ]
    table(rows)
    return rows
