"""A link as a QR code on a page: drawn in the page itself, dark on white."""

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
    look = f"width:{width}px;max-width:100%;background:#fff;display:block"
    st.html(f'<img src="{_drawn(link)}" alt="{escape(said)}" style="{look}">')


@lru_cache(maxsize=64)
def _drawn(link: str) -> str:
    """Return the drawing as an address that holds it: a page lets no bare drawing in."""
    import segno  # noqa: PLC0415  (only who opens a room needs it)

    drawn: str = segno.make(link, error="m", micro=False).svg_data_uri(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    return drawn
