"""The cursor in a field that has just opened, so that who asked for it can type at once."""

import streamlit as st

_SCRIPT = """
export default function ({ parentElement, data }) {
  const host = parentElement.getRootNode().host || parentElement;
  const near = host.closest("[data-testid=stPopoverBody]");
  let left = data.tries;
  const look = () => {
    const field = near && near.querySelector(`.st-key-${data.key} input`);
    if (field) field.focus();
    else if (left-- > 0) timer = setTimeout(look, data.every);
  };
  let timer = setTimeout(look, data.every);
  return () => clearTimeout(timer);
}
"""
TRIES, EVERY_MS = 40, 50
"""The field is drawn a moment later than this script, and its popover first takes the cursor."""


_mount = st.components.v2.component("cursor", html="<span></span>", js=_SCRIPT)


def into(key: str) -> None:
    """Put the cursor into a field of the popover around; if it cannot go there, it stays."""
    _mount(key=f"cursor_{key}", data={"key": key, "tries": TRIES, "every": EVERY_MS}, height=1)
