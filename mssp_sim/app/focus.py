"""The way of the keyboard: the focus after a button that is gone, and names as a person says them.

Streamlit names each button in the toolbar of a picture by what it does and the whole description
of the picture; what is read four times over is no name. It names a control by its label as it was
written, Markdown and all, and a slider twice. The grey note of a label becomes its description.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mssp_sim.app import session

_SCRIPT = r"""
const BUTTONS = "[data-testid=stElementToolbar] button[aria-label*=': ']";
const MARKED = ["**", ":gray[", ":small[", "\\\\"].map((sign) => `[aria-label*="${sign}"]`).join();
const NAMED_TWICE = "input[type=range][aria-label][aria-labelledby]";
const plain = (text) => text.replace(/\\(.)|\*\*|:[a-z-]+\[|\]/g, (_, sign) => sign || "").trim();
const name = (changes, observer) => {
  for (const one of document.querySelectorAll(BUTTONS))
    one.setAttribute("aria-label", one.getAttribute("aria-label").split(": ")[0]);
  for (const one of document.querySelectorAll(NAMED_TWICE)) one.removeAttribute("aria-labelledby");
  for (const { target } of changes)
    if (target.dataset && target.dataset.named) target.removeAttribute("aria-description");
  for (const one of document.querySelectorAll(MARKED)) {
    const [label, note] = one.getAttribute("aria-label").split(" :gray[");
    one.setAttribute("aria-label", (one.dataset.named = plain(label)));
    if (note) one.setAttribute("aria-description", plain(note).replace("· ", ""));
  }
  observer.takeRecords(); // what this did itself
};
export default function ({ parentElement, data }) {
  if (!document.body.dataset.watched) {
    document.body.dataset.watched = "names";
    const observer = new MutationObserver(name);
    const heard = { subtree: true, childList: true, attributeFilter: ["aria-label"] };
    observer.observe(document.body, heard);
    name([], observer);
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
    """Move the focus where the last press wanted it; the frame calls this, under each page.

    Once it is there the script goes on naming by itself: later runs need it for a press only.
    """
    keys: Sequence[str] = st.session_state.pop(WANTED, ())
    if keys or session.starting():
        turn = st.session_state.get(TURN, 0) if keys else 0
        told = {"keys": list(keys), "turn": turn, "tries": TRIES, "every": EVERY_MS}
        _mount(key="focus", data=told, height=1)
