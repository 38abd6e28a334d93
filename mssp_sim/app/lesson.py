"""What the story and the myth lab share: the bet, the lesson's own lever, the way to the desk."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.figure import of_result
from mssp_sim.figures import money
from mssp_sim.learning import Lesson, Option, SettledState, myths, opening_states, story
from mssp_sim.learning.progress import LETTERS, Progress
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.words.outcome import owes

LEVERS = "lesson_levers"
SIMULATOR = "pages/simulator.py"
HALF_A_STEP = 0.501


@dataclass(frozen=True, slots=True)
class Course:
    """A row of lessons: where its reader is, and how that is kept in the link."""

    place: str
    count: int

    @property
    def progress(self) -> Progress:
        """Where the reader is."""
        return Progress.read(session.place(self.place), self.count)

    def put(self, progress: Progress) -> None:
        """Remember where the reader is."""
        session.put(self.place, progress.written())

    def key(self, name: str) -> str:
        """Return the key of a widget of the lesson on the screen."""
        return f"{self.place}_{name}_{self.progress.at}"


STORY, MYTHS = Course("story", len(story())), Course("myth", len(myths()))


def bet(course: Course, question: str, options: tuple[Option, ...]) -> None:
    """Put the question on the page: open, or as it was answered."""
    progress = course.progress
    placed = progress.placed_at(progress.at)
    key = course.key("answered" if placed else "bet")
    st.radio(
        f"**{show.escaped(question)}**",
        range(len(options)),
        index=progress.bet(progress.at) if placed else None,
        key=key,
        format_func=lambda n: f"{letter(n)} · {show.escaped(options[n].text)}",
        disabled=placed,
    )
    if placed:
        return
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Place the bet",
            key=course.key("place"),
            disabled=st.session_state.get(key) is None,
            on_click=lambda: course.put(course.progress.placed(st.session_state[key])),
        )
        st.button(
            "Skip the bet",
            key=course.key("skip"),
            type="tertiary",
            on_click=lambda: course.put(course.progress.skipped()),
        )


def letter(option: int) -> str:
    """Return the letter of an answer."""
    return LETTERS[option].upper()


def settled(course: Course, lesson: Lesson, start: str) -> Result:
    """Return the lesson's scenario with its lever where the reader has put it.

    Parameters
    ----------
    start : the preset whose value the lever has before it is moved
    """
    states = opening_states()
    now = states[lesson.now]
    if not lesson.lever:
        return now.result
    value = _levers().get(course.key("value"), getattr(states[start].scenario, lesson.lever))
    if value == getattr(now.scenario, lesson.lever):
        return now.result
    return simulate(replace(now.scenario, **{lesson.lever: value}))


def put_lever(course: Course, value: Any) -> None:  # noqa: ANN401
    """Remember where the reader has put the lever of the lesson on the screen."""
    _levers()[course.key("value")] = value


def put_at(course: Course, lesson: Lesson, state: SettledState) -> None:
    """Put the lever of the lesson on the screen where a preset has it."""
    if lesson.lever:
        put_lever(course, getattr(state.scenario, lesson.lever))


def _levers() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(LEVERS, {})
    return found


def reached(lesson: Lesson, value: Any) -> bool:  # noqa: ANN401
    """Return whether a lever has come to the lesson's end, or past it."""
    states = opening_states()
    before = getattr(states[lesson.before].scenario, lesson.lever)
    now = getattr(states[lesson.now].scenario, lesson.lever)
    if isinstance(now, str):
        return bool(value == now)
    by = quantities()[lesson.lever].step
    return bool(abs(value - now) <= by * HALF_A_STEP or (value - now) * (before - now) < 0)


def use(course: Course, scenario: Scenario, against: Scenario) -> None:
    """Offer to put a lesson's scenario on the desk: one entry that can be undone."""
    if st.button("Use this in the simulator", key=course.key("use"), type="tertiary"):
        session.adopt(scenario, against)
        st.switch_page(SIMULATOR)


def how(result: Result) -> None:
    """Offer how the figures of a settlement are worked out."""
    paid = ("You owe", "shared_losses") if owes(result) else ("You earn", "shared_savings")
    kept = (paid, ("Left on the table", "left_on_the_table"), ("Saved", "gross_savings"))
    show.register(
        *(of_result(result, key, label, money(float(getattr(result, key)))) for label, key in kept)
    )
    show.how()
