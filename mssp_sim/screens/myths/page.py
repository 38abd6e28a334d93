"""The parts of the Myth lab: a belief, a bet, an experiment of two clicks, and the rule."""

import streamlit as st

from mssp_sim.app import lesson, live, mastered, show
from mssp_sim.charts import bet as pictures
from mssp_sim.charts.bet import Extra
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import money, needed_digits, percent, whole_dollars
from mssp_sim.learning import Myth, States, myth_order, myths, opening_states
from mssp_sim.learning.beliefs import only_above_the_minimum
from mssp_sim.learning.lever_line import lever_words
from mssp_sim.result import Result
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome

CARDS = myths()
ORDER = myth_order()
COURSE = lesson.MYTHS
NOT_THE_RULE = "Share only what lies above the minimum (not the rule)"
NOT_THE_CHARGE = "Charge only what lies past the minimum (not the rule)"


def draw() -> None:
    """Put the card the reader is at on the page."""
    progress = COURSE.progress
    card = CARDS[progress.at].filled(opening_states())
    shown = progress.revealed(progress.at)
    result = lesson.settled(COURSE, card, card.now if shown else card.before)
    lesson.begin()
    _where()
    words, place = st.columns([5, 8], gap="medium")
    with words:
        show.sentence(f"“{card.title}”", owed=False)
        lesson.bet(COURSE, card.question, card.options, (COURSE.key("click0"),))
        if progress.placed_at(progress.at):
            _experiment(card)
        if shown:
            _rule(card)
            lesson.free_move(COURSE, card, result)
    with place:
        _picture(card, result, shown=shown)
    mastered.draw()
    show.not_advice()
    live.probe()


def _where() -> None:
    position = COURSE.position
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            f"Belief {position + 1} of {len(ORDER)}",
            ORDER,
            index=position,
            key=COURSE.key("card"),
            format_func=lambda number: f"{ORDER.index(number) + 1} · {CARDS[number].title}",
            on_change=_choose,
            width=520,
        )
        following = ORDER[(position + 1) % len(ORDER)]
        st.button("Next belief", key="myth_next", on_click=COURSE.go, args=(following,))


def _choose() -> None:
    COURSE.put(COURSE.progress.moved(st.session_state[COURSE.key("card")]))


def _experiment(card: Myth) -> None:
    """Put the two clicks and the lever they move on the page."""
    st.markdown(f"**The experiment** :gray[· {lever_words(card.lever).label}]")
    with st.container(horizontal=True, gap="small"):
        for number, (words, preset) in enumerate(
            zip(card.clicks, (card.before, card.now), strict=True)
        ):
            st.button(
                show.escaped(f"{number + 1} · {words}"),
                key=COURSE.key(f"click{number}"),
                on_click=_clicked,
                args=(preset,),
            )
    shown = COURSE.progress.revealed(COURSE.progress.at)
    lesson.lever(
        COURSE,
        card,
        card.now if shown else card.before,
        lambda value: lesson.put_lever(COURSE, value),
        reach=card.reach,
        step=card.step,
    )
    if card.only_above:
        owed = opening_states()[card.now].result.payment < 0
        st.toggle(NOT_THE_CHARGE if owed else NOT_THE_RULE, key="only_above")


def _clicked(preset: str) -> None:
    card = CARDS[COURSE.progress.at]
    lesson.put_at(COURSE, card, opening_states()[preset])
    if preset == card.now:
        COURSE.put(COURSE.progress.shown())


def _rule(card: Myth) -> None:
    progress = COURSE.progress
    with st.container(border=True, key="myth_answer", gap="xsmall"):
        answer = f"{lesson.letter(card.right)} · {card.options[card.right].text}"
        st.markdown(f"**{show.escaped(answer)}**")
        said = lesson.reply(card, progress.bet(progress.at))
        if said:
            st.markdown(show.escaped(said))
        for head, text in (
            ("What you saw", card.saw),
            ("The rule", card.rule),
            ("When it is partly true", card.partly),
        ):
            st.markdown(f":gray[{head}.] {show.escaped(text)}")


def _picture(card: Myth, result: Result, *, shown: bool) -> None:
    """Put before and after on one picture, and the figures under it."""
    states, progress = opening_states(), COURSE.progress
    before = states[card.before]
    placed = progress.placed_at(progress.at)
    if card.shows != "curve":
        title, words, picture = lesson.own_picture(COURSE, card, known=placed, reach=card.reach)
    elif not placed:
        title, words, picture = _before_the_bet(card, states)
    else:
        title = lesson.title(before.result, result) if shown else lesson.trying(result)
        words = curve_description(result)
        said = f"{outcome(result)} {words}"
        drawn = curve(result, before.result)
        picture = pictures.whole(drawn, show.theme(), said, Extra(bet=_belief(card, result)))
    show.title(title)
    show.picture(picture, key="myth_payoff")
    show.quiet(words)
    rows = [_row(before.title, before.result)]
    if placed:
        rows += [_row("The lever now", result)]
        belief = _belief(card, result)
        if belief:
            rows.append(_row("By the belief, not the rule", result, paid=belief[1]))
        if shown:
            rows += [_row(states[name].title, states[name].result) for name in card.also]
    show.table(rows)
    if shown:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            lesson.use(COURSE, result.scenario, before.scenario)
            lesson.how(result)
    named = "payoff curve" if card.shows == "curve" else "picture of the lever"
    show.data((named, picture), key="myth_data")


def _before_the_bet(card: Myth, states: States) -> tuple[str, str, Picture]:
    """Return where the ACO stands before the experiment; the answer is in none of it."""
    before = states[card.before]
    drawn = curve(before.result, before.result)
    said = _paid(float(before.result.payment))
    spots = ((float(before.result.savings_rate), float(before.result.payment), said),)
    words = f"{before.title}: {said}. What the experiment does stays hidden until you bet."
    picture = pictures.partly(drawn, show.theme(), words, Extra(spots=spots), zone=False)
    return "Before the experiment", words, picture


def _belief(card: Myth, result: Result) -> tuple[float, float, str] | None:
    """Return what the belief would pay, where its switch is on."""
    if not (card.only_above and st.session_state.get("only_above")):
        return None
    dollars = only_above_the_minimum(result, result.rules)
    return float(result.savings_rate), dollars, f"not the rule: {money(dollars)}"


def _paid(payment: float) -> str:
    if payment < 0:
        return f"you owe {money(-payment)}"
    return f"you earn {money(payment)}" if payment else "nothing is paid or owed"


def _row(title: str, result: Result, *, paid: float | None = None) -> dict[str, str]:
    """Return the figures of one settlement."""
    rate, minimum = float(result.savings_rate), float(result.minimum_savings_rate)
    digits = needed_digits(percent, abs(rate), minimum)
    payment = float(result.payment) if paid is None else paid
    return {
        "": title,
        "Target": whole_dollars(result.benchmark),
        "Saved (minimum)": f"{percent(rate, digits)} ({percent(minimum, digits)})",
        "Earned": money(payment) if payment >= 0 else f"owes {money(-payment)}",
    }
