"""What stands on every page that shows the desk while the curtain is down: no figure of it."""

import streamlit as st

from mssp_sim.app import lesson, session, show
from mssp_sim.learning.trainer import CHALLENGE, Card, challenge, deck, filled
from mssp_sim.naming import change_in_words

QUESTION = "What does this ACO earn or owe, and why?"


def page() -> None:
    """Put the question on the page in place of its answer."""
    card = shown()
    show.sentence(card.question if card else _otherwise(), owed=False)
    if card:
        options(card)
    changes()
    st.button("Reveal", key="reveal", on_click=session.reveal)
    show.quiet(
        "The curtain is down: the levers stay, the figures wait. It is a courtesy, not a secret."
    )


def _otherwise() -> str:
    return challenge().words if session.place("preset") == CHALLENGE else QUESTION


def shown() -> Card | None:
    """Return the card that is on the desk, with its figures; None if there is none."""
    card = deck().get(session.place("preset") or "")
    return filled(card) if card else None


def options(card: Card) -> None:
    """Put the answers to choose from on the page."""
    lines = [
        f"**{lesson.letter(n)}** · {show.escaped(option.text)}"
        for n, option in enumerate(card.options)
    ]
    st.markdown("  \n".join(lines))


def changes() -> None:
    """Say which levers differ from the baseline: what was done, never what it came to."""
    words = [
        change_in_words(name, session.scenario(), session.baseline()) for name in session.changes()
    ]
    said = " · ".join(words) if words else "no lever"
    st.markdown(f":gray[Changed against the baseline:] {show.apart(said)}")
