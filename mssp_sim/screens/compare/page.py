"""Compare's parts: up to four columns on one scale, and what moved the money between two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.moved import Moving, moved
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import as_shown, change, rounded
from mssp_sim.link import KEPT
from mssp_sim.parameters import LEVELS
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.screens.compare.pictures import Mini, minis
from mssp_sim.simulation import payoff, simulate
from mssp_sim.studies.levers import GROUPS
from mssp_sim.studies.moved import Moved
from mssp_sim.studies.moved import moved as what_moved
from mssp_sim.studies.payoff_curve import grid, window
from mssp_sim.studies.tradeoff import cost_reduction_for
from mssp_sim.target import spending
from mssp_sim.words import compare as words
from mssp_sim.words.compare import BASELINE, NOW, ChangeBar, Column

PLACE = "compare"
OVERSPENT = -0.04
MOST_IN_A_ROW = 3


def draw(result: Result, baseline: Result) -> None:
    """Put Compare on the page."""
    columns = _columns(result, baseline)
    if len(columns) < 2:  # noqa: PLR2004
        _empty()
        return
    other = _other(columns)
    what = _moved(columns[0].scenario, other.scenario)
    bars = words.bars(what, columns[0].scenario, other.scenario)
    show.sentence(words.headline(columns, other, what), owed=False)
    curves = _cards(columns)
    bridge = _bridge(columns, other, what, bars)
    _examples()
    named = [(f"curve of {c.name}", p) for c, p in zip(columns, curves, strict=True)]
    show.data(("bridge of what moved", bridge), *named)


def _columns(result: Result, baseline: Result) -> list[Column]:
    """Return the columns: what was put aside, then what is in the levers.

    Until two are put aside the baseline comes first. No scenario stands twice.
    """
    known = {words.SLIP: session.opening().scenario, words.GOOD: session.opening().baseline}
    kept = session.kept()
    named = words.names(kept, baseline.scenario, known)
    found = [Column(named[letter], _settled(aside), letter) for letter, aside in kept.items()]
    if len(found) < 2 and baseline.scenario not in kept.values():  # noqa: PLR2004
        found.insert(0, Column(BASELINE, baseline))
    there = [column.scenario for column in found]
    return found if result.scenario in there else [*found, Column(NOW, result)]


@lru_cache(maxsize=64)
def _settled(scenario: Scenario) -> Result:
    return simulate(scenario)


@lru_cache(maxsize=64)
def _moved(first: Scenario, other: Scenario) -> Moved:
    return what_moved(first, other)


def _other(columns: Sequence[Column]) -> Column:
    """Return the column the first one is led to: the one asked for, else the last."""
    asked = session.place(PLACE)
    by_key = {_key(column): column for column in columns[1:]}
    return by_key.get(asked or "", columns[-1])


def _key(column: Column) -> str:
    return column.letter or column.name


def _empty() -> None:
    """Say what Compare does, and offer something to compare."""
    show.sentence("Nothing to compare yet: the levers are at the baseline.", owed=False)
    st.markdown(
        "Move a lever and this page compares the result with the baseline. "
        "Or begin with one of these; Undo reverses it."
    )
    _examples()


def _examples() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="examples"):
        st.markdown(":gray[:small[Put side by side]]", width="content")
        start = session.opening()
        st.button(
            "The story's two years",
            key="compare_story",
            on_click=_put_aside,
            args=({"A": start.baseline, "B": start.scenario},),
        )
        first, second = _contracts(session.scenario())
        st.button(
            f"{first} against {second}, overspent 4%",
            key="compare_contracts",
            help="Your scenario with 4% overspent, under each contract",
            on_click=_overspent,
        )
        if session.kept():
            st.button(
                "Clear", key="compare_clear", type="tertiary", on_click=_put_aside, args=({},)
            )


def _contracts(scenario: Scenario) -> tuple[str, str]:
    return ("E", "ENHANCED") if scenario.level in LEVELS else ("2", "3")


def _overspent() -> None:
    now = session.scenario()
    cut = cost_reduction_for(now, OVERSPENT)
    sides = [replace(now, level=level, cost_reduction=cut) for level in _contracts(now)]
    _put_aside(dict(zip("AB", sides, strict=True)))


def _put_aside(kept: Mapping[str, Scenario]) -> None:
    """Put these scenarios aside in place of all others, as one change."""
    session.put(PLACE, max(kept, default=None))
    session.commit(replace(session.history().now, kept=dict(kept)))


def _cards(columns: Sequence[Column]) -> tuple[Picture, ...]:
    curves = _minis(tuple(column.scenario for column in columns))
    said = [words.describe_curves([column]) for column in columns]
    pictures = minis(curves, show.theme(), said)
    wide = len(columns) if len(columns) <= MOST_IN_A_ROW else 2
    rows = (len(columns) + wide - 1) // wide
    places = [place for _ in range(rows) for place in st.columns(wide, gap="small")]
    for place, column, picture in zip(places[: len(columns)], columns, pictures, strict=True):
        with place, st.container(border=True, gap="xxsmall"):
            _head(column, columns)
            show.picture(picture, key=f"curve_{_key(column)}")
            held = words.values(column, columns)
            said_values = " · ".join(
                f"**{show.escaped(text)}**" if differs else show.escaped(text)
                for text, differs in held
            )
            st.markdown(f":small[{said_values}]")
    return pictures


def _head(column: Column, columns: Sequence[Column]) -> None:
    """Draw a column's name, its payment, its difference from the first, and what to do with it."""
    colour = "red" if column.payment < 0 else "blue"
    text = (
        f"**{show.escaped(column.name)}** :{colour}[**{show.escaped(words.paid(column.payment))}**]"
    )
    if column is not columns[0]:
        difference = as_shown(column.payment, columns[0].payment)
        text += (
            f" :gray[{show.escaped(change(difference) if rounded(difference, 2) else 'the same')}]"
        )
    row = st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="xxsmall",
    )
    with row:
        st.markdown(text, width="content")
        with st.container(horizontal=True, width="content", gap="xxsmall"):
            _buttons(column)


