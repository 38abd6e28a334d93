"""A link as a QR code on a page: drawn inline, dark on white in every theme."""

from functools import lru_cache
from html import escape

import streamlit as st


def draw(link: str, said: str, width: int) -> None:
    """Put a link on the page as a QR code.

    Parameters
    ----------
    said : what a screen reader says of it
    width : pixels
    """
    box = f"width:{width}px;max-width:100%;background:#fff;line-height:0"
    st.html(f'<div role="img" aria-label="{escape(said)}" style="{box}">{_drawn(link)}</div>')


@lru_cache(maxsize=64)
def _drawn(link: str) -> str:
    import segno  # noqa: PLC0415  (only who opens a room needs it)

    drawn: str = segno.make(link, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    return drawn
