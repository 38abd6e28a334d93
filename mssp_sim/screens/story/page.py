"""The parts of The 45,000-life story: where you are, the bet, the lever, the reveal, the picture.

The story settles scenarios of its own and leaves the desk as it is, until the reader asks for one.
"""

from typing import Any

import streamlit as st

from mssp_sim.app import focus, lesson, live, show
from mssp_sim.charts import bet as pictures
from mssp_sim.charts.bet import Extra
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import money, percent
from mssp_sim.learning import Question, StoryStep, opening_states, recall, story, story_order
from mssp_sim.learning.expression import evaluate
from mssp_sim.learning.lever_line import lever_shown, lever_words
from mssp_sim.result import Result
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome

STEPS = story()
ORDER = story_order()
FIRST, LAST = ORDER[0], ORDER[-1]
"""Numbers of the opening bet, which the end comes back to, and of that end."""

COURSE = lesson.STORY
OWN_ACO = "pages/real_acos.py"
RECALLED = "story_recalled"
HIDDEN = lesson.HIDDEN
WAITS = "The last step shows how much of it arrives."
NO_BET = "No bet, and no answer yet."
CLOSE_TO_TARGET = 0.0005


def draw() -> None:
    """Put the step of the story the reader is at on the page."""
    progress = COURSE.progress
    step = STEPS[progress.at].filled(opening_states())
    open_at_once = progress.placed_at(progress.at) and not step.lever
    shown = progress.revealed(progress.at) or open_at_once or progress.at == LAST
    result = lesson.settled(COURSE, step, step.now if shown else step.before)
    lesson.begin()
    _where(step)
    words, place = st.columns([5, 8], gap="medium")
    with words:
        show.sentence(step.title, owed=False)
        st.markdown(show.escaped(step.text))
        if step.options:
            lesson.bet(COURSE, step.question, step.options, _after_the_bet(step))
        if progress.placed_at(progress.at) and step.lever and not shown:
            _try(step)
        if shown:
            _reveal(step, result)
    with place:
        _picture(step, result, shown=shown)
    if progress.at == LAST:
        _bets()
        _recall()
    show.not_advice()
    live.probe()


def _after_the_bet(step: StoryStep) -> tuple[str, ...]:
    """Return what has the focus once the bet is placed: the lever, or the way on."""
    key = COURSE.key("lever")
    return (f"live_{key}", key) if step.lever else ("story_next",)


def _where(step: StoryStep) -> None:
    at = COURSE.progress.at
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(
            f":gray[The 45,000-life story ·] "
            f"**step {COURSE.position} of {len(ORDER) - 1}, {step.name}**",
            width="content",
        )
        st.segmented_control(
            "Step",
            ORDER,
            default=at,
            key=COURSE.key("step"),
            format_func=lambda number: str(ORDER.index(number)),
            label_visibility="collapsed",
            required=True,
            on_change=_jump,
            width="content",
        )


def _jump() -> None:
    COURSE.put(COURSE.progress.moved(st.session_state[COURSE.key("step")]))


def _try(step: StoryStep) -> None:
    """Unlock the one lever of the step, where it stood before."""
    label = lever_words(step.lever).label
    goal = lever_shown(step.lever, opening_states()[step.now])
    moves = "Change" if lever_words(step.lever).kind == "choice" else "Move"
    where = "Find the answer with it" if step.puzzle else f"{moves} it to {goal}"
    st.markdown(show.escaped(f"“{label}” is unlocked. {where}, or press Reveal."))
    lesson.lever(COURSE, step, step.before, _moved)
    st.button("Reveal", key=COURSE.key("reveal"), on_click=_reveal_it)


def _reveal_it() -> None:
    _show()
    focus.to("story_next")


def _moved(value: Any) -> None:  # noqa: ANN401
    """Follow the lever; the answer shows itself when the lever comes to it."""
    lesson.put_lever(COURSE, value)
    at = COURSE.progress.at
    if not COURSE.progress.revealed(at) and at != LAST and lesson.reached(STEPS[at], value):
        _show()


def _show() -> None:
    step = STEPS[COURSE.progress.at]
    lesson.put_at(COURSE, step, opening_states()[step.now])
    COURSE.put(COURSE.progress.shown())


