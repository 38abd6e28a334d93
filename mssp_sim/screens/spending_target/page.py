"""The parts of Spending target: steps, blend, share, risk, own effect, tables by type."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture
from mssp_sim.result import Result
from mssp_sim.scenario import quantities
from mssp_sim.screens.spending_target import blend_picture as blend
from mssp_sim.screens.spending_target import by_type, figures, region_words, words
from mssp_sim.screens.spending_target import lines_picture as target_lines
from mssp_sim.screens.spending_target import steps_picture as target_steps
from mssp_sim.studies import target_split as target_parts
from mssp_sim.studies.target_split import Split, split
from mssp_sim.target import market_share_in_all, years_from_by3
from mssp_sim.units import Array

SHARES = np.round(np.append(0.01, np.arange(0.02, 0.905, 0.02)), 2)
HALF = 0.5
DISCARDED = "discarded"


def draw(result: Result, baseline: Result) -> None:
    """Put the page of the spending target on the screen."""
    parts = split(result)
    show.sentence(words.headline(parts), owed=False)
    show.tiles(figures.tiles(result, baseline, parts))
    if why_they_differ := words.heads_and_years(result):
        show.quiet(why_they_differ)
    show.register(*figures.of_the_steps(result, parts))
    steps_place, share_place = st.columns([3, 2], gap="medium")
    with steps_place, st.container(gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", key="top_steps"):
            with st.container(width="content"):
                show.title(words.steps_title(parts, result))
            how_place = st.container(width="content")
        steps_picture = _steps(result, parts)
    with share_place, st.container(gap="xsmall"):
        share_picture, lean = _share(result, parts)
        blend_picture = _blend(result, parts)
    risk_place, own_place = st.columns(2, gap="medium")
    with risk_place:
        risk_picture = _risk(result, parts)
    with own_place:
        own_picture, drag = _own_effect(result, parts)
    effects = words.effects(parts, result.scenario, drag, lean)
    region_place, effects_place = st.columns(2, gap="medium")
    with region_place:
        region_picture = _region_risk(result, parts)
    with effects_place:
        _six_effects(effects)
    with how_place:
        show.how()
    show.register(*figures.of_the_effects(result, parts, effects, drag, lean))
    tables = st.expander("By enrollment type: edit the tables", key="by_type", on_change="rerun")
    if tables.open:
        with tables:
            _by_type(result)
    show.data(
        ("steps to the target", steps_picture),
        ("blend", blend_picture),
        ("market share", share_picture),
        ("risk growth", risk_picture),
        ("own effect", own_picture),
        *((("region's risk growth", region_picture),) if region_picture else ()),
    )
    show.not_advice()


def _steps(result: Result, parts: Split) -> Picture:
    said = words.steps_description(parts)
    rows = words.pieces(parts, result.scenario)
    picture = target_steps.target_steps(rows, show.theme(), f"{words.headline(parts)} {said}")
    show.picture(picture, key="target_steps")
    show.quiet(said)
    return picture


def _blend(result: Result, parts: Split) -> Picture:
    show.title(words.blend_title(parts))
    said = words.blend_description(parts, result.scenario)
    picture = blend.blend(words.blend(parts), show.theme(), said)
    show.picture(picture, key="blend")
    show.quiet(said)
    return picture


def _share(result: Result, parts: Split) -> tuple[Picture, words.Lean]:
    share = float(market_share_in_all(result.scenario))
    swept = target_parts.by_share(result, _with(SHARES, share))
    lean = words.lean(swept, share)
    show.title(words.share_title(lean))
    said = words.share_description(lean, parts, result.scenario)
    without = None
    if result.scenario.own_effect:
        without = target_parts.by_share(result, swept.at, own_effect=False).growth
    picture = target_lines.share(
        swept.at,
        swept.growth,
        (share, parts.update),
        show.theme(),
        f"{words.share_title(lean)}. {said}",
        without=without,
    )
    show.picture(picture, key="share")
    show.quiet(said)
    return picture, lean


def _risk(result: Result, parts: Split) -> Picture:
    show.title(words.risk_title(parts))
    in_all = bool(result.rules.risk_growth_capped_in_all)
    said = words.risk_description(parts, result.scenario, in_all=in_all)
    low, high = quantities()["risk_growth"].slider
    own = float(result.scenario.risk_growth)
    at_the_cap = (1 + parts.risk_bound) ** (1 / years_from_by3(result.scenario)) - 1
    rates = np.linspace(min(low, own), max(high, own), 29)
    swept = target_parts.by_risk(result, _with(_with(rates, own), at_the_cap))
    picture = target_lines.risk(
        swept.growth,
        swept.counted,
        (parts.risk_growth, parts.risk_counted),
        parts.risk_bound,
        show.theme(),
        f"{words.risk_title(parts)}. {said}",
    )
    show.picture(picture, key="risk")
    show.quiet(said)
    return picture


def _region_risk(result: Result, parts: Split) -> Picture | None:
    """Put the region's risk growth against its cap on the page; words alone where it has none."""
    found = target_parts.region_risk(result)
    said = region_words.description(found, parts, result.scenario)
    title = region_words.title(found)
    show.title(title)
    show.register(*figures.of_the_region(result, found))
    picture = None
    if found is not None:
        low, high = quantities()["regional_risk_growth"].slider
        own = float(result.scenario.regional_risk_growth)
        rates = _with(np.linspace(min(low, own), max(high, own), 29), own)
        swept = target_parts.by_region_risk(result, rates)
        picture = target_lines.region_risk(
            swept.growth,
            swept.counted,
            (found.growth, (1 + found.growth) / found.factor - 1),
            (found.own_cap, found.cap),
            show.theme(),
            f"{title}. {said}",
        )
        show.picture(picture, key="region_risk")
    show.quiet(said)
    return picture


