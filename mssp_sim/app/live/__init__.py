"""The live lever: a slider whose value arrives while it is dragged.

A session begins with Streamlit's own sliders and a probe of the same script. Only when the
probe has answered are live levers drawn, and if one ever fails the own sliders come back; so
a browser that cannot run the script loses nothing but the life in the drag.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

import streamlit as st

from mssp_sim.figures import MINUS, plain
from mssp_sim.words.next_steps import not_a_number

ALIVE, ANSWERED, HELD = "live_levers", "live_answered", "live_held"
LONGEST_GESTURE = 40
LARGEST = 1e15
MOST_OWN_DIGITS = 2
"""Digits a value may have past those of its step."""
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DragMessage:
    """One message of a drag: the value, in units of the screen, and the drag it belongs to.

    ``held`` says that the drag goes on: its last message says that it does not.
    """

    value: float
    gesture: str
    held: bool = False


def _component() -> Any:  # noqa: ANN401  (Streamlit's renderer)
    html, css, js = (_without_margins(f"lever.{kind}") for kind in ("html", "css", "js"))
    return st.components.v2.component("live_lever", html=html, css=css, js=js)


def _without_margins(file: str) -> str:
    """Return a file without indentation and comments: it travels with every lever of every run."""
    lines = (line.strip() for line in (_FOLDER / file).read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


_mount = _component()


def alive() -> bool:
    """Return whether this browser has shown that it can run the live levers."""
    return st.session_state.get(ALIVE) is True


def probe() -> None:
    """Ask the browser once whether it can run the live levers."""
    if ALIVE not in st.session_state:
        _mount(key="live_probe", data={"probe": "asked"}, height=1, on_alive_change=_answer)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on a track: where, in units of the screen, what stands under it, and that in full."""

    at: float
    short: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One live lever: what it shows, and what is called when it is moved or put back.

    ``value``, ``ends`` and ``step`` are in units of the screen. ``note`` are grey words beside the
    label, or under the track where they are too many; ``under`` words always stand there; ``about``
    says more to who asks. ``moved`` is called with each message of a drag, once a message.
    ``reset`` is what the reset mark says: empty for room without a mark, None for no room either. A
    click on the value, Enter or a digit opens a field, for any number that is ``allowed`` (between
    the ends, if not given).
    """

    name: str
    label: str
    note: str
    value: float
    ends: tuple[float, float]
    step: float
    unit: str
    moved: Callable[[DragMessage], None]
    prefix: str = ""
    under: str = ""
    about: str = ""
    allowed: tuple[float, float] | None = None
    ticks: tuple[Tick, ...] = ()
    disabled: bool = False
    reset: str | None = None
    put_back: Callable[[], None] = lambda: None


def levers(group: str, several: Sequence[Lever], width: int) -> None:
    """Draw live levers under one another, as one element: each message less is felt.

    Parameters
    ----------
    group : names the element
    """
    key = f"live_{group}"
    heard: dict[str, Callable[[], None]] = {}
    for lever in several:
        heard[f"on_{lever.name}_change"] = partial(_hear, key, lever)
        heard[f"on_reset_{lever.name}_change"] = lever.put_back
    _mount(
        key=key,
        data={"levers": [_as_data(lever) for lever in several]},
        width=width,
        height="content",
        on_broken_change=_give_up,
        **heard,
    )


def written(number: float, step: float, prefix: str, unit: str) -> str:
    """Return a value as the lever itself writes it.

    Examples
    --------
    >>> written(-8, 0.1, "", "%"), written(76.69, 0.1, "", ""), written(12_000, 10, "$", "")
    ('−8.0%', '76.69', '$12,000')
    """
    digits = next((n for n in range(MOST_OWN_DIGITS) if number == round(number, n)), 2)
    text = plain(abs(number), max(digits, _digits(step)))
    return f"{MINUS if number < 0 else ''}{prefix}{text}{unit}"


def _digits(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _as_data(lever: Lever) -> dict[str, Any]:
    low, high = allowed = lever.allowed or lever.ends
    said = (written(n, lever.step, lever.prefix, lever.unit) for n in (low, high, lever.value))
    return {
        "name": lever.name,
        "label": lever.label,
        "note": lever.note,
        "under": lever.under,
        "value": lever.value,
        "min": lever.ends[0],
        "max": lever.ends[1],
        "step": lever.step,
        "digits": _digits(lever.step),
        "prefix": lever.prefix,
        "unit": lever.unit,
        "about": lever.about,
        "allowed": allowed,
        "refusal": not_a_number(lever.label, *said),
        "ticks": [asdict(tick) for tick in lever.ticks],
        "answered": answered().get(lever.name, 0),
        "disabled": lever.disabled,
        "reset": lever.reset,
    }


def _hear(key: str, lever: Lever) -> None:
    move = _read(st.session_state[key].get(lever.name))
    if move is not None and not lever.disabled:
        number, said = move
        answered()[lever.name] = number
        st.session_state[HELD] = said.held
        lever.moved(said)


def answered() -> dict[str, float]:
    """Return the number of the last message heard from each lever."""
    found: dict[str, float] = st.session_state.setdefault(ANSWERED, {})
    return found


def on_the_way() -> bool:
    """Return whether this run only draws a picture on the way, of a lever that is still held."""
    return st.session_state.get(HELD) is True


def drawn() -> None:
    """Note that this run has come to its end: the next one may be of something else."""
    st.session_state.pop(HELD, None)


def _answer() -> None:
    st.session_state.setdefault(ALIVE, True)


def _give_up() -> None:
    st.session_state[ALIVE] = False


def _read(message: Any) -> tuple[float, DragMessage] | None:  # noqa: ANN401  (whatever a browser sends)
    """Return the number of a message and its move; None for anything else a browser may send."""
    if not isinstance(message, dict):
        return None
    value, number, gesture = (message.get(part) for part in ("value", "number", "gesture"))
    held = message.get("held", False)
    if not (_finite(value) and _finite(number)):
        return None
    if not isinstance(gesture, str) or not 0 < len(gesture) <= LONGEST_GESTURE:
        return None
    return float(number), DragMessage(float(value), gesture, held is True)


def _finite(number: Any) -> TypeGuard[float]:  # noqa: ANN401
    """Return whether this is a finite number."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return abs(number) < LARGEST
