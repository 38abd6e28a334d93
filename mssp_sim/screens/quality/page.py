"""The Quality page's parts: the ladder, what each point is worth, the years, the measures."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from mssp_sim import measures
from mssp_sim.app import session, show
from mssp_sim.app.sentence_numbers import of_the_sentence
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import change, money, percent, plain, score, whole_dollars
from mssp_sim.measures import MeasureSet, PointsError
from mssp_sim.parameters import parameters
from mssp_sim.screens.quality import words as quality
from mssp_sim.screens.quality.pictures import ladder, value_of_points
from mssp_sim.screens.quality.words import Ladders, Study, YearsStandard
from mssp_sim.simulation import Result, simulate
from mssp_sim.trace import Step, ours, trace
from mssp_sim.units import Array
from mssp_sim.words.outcome import owes

PLACE = "points"
REFUSED = "points_refused"
STANDARD = "standard_here"
COLUMNS = 3
WORDS = 760
"""Pixels of the sentence under a ladder that leaves room for "How?"."""


def draw(result: Result, baseline: Result) -> None:
    """Put the Quality page on the page."""
    study = quality.study(result)
    tiles = quality.four_tiles(study, baseline)
    show.sentence(quality.headline(study), owed=owes(result))
    show.tiles(tiles)
    first = quality.ladder_at_stake(result)
    points_now, fault = _points(result)
    worths = _worths(result, points_now)
    rows = quality.standards(result)
    worked_out = partial(_all_numbers, study, baseline, rows, points_now, worths)
    pictures = [_ladder(study, baseline, first, worked_out), _bars(study)]
    if quality.loss_rate_moves(result):
        second: Ladders = "share" if first == "loss" else "loss"
        pictures.append(_ladder(study, baseline, second))
    years, standard = st.columns([2, 1], gap="medium")
    with years:
        show.title(quality.standards_title(rows, study.own))
        show.table(quality.standard_rows(rows, study.own))
        show.quiet(quality.standards_known(rows))
    with standard:
        _standard(study)
    _builder(study, points_now, worths, fault)
    names = ("ladder", "value of each point", "other ladder")
    show.data(*zip(names, pictures, strict=False))


def _ladder(
    study: Study, baseline: Result, which: Ladders, worked_out: show.Asked | None = None
) -> Picture:
    title = quality.share_title(study) if which == "share" else quality.loss_title(study)
    words = quality.ladder_words(study, which)
    with st.container(gap="xxsmall"):
        show.title(title)
        told = f"{quality.headline(study)} {words}"
        picture = ladder(study, baseline, which, show.theme(), told, labelled=worked_out is None)
        show.picture(picture, key=f"ladder_{which}")
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            with st.container(width="stretch" if worked_out is None else WORDS):
                show.quiet(words + _bands_are_ours(study, which))
            if worked_out:
                show.how(worked_out)
    return picture


def _bands_are_ours(study: Study, which: Ladders) -> str:
    if which == "loss" or not quality.banded(study.result):
        return ""
    return " The bands are ours; CMS pays on the exact score."


def _bars(study: Study) -> Picture:
    words = quality.points_words(study)
    with st.container(gap="xxsmall"):
        show.title(quality.points_title(study))
        picture = value_of_points(study, show.theme(), words)
        show.picture(picture, key="value_of_points")
        show.quiet(words)
    return picture


def numbers(study: Study, baseline: Result) -> list[show.Number]:
    """Return the tiles and the headline's figure with the steps that lead to each."""
    result = study.result
    share, left, distance, fourth = quality.four_tiles(study, baseline)
    how = trace(result).how
    rate = "final_sharing_rate" if share.label == "Your share" else "shared_loss_rate"
    found = [
        *of_the_sentence(result),
        show.Number("Paid to you, less owed", money(result.payment), partial(how, "payment")),
        show.Number(
            "Your share of losses, now",
            percent(result.shared_loss_rate),
            partial(how, "shared_loss_rate"),
        ),
        show.Number(share.label, share.value, partial(how, rate)),
        show.Number(left.label, left.value, partial(how, "left_on_the_table")),
        show.Number(distance.label, distance.value, lambda: _distance(study, distance.value)),
    ]
    if quality.banded(result):
        found.append(show.Number(fourth.label, fourth.value, lambda: _band(study, fourth.value)))
    else:
        found.append(show.Number(fourth.label, fourth.value, lambda: _next_point(study)))
    if study.moves:
        found.append(
            show.Number("The best score, against now", money(study.gain), lambda: _gain(study))
        )
    highest = quality.tower(study)
    if highest is not None:
        worth = quality.worth(float(study.value_of_points[highest]))
        label = f"The point from {highest} to {highest + 1}"
        found.append(show.Number(label, worth, lambda: _one_point(study, highest)))
    return found


