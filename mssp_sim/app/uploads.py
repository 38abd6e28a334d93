"""Where a reader opens a file of theirs; in a frame where that cannot work, the way out."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit import config

from mssp_sim.app import audit
from mssp_sim.link import FOREIGN

COOKIE = "_streamlit_xsrf"
"""What Streamlit asks back with each upload; a browser keeps it from a frame of another site."""

WITHHELD = (
    "Inside another site's page this browser keeps back the cookie that guards uploads, "
    "so no file can be opened here."
)
TAB = "Open in a tab of its own"


def uploader(label: str, **options: Any) -> Any:  # noqa: ANN401  (as Streamlit's own)
    """Draw a place to drop a file, and return what was dropped.

    Parameters
    ----------
    options : those of ``st.file_uploader``
    """
    if not withheld():
        if audit.on():
            noted = partial(audit.brought, options["key"], options.get("on_change"))
            options = {**options, "on_change": noted}
        return st.file_uploader(label, **options)
    st.markdown(f"**{label}**  \n{WITHHELD}")
    st.link_button(TAB, _own_tab(), key=f"tab_{options['key']}")
    return None


def withheld() -> bool:
    """Return whether the browser came without the cookie that an upload needs."""
    came = bool(st.context.headers)  # a test without a browser comes with none
    guarded = bool(config.get_option("server.enableXsrfProtection"))
    return came and guarded and COOKIE not in st.context.cookies


def _own_tab() -> str:
    """Return the address of exactly this screen, without what belongs to a frame."""
    query = {key: value for key, value in st.query_params.items() if key not in FOREIGN}
    here = (st.context.url or "").partition("?")[0]
    return f"{here}?{urlencode(query)}" if query else here
