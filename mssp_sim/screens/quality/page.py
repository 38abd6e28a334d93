"""The Quality page's parts: the ladder, what each point is worth, the years, the measures."""

from dataclasses import replace

import numpy as np
import streamlit as st

from mssp_sim import measures
from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import change, plain, rounded
from mssp_sim.measures import MeasureSet, PointsError
from mssp_sim.parameters import parameters
from mssp_sim.result import Result
from mssp_sim.screens.quality import builder
from mssp_sim.screens.quality import words as quality
from mssp_sim.screens.quality.pictures import ladder, value_of_points
from mssp_sim.screens.quality.words import Ladders
from mssp_sim.simulation import simulate
from mssp_sim.studies.quality_scores import Study, banded, loss_rate_moves, standards
from mssp_sim.studies.quality_scores import study as study_of
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
    study = study_of(result)
    tiles = quality.four_tiles(study, baseline)
    show.sentence(
        quality.headline(study), owed=owes(result), figures=quality.figures_of_headline(study)
    )
    show.tiles(tiles)
    first = quality.ladder_at_stake(result)
    points_now, fault = _points(result)
    worths = _worths(result, points_now)
    rows = standards(result)
    show.register(
        *quality.figures_of_standards(result, rows),
        *builder.figures_of_measures(result, points_now, worths),
    )
    pictures = [_ladder(study, baseline, first, main=True), _bars(study)]
    if loss_rate_moves(result):
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


def _ladder(study: Study, baseline: Result, which: Ladders, *, main: bool = False) -> Picture:
    title = quality.share_title(study) if which == "share" else quality.loss_title(study)
    words = quality.ladder_words(study, which)
    with st.container(gap="xxsmall"):
        show.title(title)
        told = f"{quality.headline(study)} {words}"
        picture = ladder(study, baseline, which, show.theme(), told, labelled=not main)
        show.picture(picture, key=f"ladder_{which}")
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            with st.container(width=WORDS if main else "stretch"):
                show.quiet(words + _bands_are_ours(study, which))
            if main:
                show.how()
    return picture


def _bands_are_ours(study: Study, which: Ladders) -> str:
    if which == "loss" or not banded(study.result):
        return ""
    return " The bands only help to read a score; CMS pays on the exact score."


def _bars(study: Study) -> Picture:
    words = quality.points_words(study)
    with st.container(gap="xxsmall"):
        show.title(quality.points_title(study))
        picture = value_of_points(study, show.theme(), words)
        show.picture(picture, key="value_of_points")
        show.quiet(words)
    return picture


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
    wanted = session.taken(STANDARD)
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
        show.quiet(builder.measure_words(made, most, float(np.nanmax(worths)), study))
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
        adds = f"1 point more: {change(float(worth))}" if scored else "not scored"
        if scored and rounded(float(worth), 2) == 0:
            adds = "1 point more: no money"
        if value >= high:
            adds = "all points"
        places[number % COLUMNS].slider(
            f"**{measure.short}** :gray[:small[· {show.literal(adds)}]]",
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
