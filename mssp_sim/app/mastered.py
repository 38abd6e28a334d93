"""Which beliefs the reader has left behind, told alike where they are asked for and tried."""

import streamlit as st

from mssp_sim.app import lesson, session, show
from mssp_sim.learning import myths, opening_states
from mssp_sim.learning.check import Sitting
from mssp_sim.learning.mastery import SAID, Held, mastery

QUIZ = "quiz"


def held() -> tuple[Held, ...]:
    """Return every belief with what this reader has answered, on any page of lessons."""
    sitting = Sitting.read(session.place(QUIZ))
    return mastery(lesson.STORY.progress, lesson.MYTHS.progress, sitting)


def draw() -> None:
    """Put all beliefs on the page, folded away: how each stands, and where it was answered."""
    found = held()
    right = sum(one.standing in ("right", "right at last") for one in found)
    asked = sum(one.standing != "not asked yet" for one in found)
    label = f"All {len(found)} beliefs: {asked} asked, {right} right"
    folded = st.expander(show.escaped(label), key="mastered", on_change="rerun")
    if not folded.open:
        return
    with folded:
        show.table([_row(position, one) for position, one in enumerate(found, 1)])
        show.quiet("Counted from this address alone: story, myth lab and questions together.")


def _row(position: int, one: Held) -> dict[str, str]:
    card = myths()[one.number].filled(opening_states())
    return {
        "Belief": f"{position} · {card.title}",
        "You": SAID[one.standing],
        "Answered in": ", ".join(one.where) or "–",
    }
