"""The parts of Luck: two hundreds of little years, the dollars of many, how sure you are."""

from dataclasses import replace

import numpy as np
import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import money
from mssp_sim.result import Result
from mssp_sim.scenario import quantities
from mssp_sim.screens.luck import pictures as charts
from mssp_sim.screens.luck import words
from mssp_sim.simulation import simulate
from mssp_sim.studies.luck import (
    MOST_DOUBT,
    Doubt,
    DoubtError,
    Odds,
    Outlook,
    chances,
    implied_spread,
    of_a_hundred,
    outlook,
    read_doubt,
    write_doubt,
    year_spread,
)
from mssp_sim.studies.luck import odds as odds_of

PLACE, KNOWN = "luck", "drawn_years"
SIZES = (5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 100_000)
LABELS = {"trend": "Trend around you", "risk": "Risk growth", "quality": "Quality score"}
HELP = {
    "trend": "One standard deviation, points a year: nation and region grow faster or slower than "
    "expected, and you do not.",
    "risk": "One standard deviation, points a year.",
    "quality": "One standard deviation, points of the score.",
}
DOUBT_STEP = {"trend": 0.1, "risk": 0.1, "quality": 0.5}


def draw(result: Result, baseline: Result) -> None:
    """Put the page of luck on the screen."""
    del baseline
    doubt, fault = _doubt()
    odds = odds_of(result)
    asked = (result.scenario, doubt)
    found = session.once(KNOWN, asked, lambda: outlook(*asked))
    show.sentence(words.headline(result, odds), owed=False)
    show.register(words.true_rate(result, odds), words.implied(odds))
    if fault:
        show.quiet(words.unreadable(fault))
    show.tiles(words.tiles(result, odds))
    show.register(*words.drawn_figures(found))
    years_place, dollars_place = st.columns([3, 2], gap="medium")
    with years_place:
        hundreds = _hundreds(result, odds)
    with dollars_place:
        spread = _spread(result, odds, found)
    _sliders(doubt)
    show.quiet(words.bound(odds))
    show.quiet(words.two_spreads(odds))
    _by_size(result, odds)
    show.data(("hundred years", hundreds), ("dollars drawn", spread), key="luck_data")
    show.quiet("This is education, not advice.")


def _doubt() -> tuple[Doubt, str]:
    try:
        return read_doubt(session.place(PLACE)), ""
    except DoubtError as fault:
        return Doubt(), str(fault)


def _hundreds(result: Result, odds: Odds) -> Picture:
    show.title(words.hundreds_title(odds))
    said = words.hundreds_description(result, odds)
    two = [
        charts.Hundred(name, short, *of_a_hundred(found), words.counts(found))
        for (name, short), found in zip(
            words.panel_names(result, odds), (odds.without, odds.own), strict=True
        )
    ]
    picture = charts.hundreds(two, show.theme(), f"{words.headline(result, odds)} {said}")
    show.picture(picture, key="luck_years")
    show.quiet(words.HOW_TO_READ)
    return picture


def _spread(result: Result, odds: Odds, found: Outlook) -> Picture:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        show.title(words.outlook_title(found))
        show.how(key="luck_how")
    said = words.outlook_description(found)
    spread = charts.Spread(
        payment=found.payment,
        here=float(result.payment),
        here_shown=words.here(result),
        nothing_shown=words.nothing(found),
        money=money,
    )
    picture = charts.outlook(spread, show.theme(), said)
    show.picture(picture, key="luck_dollars")
    show.quiet(f"{said} {words.beside_the_hundreds(odds, found)}".rstrip())
    return picture


def _sliders(doubt: Doubt) -> None:
    """Put the size, and how unsure next year is, on the page.

    A slider shows what is offered. It is given its low end too: Streamlit would otherwise read
    every widget of the session to learn which kind of slider it is.
    """
    people, *doubts = st.columns([3, 2, 2, 2], gap="small")
    with people:
        _size()
    for (name, label), place in zip(LABELS.items(), doubts, strict=True):
        key = f"luck_{name}"
        session.offer(key, round(float(getattr(doubt, name)) * 100, 6))
        place.slider(
            f"{label} ±", 0.0, MOST_DOUBT[name] * 100, 0.0, step=DOUBT_STEP[name], format="%.1f",
            key=key, help=HELP[name], on_change=_put, args=(doubt, name, key),
        )  # fmt: skip


def _size() -> None:
    declared = quantities()["assigned_beneficiaries"]
    people = float(session.scenario().assigned_beneficiaries)
    low, high = min(declared.slider[0], people), max(declared.slider[1], people)
    session.offer("luck_people", people)
    st.slider(
        declared.label, float(low), float(high), float(low), step=float(declared.step),
        format="%,.0f", key="luck_people", on_change=_resize,
    )  # fmt: skip


def _resize() -> None:
    session.change(assigned_beneficiaries=float(session.taken("luck_people")))


def _put(doubt: Doubt, name: str, key: str) -> None:
    value = round(float(session.taken(key)) / 100, 12)
    session.put(PLACE, write_doubt(replace(doubt, **{name: value})))


def _by_size(result: Result, odds: Odds) -> None:
    """Put the same chances for other sizes under the page, folded away."""
    folded = st.expander("The same chances by size", key="luck_sizes", on_change="rerun")
    if not folded.open:
        return
    sized = replace(result.scenario, assigned_beneficiaries=np.array(SIZES))
    with folded:
        show.table(
            words.by_size(
                SIZES,
                year_spread(np.array(SIZES)),
                implied_spread(np.array(SIZES)),
                simulate(sized).minimum_savings_rate,
                chances(sized, 0.0),
                chances(sized, odds.true_rate),
            )
        )
