"""One lever for a scenario that is not the desk's: a lesson's own, live where the browser can."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mssp_sim.app import levers, live, session
from mssp_sim.link import PERCENT
from mssp_sim.quantity import Quantity
from mssp_sim.scenario import quantities

Moved = Callable[[Any], None]
WIDTH = 300


def draw(
    key: str,
    name: str,
    value: Any,  # noqa: ANN401
    moved: Moved,
    *,
    words: Quantity | None = None,
    reach: tuple[float, float] | None = None,
    step: float | None = None,
) -> None:
    """Draw one lever.

    Parameters
    ----------
    key : of the widget
    name : the field it moves
    value : what it shows, in units of the core
    moved : called with the new value, in units of the core
    words : what it is called and how far it reaches, where it moves no field of a scenario
    reach, step : ends and step in units of the core; the field's own if not given
    """
    words = words or quantities()[name]
    if words.kind == "choice":
        _choice(key, name, value, moved)
        return
    scale = 100 if words.kind in PERCENT else 1
    low, high = (float(round(end * scale, 6)) for end in reach or words.slider)
    value = float(round(value * scale, 6))
    ends = min(low, value), max(high, value)
    by = float(round((step or words.step) * scale, 6))

    def hear(shown: float) -> None:
        moved(round(shown / scale, 12))

    if live.alive():
        lever = live.Lever(
            name=key,
            label=words.label,
            value=value,
            ends=ends,
            step=by,
            unit="%" if words.kind == "rate" else "",
            note="",
            moved=lambda move: hear(move.value),
        )
        live.levers(key, [lever], WIDTH)
        return
    session.offer(key, value)
    st.slider(
        f"**{words.label}**",
        *ends,
        step=by,
        format=_format(words.kind, by),
        key=key,
        on_change=_commit,
        args=(key, hear),
        width=WIDTH,
    )


def _choice(key: str, name: str, value: Any, moved: Moved) -> None:  # noqa: ANN401
    options = ("E", "ENHANCED") if name == "level" else tuple(levers.ELECTIONS)
    if value not in options:
        options = (value, *options)
    session.offer(key, value)
    st.segmented_control(
        f"**{quantities()[name].label}**",
        options,
        key=key,
        format_func=str if name == "level" else levers.ELECTIONS.__getitem__,
        required=True,
        on_change=_commit,
        args=(key, moved),
    )


def _commit(key: str, hear: Moved) -> None:
    hear(session.taken(key))


def _format(kind: str, step: float) -> str:
    if kind == "count":
        return "%,.0f"
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2  # noqa: PLR2004
    return f"%.{digits}f" + ("%%" if kind == "rate" else "")
