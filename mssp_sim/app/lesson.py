"""What the story and the myth lab share: the bet, the lesson's own lever, the way to the desk."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from mssp_sim.app import focus, one_lever, session, show
from mssp_sim.charts import by_lever
from mssp_sim.charts.by_lever import Drawn, Point
from mssp_sim.charts.theme import Picture
from mssp_sim.figure import of_result
from mssp_sim.figures import money, needed_digits, percent
from mssp_sim.learning import (
    Lesson,
    Option,
    SettledState,
    myth_order,
    opening_states,
    story_order,
)
from mssp_sim.learning.lever_line import LeverLine, lever_line, lever_words, target_steps
from mssp_sim.learning.progress import LETTERS, Progress
from mssp_sim.naming import begun
from mssp_sim.result import Result, State
from mssp_sim.scenario import Scenario, ScenarioError, quantities
from mssp_sim.words.curve import curve_title
from mssp_sim.words.outcome import outcome, owes

LEVERS = "lesson_levers"
SIMULATOR = "pages/simulator.py"
HALF_A_STEP = 0.501
FREE = ("cost_reduction", "quality_score", "regional_growth", "level")
"""The levers a reader may try once a lesson is revealed."""

BREAK_IT = (
    "Now break it: move the lever above or one of these, and find a case in which this is not so."
)
HIDDEN = "The answer stays hidden until you bet."
TOUCHED = """<style>
@media (pointer: coarse), (max-width: 640px) {
  [data-testid=stMain] :is([data-testid=stRadioOption], [data-testid=stRadio] label) {
    min-height: 44px; align-items: center;
  }
  [data-testid=stMain] [data-testid=stButtonGroup] button,
  [data-testid=stMain] .stButton button {
    min-height: 44px; min-width: 44px;
  }
  [data-testid=stMain] [data-testid=stButtonGroup] > * { flex-wrap: wrap; height: auto; }
}
</style>"""
"""A finger needs more room than a pointer: answers, steps and buttons at least 44 pixels."""


@dataclass(frozen=True, slots=True)
class Course:
    """A row of lessons: where its reader is, and how that is kept in the link.

    A link knows a lesson by its number, which never changes; ``order`` is how they are shown.
    """

    place: str
    order: tuple[int, ...]

    @property
    def progress(self) -> Progress:
        """Where the reader is."""
        here = session.place(self.place) or str(self.order[0])
        return Progress.read(here, len(self.order))

    @property
    def position(self) -> int:
        """Which lesson of the row is on the screen, from 0."""
        return self.order.index(self.progress.at)

    def put(self, progress: Progress) -> None:
        """Remember where the reader is."""
        session.put(self.place, progress.written())

    def key(self, name: str) -> str:
        """Return the key of a widget of the lesson on the screen."""
        return f"{self.place}_{name}_{self.progress.at}"

    def go(self, number: int) -> None:
        """Turn to another lesson; the focus goes to what it asks."""
        self.put(self.progress.moved(number))
        focus.to(self.key("bet"), self.key("answered"), self.key("own"))


STORY, MYTHS = Course("story", story_order()), Course("myth", myth_order())


def begin() -> None:
    """Make room for fingers on a page of lessons."""
    st.html(TOUCHED)


def bet(course: Course, question: str, options: tuple[Option, ...], after: tuple[str, ...]) -> None:
    """Put the question on the page: open, or as it was answered.

    Parameters
    ----------
    after : the keys of which one has the focus once the bet is placed
    """
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

    def place() -> None:
        course.put(course.progress.placed(st.session_state[key]))
        focus.to(*after)

    def skip() -> None:
        course.put(course.progress.skipped())
        focus.to(*after)

    with st.container(horizontal=True, gap="small"):
        st.button(
            "Place the bet",
            key=course.key("place"),
            disabled=st.session_state.get(key) is None,
            on_click=place,
        )
        st.button("Skip the bet", key=course.key("skip"), type="tertiary", on_click=skip)


def letter(option: int) -> str:
    """Return the letter of an answer."""
    return LETTERS[option].upper()


def reply(lesson: Lesson, chosen: int | None) -> str:
    """Return what is said to who bet so; nothing to who skipped."""
    if chosen is None:
        return ""
    said = lesson.options[chosen].reply
    return (
        f"You bet {letter(chosen)}. {said}"
        if said
        else f"You bet {letter(chosen)}, and you are right."
    )


def settled(course: Course, lesson: Lesson, start: str) -> Result:
    """Return the lesson's scenario with its levers where the reader has put them.

    Parameters
    ----------
    start : the preset whose value the lesson's lever has before it is moved
    """
    return _state(course, lesson, start).result


def _state(course: Course, lesson: Lesson, start: str) -> SettledState:
    states = opening_states()
    if not lesson.lever:
        return states[lesson.now]
    own, free = _moves(course, lesson, start)
    try:
        return states.varied(lesson.now, **own, **free)
    except ScenarioError:
        return states.varied(lesson.now, **own)


def _moves(course: Course, lesson: Lesson, start: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return where the lesson's own lever is, and where the others are once it is revealed."""
    value = _levers().get(course.key("value"), opening_states()[start].value(lesson.lever))
    revealed = course.progress.revealed(course.progress.at)
    return {lesson.lever: value}, dict(_free(course)) if revealed else {}


def lever(course: Course, lesson: Lesson, start: str, moved: one_lever.Moved, **ends: Any) -> None:  # noqa: ANN401
    """Draw the lever of a lesson, where the reader has put it."""
    own, _ = _moves(course, lesson, start)
    one_lever.draw(
        course.key("lever"),
        lesson.lever,
        own[lesson.lever],
        moved,
        words=lever_words(lesson.lever),
        **ends,
    )