def _reveal(step: StoryStep, result: Result) -> None:
    progress = COURSE.progress
    opens = progress.at in (FIRST, LAST)
    with st.container(border=True, key="story_answer", gap="xsmall"):
        answer = "" if opens else f"{lesson.letter(step.right)} · "
        nothing_kept = progress.at == FIRST and progress.bet(FIRST) is None
        headline = NO_BET if nothing_kept else step.headline
        st.markdown(f"**{answer}{show.escaped(headline)}**")
        if progress.at != FIRST:
            _answered_bet(step)
        st.markdown(show.escaped(step.meaning))
    if step.lever:
        lesson.lever(COURSE, step, step.now, _moved)
    states = opening_states()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if progress.at != LAST:
            following = ORDER[COURSE.position + 1]
            words = f"Next: {STEPS[following].name}"
            st.button(words, key="story_next", on_click=COURSE.go, args=(following,))
        else:
            _own_numbers()
        if step.lever:
            lesson.use(COURSE, result.scenario, states[step.before].scenario)
        if step.line == "whole":
            lesson.how(result)
    if progress.at != LAST:
        lesson.free_move(COURSE, step, result)


def _answered_bet(step: StoryStep) -> None:
    """Say what the reader's own bet leaves out; at the end, that of the opening bet."""
    progress = COURSE.progress
    whose = step
    if progress.at == LAST:
        whose = STEPS[FIRST].filled(opening_states())
    said = lesson.reply(whose, progress.bet(FIRST if progress.at == LAST else progress.at))
    if said:
        st.markdown(show.escaped(said))


def _own_numbers() -> None:
    """Lead from the story's ACO to the reader's own."""
    if st.button("Put in your own ACO", key="story_own"):
        st.switch_page(OWN_ACO)
    if st.button("Play with this one", key="story_play", type="tertiary"):
        st.switch_page(lesson.SIMULATOR)


def _picture(step: StoryStep, result: Result, *, shown: bool) -> None:
    """Put the picture of the Simulator on the page, as much of it as may be known by now."""
    progress, states = COURSE.progress, opening_states()
    before = states[step.before]
    placed = progress.placed_at(progress.at) and bool(step.lever)
    if step.shows != "curve":
        title, words, picture = lesson.own_picture(COURSE, step, known=placed or shown)
    elif not (placed or shown) or not step.lever:
        title, words, picture = _before_the_bet(step)
    elif step.line == "whole":
        title = lesson.title(before.result, result) if shown else lesson.trying(result)
        words = curve_description(result)
        said = f"{outcome(result)} {words}"
        extra = Extra(bet=_bet(step)) if shown else Extra()
        drawn = curve(result, before.result)
        picture = pictures.whole(drawn, show.theme(), said, extra)
    else:
        title, words, picture = _without_amounts(step, result, shown=shown)
    show.title(title)
    show.picture(picture, key="story_payoff")
    show.quiet(words)
    named = "payoff curve" if step.shows == "curve" else "picture of the lever"
    show.data((named, picture), key="story_data")


def _before_the_bet(step: StoryStep) -> tuple[str, str, Picture]:
    """Return what is known before the bet: the answer is in none of it."""
    states = opening_states()
    before = states[step.before]
    drawn = curve(before.result, before.result)
    ask = evaluate(step.ask_at, states).value if step.ask_at else before.result.savings_rate
    first = COURSE.progress.at == FIRST  # its answer waits for the last step, bet or no bet
    hidden = "" if first or COURSE.progress.placed_at(COURSE.progress.at) else HIDDEN
    title = "Where does the dot land?"
    if step.line_before == "whole":
        said = outcome(before.result)
        words = f"{before.title}: {said} {hidden}".strip()
        picture = pictures.asked(
            drawn, show.theme(), words, Extra(ask=ask), before.title[0].lower() + before.title[1:]
        )
        return title, f"The line of “{before.title}”. {hidden}".strip(), picture
    zone = step.line_before == "zone"
    if zone:
        ask = states[step.now].result.savings_rate
    where = "In the hatched zone nothing is paid." if zone else ""
    words = f"{where} {hidden}".strip() or WAITS
    spots = () if zone else ((0.0, 0.0, "the target"),)
    title = title if zone else "Spending against the target"
    picture = pictures.partly(drawn, show.theme(), words, Extra(ask=ask, spots=spots), zone=zone)
    return title, words, picture


