"""The Glossary's parts: a search, a sentence, one table."""

from collections.abc import Sequence

import streamlit as st

from mssp_sim.app import frame, show
from mssp_sim.glossary import Word, search, words

SEARCH = "glossary_search"
TITLES = {name: title for pages in frame.PAGES.values() for name, title in pages.items()} | {
    "levers": "The levers"
}


def draw() -> None:
    """Put the Glossary on the page."""
    wanted = str(st.session_state.get(SEARCH, "")).strip()
    found = search(wanted)
    show.sentence(headline(wanted, len(found)), owed=False)
    st.text_input(
        "Find a word", key=SEARCH, placeholder="MSR, list, risk …", label_visibility="collapsed"
    )
    if found:
        st.markdown(table(found))


def headline(wanted: str, found: int) -> str:
    """Return how many words hold what was asked for.

    Examples
    --------
    >>> headline("msr", 1)[:29]
    '1 of the glossary’s words men'
    """
    every = len(words())
    if not wanted:
        return f"{every} words, each with its plain name and the field’s."
    if not found:
        return f"No word mentions “{wanted}”. Try a part of it, or another name."
    return f"{found} of the glossary’s words mention{'s' if found == 1 else ''} “{wanted}”."


def table(found: Sequence[Word]) -> str:
    """Return the words as one Markdown table."""
    lines = ["| Word | What it means |", "| --- | --- |"]
    lines += [f"| {_names(word)} | {show.escaped(word.meaning)} {_place(word)} |" for word in found]
    return "\n".join(lines)


def _names(word: Word) -> str:
    term = "" if word.term == word.label else f" :gray[:small[{show.escaped(word.term)}]]"
    return f"**{show.escaped(word.label)}**{term}"


def _place(word: Word) -> str:
    places = ", ".join(TITLES[name] for name in word.where)
    words = " · ".join(filter(None, (word.unit, f"see {places}")))
    return f":gray[:small[{show.escaped(words)}]]"