def free_move(course: Course, lesson: Lesson, result: Result) -> None:
    """Let the reader try to break what was just revealed, with any lever."""
    if not lesson.lever:
        return
    st.markdown(show.escaped(BREAK_IT))
    names = [name for name in FREE if name != lesson.lever]
    chosen = st.pills(
        "Another lever",
        names,
        key=course.key("free"),
        format_func=lambda name: quantities()[name].label,
        label_visibility="collapsed",
    )
    if chosen:
        value = _free(course).get(chosen, opening_states()[lesson.now].value(chosen))
        one_lever.draw(
            course.key(f"free_{chosen}"),
            chosen,
            value,
            lambda wanted: _free(course).__setitem__(chosen, wanted),
        )
    if _free(course):
        show.quiet(outcome(result))
        st.button(
            "Put the other levers back",
            key=course.key("free_back"),
            type="tertiary",
            on_click=_free(course).clear,
        )


def _free(course: Course) -> dict[str, Any]:
    found: dict[str, Any] = _levers().setdefault(course.key("free"), {})
    return found


def put_lever(course: Course, value: Any) -> None:  # noqa: ANN401
    """Remember where the reader has put the lever of the lesson on the screen."""
    _levers()[course.key("value")] = value


def put_at(course: Course, lesson: Lesson, state: SettledState) -> None:
    """Put the lever of the lesson on the screen where a preset has it."""
    if lesson.lever:
        put_lever(course, state.value(lesson.lever))


def _levers() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(LEVERS, {})
    return found


def reached(lesson: Lesson, value: Any) -> bool:  # noqa: ANN401
    """Return whether a lever has come to the lesson's end, or past it."""
    states = opening_states()
    before = states[lesson.before].value(lesson.lever)
    now = states[lesson.now].value(lesson.lever)
    if isinstance(now, str):
        return bool(value == now)
    by = lever_words(lesson.lever).step
    return bool(abs(value - now) <= by * HALF_A_STEP or (value - now) * (before - now) < 0)


def trying(result: Result) -> str:
    """Return what stands over the curve while the lever is tried: what is paid, and not why."""
    if owes(result):
        return f"With the lever here you owe {money(result.shared_losses)}"
    earned = money(result.shared_savings) if result.payment > 0 else "nothing"
    return f"With the lever here you earn {earned}"


def title(before: Result, now: Result) -> str:
    """Return the finding over the curve of a lesson; where all of a check is gone, it says so."""
    lost = before.payment > 0 and now.payment == 0
    if now.state == State.NEITHER_STANDARD:
        return (
            f"With neither quality standard met, the check of {money(now.lost_to_quality)} is gone"
        )
    if not lost or now.state != State.UNDER_THE_MINIMUM:
        return curve_title(now)
    rate, minimum = float(now.savings_rate), float(now.minimum_savings_rate)
    digits = needed_digits(percent, rate, minimum)
    return (
        f"The check of {money(before.payment)} is gone: {percent(rate, digits)} saved, "
        f"{percent(minimum, digits)} is the minimum"
    )


def own_picture(
    course: Course,
    lesson: Lesson,
    *,
    known: bool,
    reach: tuple[float, float] | None = None,
) -> tuple[str, str, Picture]:
    """Return title, words and picture of a lesson that shows what its own lever moves.

    Parameters
    ----------
    known : may the picture show where the lever leads?
    """
    states = opening_states()
    start = lesson.now if course.progress.revealed(course.progress.at) else lesson.before
    if lesson.shows == "steps":
        state = _state(course, lesson, start) if known else states[lesson.before]
        return _steps(state.result, known=known)
    own, free = _moves(course, lesson, start)
    try:
        line = lever_line(states, lesson, own | free, reach)
    except ScenarioError:
        line = lever_line(states, lesson, own, reach)
    drawn = _drawn(line, known=known)
    if known:
        return begun(line.title), line.description, _line(drawn, line.description)
    at, dollars = line.before
    began = f"Before: {line.lever.label} {line.lever_at(at)}, {line.words(dollars)}."
    words = f"{began} {HIDDEN}"
    return "Where does the dot land?", words, _line(drawn, words)


def _line(drawn: Drawn, said: str) -> Picture:
    return by_lever.by_lever(drawn, show.theme(), begun(said))


def _drawn(line: LeverLine, *, known: bool) -> Drawn:
    began = line.told(line.before[1])
    return Drawn(
        x=line.x,
        y=line.y,
        x_name=line.lever.label,
        y_name=line.name,
        units=("score" if line.lever.kind == "score" else "percent", line.unit),
        before=Point(*line.before, f"before: {began}" if known else line.words(line.before[1])),
        here=Point(*line.here, f"now: {line.told(line.here[1])}") if known else None,
        ask=line.end[0],
        levels=line.levels,
        walls=line.walls,
        diagonal=line.diagonal,
    )


def _steps(result: Result, *, known: bool) -> tuple[str, str, Picture]:
    steps = [
        by_lever.Step(s.label, s.shown, s.dollars, s.total, s.counts) for s in target_steps(result)
    ]
    parts = "; ".join(f"{s.label} {s.shown}" for s in steps)
    words = f"{begun(parts)}." if known else f"{begun(parts)}. {HIDDEN}"
    name, shown = steps[-1].label, steps[-1].shown
    head = f"{name}: {shown}" if known else f"Before: {name.lower()} {shown}"
    return head, words, by_lever.target_steps(steps, show.theme(), words)


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
