"""The browser's window: its history, the links to pages, and on a phone the way to the levers."""

from pathlib import Path
from typing import Any

import streamlit as st

from mssp_sim.app import session
from mssp_sim.result import Result
from mssp_sim.words.outcome import of_simulator
from mssp_sim.words.tiles import earned_tile, left_tile

KEY = "window"
OPEN_LEVERS = "Change the levers"
_FOLDER = Path(__file__).parent


def _component() -> Any:  # noqa: ANN401  (Streamlit's renderer)
    html, css, js = (
        (_FOLDER / f"window.{kind}").read_text("utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component(KEY, html=html, css=css, js=js)


_mount = _component()


def draw(result: Result, baseline: Result, *, levers: bool, own: bool = False) -> None:
    """Put on a page what only a script in the browser can do; without one the page is whole.

    Parameters
    ----------
    levers : whether the page has levers, which a phone keeps in a drawer
    own : whether the page's headline is another answer than the Simulator's
    """
    figures = "" if session.curtain() else _figures(result, baseline, own=own)
    _mount(
        key=KEY,
        data={"figures": figures, "open": OPEN_LEVERS} if levers else {"ask": True},
        on_alive_change=_heard,
    )


def _figures(result: Result, baseline: Result, *, own: bool) -> str:
    earned = earned_tile(result, baseline)
    if own:
        return of_simulator(f"{earned.label} {earned.shown}")
    return f"{earned.label} {earned.shown} · Lost {left_tile(result).shown}"


def _heard() -> None:
    """Hear that the script runs: the run that this causes writes the address."""