def _own_effect(result: Result, parts: Split) -> tuple[Picture, float]:
    s = result.scenario
    share = float(market_share_in_all(s))
    at = _with(SHARES, share)
    drags = target_parts.own_drag(result, at)
    own, worst = (float(np.interp(x, at, drags)) for x in (share, HALF))
    show.title(words.drag_title(own, counted=bool(s.own_effect)))
    adjustment = 0.0
    if s.regional_level:
        counting, leaving = (
            target_parts.with_own_effect(result, counted=counted) for counted in (True, False)
        )
        adjustment = counting - leaving - own
    said = words.drag_description(own, worst, parts, s, adjustment=adjustment)
    picture = target_lines.drag(
        at,
        drags * parts.person_years,
        (share, own * parts.person_years),
        show.theme(),
        f"{words.drag_title(own, counted=bool(s.own_effect))}. {said}",
        counted=bool(s.own_effect),
    )
    show.picture(picture, key="own_drag")
    session.offer("page_own_effect", bool(s.own_effect))
    st.toggle(quantities()["own_effect"].label, key="page_own_effect", on_change=_count_own_effect)
    show.quiet(said)
    return picture, own


def _count_own_effect() -> None:
    session.change(own_effect=session.taken("page_own_effect"))


def _six_effects(effects: Sequence[words.TargetEffect]) -> None:
    show.title("Six effects that move a target, in dollars per person now")
    show.table(
        [
            {"Effect": effect.name, "Here": effect.here, "Per person": effect.shown}
            for effect in effects
        ]
    )


def _with(values: Array, own: float) -> Array:
    """Return values in order with one more among them."""
    return np.unique(np.append(values, own))


def _by_type(result: Result) -> None:
    """Put every table on the page, and what the rule makes of them by type."""
    found = by_type.sheets(result.scenario, result.target)
    names = list(found)
    *halves, whole = names
    for pair in (halves[:2], halves[2:4], halves[4:]):
        for name, place in zip(pair, st.columns(2, gap="medium"), strict=False):
            with place:
                _editor(name, found[name])
    _editor(whole, found[whole])
    st.markdown("**What the rule makes of them**")
    show.table(by_type.steps(result))


def _editor(name: str, sheet: by_type.TypeTable) -> None:
    """Draw one table.

    Its key follows its values: what was typed stays while it cannot be settled, and is gone as
    soon as the scenario has it.
    """
    state: dict[str, int] = st.session_state.setdefault(DISCARDED, {})
    key = f"sheet_{name}_{hash(sheet.values.tobytes()):x}_{state.get(name, 0)}"
    st.markdown(f"**{show.escaped(sheet.name)}**")
    st.data_editor(
        sheet.frame(),
        key=key,
        on_change=_commit,
        args=(name, key, sheet),
        column_config={
            year: st.column_config.NumberColumn(year, format=sheet.form) for year in sheet.years
        },
    )
    edits: by_type.Edits = st.session_state[key]["edited_rows"]
    if edits:
        said = by_type.fault(name, sheet, edits, session.scenario())
        st.markdown(f":red[{show.escaped(said)} The last valid result is kept.]")
        st.button("Put the table back", key=f"discard_{name}", on_click=_discard, args=(name,))
    elif sheet.note:
        show.quiet(sheet.note)


def _commit(name: str, key: str, sheet: by_type.TypeTable) -> None:
    edits: by_type.Edits = st.session_state[key]["edited_rows"]
    if not by_type.fault(name, sheet, edits, session.scenario()):
        session.change(**by_type.fields(name, sheet.edited(edits)))


def _discard(name: str) -> None:
    state: dict[str, int] = st.session_state[DISCARDED]
    state[name] = state.get(name, 0) + 1