def _all_numbers(
    study: Study,
    baseline: Result,
    rows: Sequence[YearsStandard],
    points_now: Array | None,
    worths: Array,
) -> list[show.Number]:
    return [
        *numbers(study, baseline),
        *_year_numbers(study.result, rows),
        *_measure_numbers(study.result, points_now, worths),
    ]


def _year_numbers(result: Result, rows: Sequence[YearsStandard]) -> list[show.Number]:
    def how(row: YearsStandard) -> tuple[Step, ...]:
        tried = replace(result.scenario, quality_performance_standard=row.standard)
        return trace(simulate(tried)).how("payment")

    return [
        show.Number(f"Under the standard of {row.years}", money(row.payment), partial(how, row))
        for row in rows
    ]


def _distance(study: Study, shown: str) -> tuple[Step, ...]:
    steps = trace(study.result).how("standard_met")
    if not study.stepped:
        return (*steps, ours("Full standard", "met or missed, whatever the score", "", shown))
    low, high = sorted((study.own, study.standard))
    numbers = f"{score(high, 2)} − {score(low, 2)}"
    return (*steps, ours("Distance to the standard", "score against standard", numbers, shown))


def _band(study: Study, shown: str) -> tuple[Step, ...]:
    words = (
        f"0: neither standard; 1 and 2: partial standard, under {score(quality.GOOD, 0)} and from "
        f"it on; 3 and 4: full standard, under {score(quality.EXCELLENT, 0)} and from it on"
    )
    steps = trace(study.result).how("standard_met")
    return (*steps, ours("Display band", words, f"score {quality.shown_score(study.own)}", shown))


def _next_point(study: Study) -> tuple[Step, ...]:
    return _one_point(study, min(int(study.own * 100 + quality.BESIDE), 99))


def _one_point(study: Study, start: int) -> tuple[Step, ...]:
    before, after = (float(study.payment_at_points[point]) for point in (start, start + 1))
    return (_difference(f"From {start} to {start + 1} points", after, before),)


def _gain(study: Study) -> tuple[Step, ...]:
    best = float(np.max(study.payment))
    now = trace(study.result).how("payment")
    name = f"A score of {quality.shown_score(study.best_score)}, against now"
    return (*now, _difference(name, best, float(study.result.payment)))


def _difference(name: str, after: float, before: float) -> Step:
    numbers = f"{whole_dollars(after)} − ({whole_dollars(before)})"
    if before >= 0:
        numbers = f"{whole_dollars(after)} − {whole_dollars(before)}"
    words = "payment then − payment before, all else equal"
    return ours(name, words, numbers, whole_dollars(after - before), after - before)


def _standard(study: Study) -> None:
    """Let the reader move the full standard, and put it back to the year's own."""
    result = study.result
    year = result.scenario.performance_year
    show.title("Try another full standard")
    session.offer(STANDARD, round(study.standard * 100, 6))
    st.number_input(
        "Full quality standard (quality performance standard)",
        0.0,
        100.0,
        step=0.1,
        format="%0.2f",
        key=STANDARD,
        on_change=_standard_moved,
    )
    own = result.scenario.quality_performance_standard
    st.button(
        f"Back to the standard of {year}",
        key="standard_back",
        type="tertiary",
        disabled=own is None,
        on_click=session.change,
        kwargs={"quality_performance_standard": None},
    )
    show.quiet(parameters()["quality_performance_standard"].meaning)
    if not study.stepped:
        show.quiet("On this result the line does not count: the standard is met or missed anyway.")


def _standard_moved() -> None:
    session.taken(STANDARD)
    wanted = st.session_state[STANDARD]
    if wanted is not None:
        session.change(quality_performance_standard=round(wanted / 100, 12))


def _points(result: Result) -> tuple[Array | None, str]:
    """Return the builder's points for the year's set, and what was wrong with a link's."""
    chosen = measures.measure_set(int(result.scenario.performance_year))
    if chosen is None:
        return None, ""
    text = session.place(PLACE)
    if text is None:
        return measures.preset("slip", chosen), ""
    try:
        return measures.read(text, chosen), ""
    except PointsError as refused:
        return measures.preset("slip", chosen), f"{refused} Until then the slip is shown."


