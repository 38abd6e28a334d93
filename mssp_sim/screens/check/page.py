"""The parts of Check yourself: a question, its answers, why, and the result card.

The questions settle scenarios of their own and leave the desk as it is. What was answered stands
in the link and nowhere else.
"""

import streamlit as st

from mssp_sim.app import focus, lesson, live, mastered, session, show
from mssp_sim.charts import bet as pictures
from mssp_sim.charts.bet import Extra
from mssp_sim.figures import money
from mssp_sim.learning.check import RESULT, Asked, Sitting, question_order
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome

PLACE = "quiz"
ORDER = (*question_order(), RESULT)
ASKED = len(ORDER) - 1
ONCE_MORE = "_again"
CARDS = {"story": (lesson.STORY, "the story"), "myths": (lesson.MYTHS, "myth lab")}


def draw() -> None:
    """Put the question the reader is at, or the result card, on the page."""
    sitting = Sitting.read(session.place(PLACE))
    lesson.begin()
    _where(sitting)
    if sitting.progress.at == RESULT:
        _result(sitting)
    else:
        words, place = st.columns([5, 8], gap="medium")
        with words:
            _question(sitting)
        with place:
            _picture(sitting)
    _for_a_class(sitting)
    show.quiet(
        "Your answers are kept only in this page's address: not by us, not in a file. This is "
        "education, not advice. National spending and trends are estimates."
    )
    live.probe()


def _where(sitting: Sitting) -> None:
    at = sitting.progress.at
    position = ORDER.index(at)
    named = "result" if at == RESULT else f"question {position + 1} of {ASKED}"
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        again = ", a week later" if sitting.again else ""
        st.markdown(f":gray[Check yourself{again} ·] **{named}**", width="content")
        st.segmented_control(
            "Question",
            ORDER,
            default=at,
            key=f"quiz_step_{sitting.code}_{at}",
            format_func=lambda n: "Result" if n == RESULT else str(ORDER.index(n) + 1),
            label_visibility="collapsed",
            required=True,
            on_change=_jump,
            width="content",
        )


def _jump() -> None:
    sitting = Sitting.read(session.place(PLACE))
    _go(st.session_state[f"quiz_step_{sitting.code}_{sitting.progress.at}"])


def _go(at: int) -> None:
    sitting = Sitting.read(session.place(PLACE)).going_to(at)
    _put(sitting)
    focus.to(*(("quiz_next",) if sitting.progress.placed_at(at) else (_key(sitting, at),)))


def _key(sitting: Sitting, at: int, when: str = "") -> str:
    """Return the key of the answers to a question, open or given."""
    given = (sitting.second if when else sitting.progress).placed_at(at)
    return f"quiz_{'answered' if given else 'answer'}{when}_{sitting.code}_{at}"


def _put(sitting: Sitting) -> None:
    session.put(PLACE, sitting.written())


def _question(sitting: Sitting) -> None:
    at = sitting.progress.at
    asked = sitting.asked(at)
    question, chosen = asked.question, sitting.progress.bet(at)
    show.sentence(question.about, owed=False)
    st.markdown(show.escaped(question.question))
    key = _answers(sitting, asked, chosen)
    if chosen is not None:
        _explained(asked, chosen)
        if chosen != question.right:
            _once_more(sitting)
    _onward(sitting, key)


def _answers(sitting: Sitting, asked: Asked, chosen: int | None, when: str = "") -> str:
    """Put the answers on the page, open or as one was given; return their key."""
    question, key = asked.question, _key(sitting, sitting.progress.at, when)
    st.radio(
        "**Your answer**",
        range(len(question.options)),
        index=chosen,
        key=key,
        format_func=lambda n: f"{lesson.letter(n)} · {show.escaped(question.options[n].text)}",
        disabled=chosen is not None,
    )
    return key


def _explained(asked: Asked, chosen: int, key: str = "quiz_why") -> None:
    """Say what is right and why, and name the belief behind another answer."""
    question, right = asked.question, asked.question.right
    answer = f"{lesson.letter(right)} · {question.options[right].text}"
    with st.container(border=True, key=key, gap="xsmall"):
        lead = "Yes, it is" if chosen == right else "It is"
        st.markdown(f"{lead} **{show.escaped(answer)}**.")
        if chosen != right:
            belief = f"Behind {lesson.letter(chosen)} lies a common belief: “{asked.idea(chosen)}”"
            st.markdown(show.escaped(belief))
        st.markdown(show.escaped(question.why))


def _once_more(sitting: Sitting) -> None:
    """Ask a question that was missed again at once, in another situation."""
    at = sitting.progress.at
    asked, chosen = sitting.asked_once_more(at), sitting.second.bet(at)
    st.markdown(f"**Once more, in another situation.** {show.escaped(asked.question.question)}")
    key = _answers(sitting, asked, chosen, ONCE_MORE)
    if chosen is not None:
        _explained(asked, chosen, "quiz_why_again")
        return
    st.button(
        "Answer again",
        key="quiz_place_again",
        disabled=st.session_state.get(key) is None,
        on_click=_answer_again,
        args=(key,),
    )


def _answer_again(key: str) -> None:
    _put(Sitting.read(session.place(PLACE)).answering_once_more(st.session_state[key]))
    focus.to("quiz_next")


