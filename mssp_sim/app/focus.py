"""The keyboard's focus after a button that is gone: at the control that comes next."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

_SCRIPT = """
export default function ({ parentElement, data }) {
  const host = parentElement.getRootNode().host || parentElement;
  if (!data.turn || host.dataset.turn === String(data.turn)) return;
  host.dataset.turn = String(data.turn);
  let left = data.tries;
  const first = (root) => {
    for (const one of root.querySelectorAll("*")) {
      const found = one.shadowRoot && first(one.shadowRoot);
      if (found) return found;
      if (one.matches("button:not([disabled]), input:not([disabled])")) return one;
    }
    return null;
  };
  const look = () => {
    for (const key of data.keys) {
      const place = document.querySelector(`.st-key-${key}`);
      const control = place && first(place);
      if (control) return control.focus();
    }
    if (left-- > 0) setTimeout(look, data.every);
  };
  setTimeout(look, data.every);
}
"""
WANTED, TURN = "focus_wanted", "focus_turn"
TRIES, EVERY_MS = 40, 50
"""The control is drawn a moment later than this script."""


def _component() -> Any:  # noqa: ANN401  (Streamlit's renderer)
    return st.components.v2.component("focus", html="<span></span>", js=_SCRIPT)


_mount = _component()


def to(*keys: str) -> None:
    """Put the focus, after this run, on the first of these widgets that is there."""
    st.session_state[WANTED] = keys
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def draw() -> None:
    """Move the focus where the last press wanted it; a page calls this once, at its end."""
    keys: Sequence[str] = st.session_state.pop(WANTED, ())
    turn = st.session_state.get(TURN, 0) if keys else 0
    _mount(
        key="focus",
        data={"keys": list(keys), "turn": turn, "tries": TRIES, "every": EVERY_MS},
        height=1,
    )