def _buttons(column: Column) -> None:
    key = _key(column)
    if column.letter:
        show.icon_button(
            "tune", f"Put {column.spoken} into the levers", f"load_{key}", type="tertiary",
            width=show.ICON_WIDTH, on_click=session.take_up, args=(column.scenario,),
        )  # fmt: skip
        show.icon_button(
            "close", f"Remove {column.spoken}", f"drop_{key}", type="tertiary",
            width=show.ICON_WIDTH, help=f"Remove {column.spoken}; Undo brings it back",
            on_click=session.drop, args=(column.letter,),
        )  # fmt: skip
        return
    free = [letter for letter in KEPT if letter not in session.kept()]
    if free:
        st.button(
            "Keep", key=f"keep_{key}", type="tertiary",
            help="Put it aside, to compare it with what comes next",
            on_click=session.keep, args=(free[0], column.scenario),
        )  # fmt: skip


@lru_cache(maxsize=32)
def _minis(scenarios: tuple[Scenario, ...]) -> tuple[Mini, ...]:
    """Return the small curves of scenarios, all over one range of savings rates."""
    results = [_settled(scenario) for scenario in scenarios]
    targets = [r.target for r in results]
    rates = [
        1 - float(spending(s, t) / t.benchmark) for s, t in zip(scenarios, targets, strict=True)
    ]
    edges = [float(r.minimum_savings_rate) * side for r in results for side in (1, -1)]
    over = grid(window(*rates), *edges)
    dots = [(rate, float(r.payment)) for rate, r in zip(rates, results, strict=True)]
    return tuple(
        Mini(
            savings_rate=over,
            payment=np.asarray(payoff(r.scenario, over, target).payment),
            payment_at_full_quality=np.asarray(
                payoff(
                    replace(r.scenario, quality_standard_met=True, quality_score=1.0), over, target
                ).payment
            ),
            here=dot,
            first=dots[0] if dot is not dots[0] else None,
            minimum_savings_rate=float(r.minimum_savings_rate),
            minimum_loss_rate=float(r.minimum_loss_rate) if r.two_sided else None,
        )
        for r, target, dot in zip(results, targets, dots, strict=True)
    )


def _bridge(
    columns: Sequence[Column], other: Column, what: Moved, bars: Sequence[ChangeBar]
) -> Picture:
    first = columns[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="moved_head"):
        with st.container(width="content"):
            show.title(f"What moved the money from {first.spoken} to {other.spoken}")
        if len(columns) > 2:  # noqa: PLR2004
            _choose(columns[1:], other)
        show.how()
    show.register(*words.figures(columns, what, bars))
    said = words.describe((first.name, other.name), what, bars)
    picture = moved(_rows(first, other, bars), show.theme(), said)
    show.picture(picture, key="moved")
    show.quiet(words.notes(what))
    return picture


def _choose(others: Sequence[Column], other: Column) -> None:
    key = "compare_with"
    names = {_key(column): column.name for column in others}
    session.offer(key, _key(other))
    st.segmented_control(
        "Compare with",
        list(names),
        key=key,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(key,),
    )


def _chosen(key: str) -> None:
    session.put(PLACE, session.taken(key))


def _rows(first: Column, other: Column, bars: Sequence[ChangeBar]) -> list[Moving]:
    rows = [_end(first)]
    for group in GROUPS:
        own = [bar for bar in bars if bar.group == group]
        if own:
            rows.append(Moving(group, group, 0.0, "", "group"))
            rows += [Moving(b.label, b.short, b.dollars, b.shown, "change") for b in own]
    return [*rows, _end(other)]


def _end(column: Column) -> Moving:
    payment = column.payment
    return Moving(column.name, column.name, payment, words.paid(payment), "total")