def _answer(key: str) -> None:
    sitting = Sitting.read(session.place(PLACE)).answering(st.session_state[key])
    _put(sitting)
    at = sitting.progress.at
    focus.to("quiz_next" if sitting.right_at(at) else _key(sitting, at, ONCE_MORE))


def _onward(sitting: Sitting, answer: str) -> None:
    at = sitting.progress.at
    position = ORDER.index(at)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not sitting.progress.placed_at(at):
            st.button(
                "Answer",
                key="quiz_place",
                disabled=st.session_state.get(answer) is None,
                on_click=_answer,
                args=(answer,),
            )
        if position:
            st.button("Back", key="quiz_back", on_click=_go, args=(ORDER[position - 1],))
        following = ORDER[position + 1]
        words = "See the result" if following == RESULT else "Next question"
        st.button(words, key="quiz_next", on_click=_go, args=(following,))
        if sitting.progress.placed_at(at):
            lesson.how(sitting.asked(at).now.result)


def _picture(sitting: Sitting) -> None:
    """Put the picture of the Simulator on the page; before the answer, without it."""
    asked = sitting.asked(sitting.progress.at)
    now, before = asked.now.result, asked.before.result
    if sitting.progress.placed_at(sitting.progress.at):
        title, words = lesson.title(before, now), curve_description(now)
        said = f"{outcome(now)} {words}"
        picture = pictures.whole(curve(now, before), show.theme(), said, Extra())
    else:
        title, words = "Where does the dot land?", "The answer stays hidden until you give yours."
        rate, paid = float(before.savings_rate), float(before.payment)
        spots: tuple[tuple[float, float, str], ...] = ()
        if asked.before is not asked.now:
            said = f"you owe {money(-paid)}" if paid < 0 else f"you earn {money(paid)}"
            spots = ((rate, paid, f"before: {said}"),)
            words = f"Before: {said}. {words}"
        extra = Extra(ask=rate, spots=spots)
        picture = pictures.partly(curve(before, before), show.theme(), words, extra, zone=False)
    show.title(title)
    show.picture(picture, key="quiz_payoff")
    show.quiet(words)
    show.data(("payoff curve", picture), key="quiz_data")


def _result(sitting: Sitting) -> None:
    answered = sitting.answered()
    show.sentence(_headline(sitting), owed=False)
    with st.container(border=True, key="quiz_card", gap="small"):
        if answered:
            show.table([_row(sitting, number) for number in answered])
        open_ones = [n for n in ORDER[:-1] if n not in answered]
        if open_ones:
            numbers = ", ".join(str(ORDER.index(n) + 1) for n in open_ones)
            st.markdown(show.escaped(f"Still open: {numbers}. They wait where you left them."))
            st.button("Go on", key="quiz_go_on", on_click=_go, args=(open_ones[0],))
        _worth_another_look(sitting)
    mastered.draw()
    if not open_ones:
        _a_week_later(sitting)


def _headline(sitting: Sitting) -> str:
    right, answered = sitting.right(), len(sitting.answered())
    if not answered:
        return f"No question is answered yet; {ASKED} wait."
    if answered < ASKED:
        return f"{right} right of {answered} answered; {ASKED - answered} to go."
    if right == ASKED:
        return f"{ASKED} of {ASKED}: you know where the cliffs are."
    return f"{right} of {ASKED}. Each other answer is a belief worth a second look."


def _row(sitting: Sitting, number: int) -> dict[str, str]:
    question, chosen = sitting.asked(number).question, sitting.progress.bet(number)
    said = "" if chosen is None else question.options[chosen].text
    right = question.options[question.right].text
    return {
        "Question": f"{ORDER.index(number) + 1} · {question.about}",
        "You said": said,
        "It is": "as you said" if chosen == question.right else right,
        "Once more": _ONCE_MORE[sitting.right_once_more(number)],
    }


_ONCE_MORE = {True: "right", False: "missed", None: "–"}


def _worth_another_look(sitting: Sitting) -> None:
    """Name each belief that was met, with the lesson that tries it."""
    met = [
        asked
        for number, asked in ((n, sitting.asked(n)) for n in sitting.answered())
        if sitting.progress.bet(number) != asked.question.right
    ]
    if not met:
        return
    st.markdown("**Worth another look**")
    row = st.container(horizontal=True, gap="small")
    for asked in met:
        name, _, at = asked.puzzle.read.partition(":")
        course, title = CARDS[name]
        words = f"{asked.question.about}: {title}"
        if row.button(show.escaped(words), key=f"quiz_read_{asked.puzzle.name}"):
            course.put(course.progress.moved(int(at)))
            st.switch_page(f"pages/{name}.py")


def _a_week_later(sitting: Sitting) -> None:
    later = sitting.later()
    st.markdown(
        "**In a week.** What is asked again after some days is kept. This link asks the same "
        "questions in new situations; put it in your calendar."
    )
    st.code(address(later.code), language=None)
    st.button("Ask me now", key="quiz_later", type="tertiary", on_click=_put, args=(later,))


def _for_a_class(sitting: Sitting) -> None:
    with st.expander("For a class", key="quiz_class"):
        st.markdown("Everyone who opens this link gets these questions, with no answer given yet.")
        st.code(address(sitting.code), language=None)


def address(code: str) -> str:
    """Return the address of this page with the questions of a sitting and nothing else."""
    here = (st.context.url or "").partition("?")[0]
    return f"{here}?{PLACE}={code}"
