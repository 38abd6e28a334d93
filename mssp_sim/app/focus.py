"""The way of the keyboard: the focus after a button that is gone, and short names in toolbars.

Streamlit names each button in the toolbar of a picture by what it does and the whole description
of the picture; what is read four times over is no name.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

_SCRIPT = """
const BUTTONS = "[data-testid=stElementToolbar] button[aria-label*=': ']";
const shorten = () => {
  for (const one of document.querySelectorAll(BUTTONS))
    one.setAttribute("aria-label", one.getAttribute("aria-label").split(": ")[0]);
};
let watching = false;
export default function ({ parentElement, data }) {
  if (!watching) {
    watching = true;
    const changes = { subtree: true, childList: true, attributeFilter: ["aria-label"] };
    new MutationObserver(shorten).observe(document.body, changes);
    shorten();
  }
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
    """Move the focus where the last press wanted it; the frame calls this, under each page."""
    keys: Sequence[str] = st.session_state.pop(WANTED, ())
    turn = st.session_state.get(TURN, 0) if keys else 0
    _mount(
        key="focus",
        data={"keys": list(keys), "turn": turn, "tries": TRIES, "every": EVERY_MS},
        height=1,
    )