def _without_amounts(step: StoryStep, result: Result, *, shown: bool) -> tuple[str, str, Picture]:
    """Return the axis of savings with where spending lands, and not yet what it pays."""
    zone = step.line == "zone"
    rate = float(result.savings_rate)
    target, spent = money(result.benchmark_total), money(result.expenditure_total)
    if zone:
        paid = "a check arrives" if result.payment > 0 else "no check"
        spots: tuple[tuple[float, float, str], ...] = ((rate, 0.0, paid),)
        title = "The zone in which no money moves"
        saved = f"{percent(abs(rate))} {'saved' if rate >= 0 else 'overspent'}"
        comes = (
            "a check arrives; the next step shows how much"
            if result.payment > 0
            else "no check arrives"
        )
        words = f"With {saved}, {comes}."
    else:
        spots = ((0.0, 0.0, f"target {target}"), (rate, 0.0, f"spent {spent}"))
        spots = spots[: 1 if abs(rate) < CLOSE_TO_TARGET else 2]
        began = money(opening_states()[step.before].result.benchmark_total)
        title = f"The target {'stays' if target == began else 'is now'} at {target}"
        if not shown and target == began:
            title = f"The target is {target}"
        words = f"The ACO spends {spent} against a target of {target}. What that pays comes later."
    drawn = curve(result, result)
    picture = pictures.partly(drawn, show.theme(), words, Extra(spots=spots), zone=zone)
    return title, words, picture


def _bet(step: StoryStep) -> tuple[float, float, str] | None:
    """Return where the reader's bet stands in the picture; the opening bet at the end."""
    progress, states = COURSE.progress, opening_states()
    asked = FIRST if progress.at == LAST else progress.at
    chosen = progress.bet(asked)
    dollars = None if chosen is None else STEPS[asked].worth(chosen, states)
    if dollars is None:
        return None
    whose = "your first bet" if progress.at == LAST else "your bet"
    stands = step.now if progress.at == FIRST else step.before
    rate = float(states[stands].result.savings_rate)
    if step.lever == "cost_reduction":
        rate = float(states[step.now].result.savings_rate)
    return rate, dollars, f"{whose}: {money(dollars)}"


def _bets() -> None:
    """Put every bet beside what happened."""
    progress, states = COURSE.progress, opening_states()
    rows = []
    for position, at in enumerate(ORDER[:-1]):
        step, chosen = STEPS[at], progress.bet(at)
        filled = step.filled(states)
        rows.append(
            {
                "Step": f"{position} · {step.name}",
                "Your bet": "no bet" if chosen is None else filled.options[chosen].text,
                "What happened": filled.options[step.right].text
                if at == FIRST or progress.revealed(at)
                else "not revealed yet",
            }
        )
    show.title("Your bets")
    show.table(rows)


def _recall() -> None:
    """Put the recall questions on the page; each answer explains itself."""
    asked = list(enumerate(recall()))
    show.title(f"{len(asked)} questions to keep")
    for start in range(0, len(asked), 2):
        for place, (number, question) in zip(
            st.columns(2, gap="medium"), asked[start : start + 2], strict=False
        ):
            with place:
                _ask_again(number, question.filled(opening_states()))


def _ask_again(number: int, question: Question) -> None:
    answers: dict[int, int] = st.session_state.setdefault(RECALLED, {})
    st.radio(
        f"**{number + 1}** {show.escaped(question.question)}",
        range(len(question.options)),
        index=answers.get(number),
        key=f"story_recall_{number}",
        format_func=lambda n: show.escaped(question.options[n].text),
        on_change=_answered,
        args=(number,),
    )
    if number in answers:
        right = answers[number] == question.right
        said = "Yes." if right else f"The answer: {question.options[question.right].text}."
        show.quiet(f"{said} {question.why}")


def _answered(number: int) -> None:
    answers: dict[int, int] = st.session_state[RECALLED]
    answers[number] = st.session_state[f"story_recall_{number}"]