def _builder(study: Study, now: Array | None, worths: Array, fault: str) -> None:
    """Let the reader build a score from its measures and use it."""
    result = study.result
    year = int(result.scenario.performance_year)
    chosen = measures.measure_set(year)
    if chosen is None or now is None:
        show.title(f"The measures of {year} are not built here")
        show.quiet(
            "Up to 2020 the score came from about thirty measures in four domains, each scored in "
            "its own way. Set the quality score with its lever instead."
        )
        return
    made = float(measures.composite_score(now))
    scored = int(np.sum(~np.isnan(now)))
    top = plain(measures.known().highest * scored, 0)
    with st.container(border=True, key="builder", gap="small"):
        earned = plain(float(np.nansum(now)), 1)
        show.title(f"Build a score: {earned} of {top} points make {quality.shown_score(made)}")
        _sliders(chosen, now, worths)
        refused = fault or st.session_state.get(REFUSED, "")
        if refused:
            st.markdown(f":red[{show.escaped(refused)}]")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                f"Use this score: {quality.shown_score(made)}",
                key="use_score",
                disabled=round(made, 6) == result.scenario.quality_score,
                on_click=session.change,
                kwargs={"quality_score": round(made, 6)},
            )
            for name, preset in measures.known().presets.items():
                st.button(
                    preset.title,
                    key=f"preset_{name}",
                    type="tertiary",
                    on_click=_remember,
                    args=(measures.preset(name, chosen), chosen),
                )
        most = measures.known().highest * scored
        show.quiet(quality.measure_words(made, most, float(np.nanmax(worths)), study))
        show.quiet(
            f"The {chosen.title} of {year}, {len(chosen.measures)} measures, "
            f"{chosen.citation.known}: {chosen.citation.source}. Illustrative: real points come "
            "from each measure's own benchmark, and bonus points are left out."
        )


def _worths(result: Result, now: Array | None) -> Array:
    """Return what one point more on each measure adds to the payment; NaN if not scored."""
    if now is None:
        return np.array([])
    tried = np.vstack([now, measures.one_point_more(now)])
    scores = np.round(measures.composite_score(tried), 6)
    paid = simulate(replace(result.scenario, quality_score=scores)).payment
    return np.where(np.isnan(now), np.nan, paid[1:] - paid[0])


def _sliders(chosen: MeasureSet, now: Array, worths: Array) -> None:
    low, high = measures.known().lowest, measures.known().highest
    places = st.columns(COLUMNS)
    usual = measures.preset("slip", chosen)
    for number, (measure, value, worth) in enumerate(
        zip(chosen.measures, now, worths, strict=True)
    ):
        key = f"points_{measure.number}"
        scored = not np.isnan(value)
        session.offer(key, float(value if scored else usual[number]))
        adds = f"+1: {change(float(worth))}" if scored else "not scored"
        if value >= high:
            adds = "all points"
        places[number % COLUMNS].slider(
            f"**{measure.short}** :gray[:small[· {show.escaped(adds)}]]",
            low,
            high,
            step=0.1,
            format="%.1f",
            key=key,
            disabled=not scored,
            on_change=_moved,
            args=(key, chosen),
            help=f"{measure.name}, measure {measure.number}"
            + (
                ". An outcome measure: one of these decides the partial standard." * measure.outcome
            ),
        )
    numbers = [measure.number for measure in chosen.measures]
    names = {measure.number: measure.short for measure in chosen.measures}
    left_out = [n for n, value in zip(numbers, now, strict=True) if np.isnan(value)]
    session.offer("points_unscored", left_out)
    st.pills(
        "Not scored (no benchmark yet, or fewer than 20 patients)",
        numbers,
        selection_mode="multi",
        format_func=names.__getitem__,
        key="points_unscored",
        on_change=_moved,
        args=("points_unscored", chosen),
    )


def _moved(key: str, chosen: MeasureSet) -> None:
    session.taken(key)
    left_out = st.session_state["points_unscored"]
    values = [
        np.nan if measure.number in left_out else st.session_state[f"points_{measure.number}"]
        for measure in chosen.measures
    ]
    _remember(np.array(values), chosen)


def _remember(wanted: Array, chosen: MeasureSet) -> None:
    """Keep points that make a score; say what is wrong with others."""
    text = measures.write(wanted, chosen)
    try:
        measures.read(text, chosen)
    except PointsError as refused:
        st.session_state[REFUSED] = f"{refused} The last valid points are kept."
        return
    st.session_state[REFUSED] = ""
    session.put(PLACE, text)


def _measure_numbers(result: Result, now: Array | None, worths: Array) -> list[show.Number]:
    """Return the builder's figures with the steps that lead to each."""
    if now is None:
        return []
    made = float(measures.composite_score(now))
    scored = int(np.sum(~np.isnan(now)))
    most = measures.known().highest

    def score_steps() -> tuple[Step, ...]:
        return (
            ours(
                "Score from measures",
                "points / (10 × scored measures), no bonus points",
                f"{plain(float(np.nansum(now)), 1)} / ({plain(most, 0)} × {scored})",
                quality.shown_score(made),
                made,
            ),
        )

    def point_steps() -> tuple[Step, ...]:
        more = min(made + 1 / (most * scored), 1.0)
        tried = np.round(np.array([made, more]), 6)
        before, after = simulate(replace(result.scenario, quality_score=tried)).payment
        name = f"Score {score(made, 2)} → {score(more, 2)}"
        return (*score_steps(), _difference(name, float(after), float(before)))

    best = float(np.nanmax(worths))
    return [
        show.Number("Score from measures", quality.shown_score(made), score_steps),
        show.Number("One point more on one measure", change(best), point_steps),
    ]
