"""What stands on every page that shows the desk while the curtain is down: no figure of it.

Also what a trainee is told on every page: the challenge, and what the trainer's lock held back.
"""

import streamlit as st

from mssp_sim.app import lesson, session, show
from mssp_sim.app.history import Moment
from mssp_sim.learning.trainer import CHALLENGE, Card, challenge, deck, filled, on_desk
from mssp_sim.naming import change_in_words
from mssp_sim.result import Result
from mssp_sim.scenario import changed, quantities

QUESTION = "What does this ACO earn or owe, and why?"
COURTESY = "The curtain is a courtesy, not a secret."
WAIT = "Your trainer raises the curtain. Until then the levers stay and the figures wait."
TRAINEE, SCREEN = "trainee", "screen"
"""Who sees a page that is not the trainer: someone in the room, or the whole room at once."""


def audience() -> str:
    """Return who sees this page; empty for a trainer, or for who plays alone."""
    found = session.place("audience")
    return found if found in (TRAINEE, SCREEN) else ""


def page() -> None:
    """Put the question on the page in place of its answer."""
    card = shown()
    show.sentence(card.question if card else _otherwise(), owed=False)
    if card:
        options(card)
    elif _challenged():
        conditions()
    changes()
    if card:
        since_dealt(card)
    reveal()


def reveal() -> None:
    """Offer to raise the curtain; a trainee is told who does."""
    if audience() == TRAINEE:
        show.quiet(f"{WAIT} {COURTESY}")
        return
    st.button("Reveal", key="reveal", on_click=session.reveal)
    show.quiet(f"The curtain is down: the levers stay, the figures wait. {COURTESY}")


def waits(why: str) -> None:
    """Say in place of a part of a page that it waits behind the curtain."""
    show.quiet(f"{why}: they wait behind the curtain.")
    if audience() != TRAINEE:
        st.button("Reveal", key="reveal_part", on_click=session.reveal)


def _otherwise() -> str:
    return challenge().words if _challenged() else QUESTION


def _challenged() -> bool:
    return session.place("preset") == CHALLENGE


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


def moved_since(card: Card) -> tuple[str, ...]:
    """Return the levers that have left the values the question of a card names."""
    now, against = on_desk(card)
    moved = {
        *changed(session.scenario(), now.scenario),
        *changed(session.baseline(), against.scenario),
    }
    return tuple(name for name in quantities() if name in moved)


def since_dealt(card: Card, *, answered: bool = False) -> None:
    """Say where the levers no longer are what the question names, and offer to put them back.

    Parameters
    ----------
    answered : the answer stands on the page
    """
    moved = moved_since(card)
    if not moved:
        return
    now, _ = on_desk(card)
    words = [change_in_words(name, session.scenario(), now.scenario) for name in moved]
    what = "Question and answer are" if answered else "The question is"
    said = f"{what} about the card as it was dealt. The levers have moved since: "
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":orange[{show.escaped(said + '; '.join(words))}]", width="content")
        if not session.locked_among(moved):
            st.button("Put the card back", key="card_back", type="tertiary", on_click=deal)


def deal() -> None:
    """Put the card of the link on the desk as it was dealt; the curtain stays as it is."""
    card = deck().get(session.place("preset") or "")
    if card:
        now, against = on_desk(card)
        session.stage(Moment(now.scenario, against.scenario, session.kept()))


def conditions() -> None:
    """Put the conditions of the challenge on the page, unchecked: a check tells figures."""
    st.markdown("\n".join(f"- {show.escaped(words)}" for words in challenge().conditions))


def over_the_page(result: Result) -> None:
    """Put what a trainee has to know over a page of the desk: the challenge, what was held back."""
    if _challenged():
        checks(result)
    held_back()


def held_back() -> None:
    """Say what the trainer's lock has just held back: a button that does nothing must say so."""
    said = session.held_back()
    if said:
        st.markdown(f":red[:material/lock: {show.escaped(said)}]")


def checks(result: Result, *, titled: bool = False) -> None:
    """Put the challenge and each of its conditions on the page, checked against the desk.

    Parameters
    ----------
    titled : the challenge stands over it already
    """
    found = challenge().checks(result)
    with st.container(border=True, key="challenge", gap="xxsmall"):
        said = "" if titled else f" {show.escaped(challenge().words)}"
        st.markdown(f"**Team challenge.**{said}")
        marked = [
            f":material/{'check_circle' if check.holds else 'radio_button_unchecked'}: "
            + show.escaped(check.words)
            for check in found
        ]
        st.markdown(f":small[{' · '.join(marked)}]")
        if all(check.holds for check in found):
            st.markdown("**Solved.** What did your team try first?")
