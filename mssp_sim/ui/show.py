"""How a sentence, a tile and a picture are put on a page."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from mssp_sim.charts import Picture
from mssp_sim.charts.ink import Theme
from mssp_sim.explanation import Tile, Tone

COLOURS: dict[Tone, str] = {"earned": "blue", "owed": "red", "left": "orange", "plain": "off"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:])")


def theme() -> Theme:
    """Return which theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def escaped(text: str) -> str:
    r"""Return text as it stands: no character of it is Markdown.

    Examples
    --------
    >>> print(escaped("$2.2M [a](b)"))
    \$2.2M \[a\]\(b\)
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def quiet(text: str) -> None:
    """Put a note under something, smaller and greyer."""
    st.markdown(f":gray[:small[{escaped(text)}]]")


def sentence(text: str, *, owed: bool) -> None:
    """Put the outcome sentence on the page; what is owed stands out."""
    words = escaped(text)
    if owed:
        words = re.sub(r"(you owe \\\$[\d.,<]+M)", r":red[\1]", words)
    st.markdown(f"### {words}", anchors=False)


def tiles(four: Sequence[Tile]) -> None:
    """Put the four tiles on the page: in one row, or two by two on a phone."""
    for pair, place in zip((four[:2], four[2:]), st.columns(2), strict=True):
        for tile, spot in zip(pair, place.columns(2, wrap=False), strict=True):
            colour = COLOURS[tile.tone]
            value = escaped(tile.value)
            spot.metric(
                tile.label + (f" :gray[:small[{tile.term}]]" if tile.term else ""),
                f":{colour}[{value}]" if colour != "off" else value,
                escaped(tile.note),
                delta_color=COLOURS[tile.note_tone],  # type: ignore[arg-type]
                delta_arrow="off",
                border=True,
            )


def title(text: str) -> None:
    """Put the finding over a picture."""
    st.markdown(f"##### {escaped(text)}", anchors=False)


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
    lines = [[escaped(head) for head in heads], ["---"] * len(heads)]
    lines += [[escaped(row[head]) for head in heads] for row in rows]
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))
