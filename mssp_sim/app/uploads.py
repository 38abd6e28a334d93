"""Where a reader opens a file of theirs; where that cannot work, a sentence and the way out."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit import config

from mssp_sim.app import audit
from mssp_sim.app.start import TOO_LARGE
from mssp_sim.link import FOREIGN

COOKIE = "_streamlit_xsrf"
"""What Streamlit asks back with each upload; a browser keeps it from a frame of another site."""

WITHHELD = (
    "Inside another site's page this browser keeps back the cookie that guards uploads, "
    "so no file can be opened here."
)
TAB = "Open in a tab of its own"

REFUSED = (
    "A file that turns red did not arrive, and nothing here has changed: it is too large or of "
    "another kind, or the server or a proxy before it refused it. Try again, or a smaller file; "
    "if neither helps, ask your IT to let uploads through."
)
_REFUSED = f"""<p class="refused" role="status">{REFUSED}</p><style>
[data-testid=stElementContainer]:has(.refused) {{ display: none; }}
[class*=st-key-drop_]:has([data-testid=stFileChip][aria-invalid=true])
[data-testid=stElementContainer]:has(.refused) {{ display: block; }}
</style>"""
"""The server never hears of a file that was refused on its way, so the browser shows this."""

_FULL = "upload_too_large"
"""Under it stands the label of the place whose last file took more memory than there is."""


def uploader(label: str, **options: Any) -> Any:  # noqa: ANN401  (as Streamlit's own)
    """Draw a place to drop a file, and return what was dropped.

    Parameters
    ----------
    options : those of ``st.file_uploader``
    """
    if withheld():
        st.markdown(f"**{label}**  \n{WITHHELD}")
        st.link_button(TAB, _own_tab(), key=f"tab_{options['key']}")
        return None
    key, then = options["key"], options.get("on_change")
    if audit.on():
        then = partial(audit.brought, key, then)
    if then is not None:
        options = {**options, "on_change": partial(_in_memory, label, then)}
    with st.container(key=f"drop_{key}", gap="xsmall"):
        dropped = st.file_uploader(label, **options)
        st.html(_REFUSED)
    if st.session_state.get(_FULL) == label:
        st.error(TOO_LARGE)
    return dropped


def _in_memory(label: str, then: Callable[..., None], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
    """Do what the page does with a file, and keep in mind where memory did not suffice for it."""
    st.session_state.pop(_FULL, None)
    try:
        then(*args, **kwargs)
    except MemoryError:
        st.session_state[_FULL] = label


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
