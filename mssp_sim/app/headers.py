"""What every answer of the server tells the browser to allow, and which addresses stay closed."""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAME_ANCESTORS = "MSSP_FRAME_ANCESTORS"
"""Which sites may show the app in a frame, as the policy's own words; any by default."""

METRICS = "MSSP_METRICS"
"""Set to 1 where somebody reads Streamlit's metrics; closed by default."""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_METRICS, _AGENT = "/_stcore/metrics", "/_stcore/agent/"

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "camera", "display-capture", "geolocation", "gyroscope",
            "magnetometer", "microphone", "midi", "payment", "usb",
        )
    ),
}  # fmt: skip
TRANSPORT = "max-age=31536000"
"""Strict-Transport-Security, where the reader came by TLS: a year."""


@cache
def script_hashes() -> tuple[str, ...]:
    """Return the hash of each script that stands in Streamlit's page itself.

    A browser runs no other script but files of this server; Streamlit's own file says which.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    return tuple(
        "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in _INLINE.findall(page)
    )


def policy(ancestors: str) -> str:
    """Return the Content-Security-Policy.

    Components bring their script as a ``blob:`` of the page, pictures are ``data:`` and ``blob:``,
    and Streamlit writes its styles while it runs and hashes with WebAssembly. No text is ever run
    as code.

    Parameters
    ----------
    ancestors : who may frame the app, such as ``'self' https://www.example.org``
    """
    scripts = " ".join(f"'{found}'" for found in script_hashes())
    return "; ".join((
        "default-src 'self'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {scripts}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        f"frame-ancestors {ancestors}",
    ))  # fmt: skip


def closed(path: str, environ: Mapping[str, str], *, agents: bool) -> bool:
    """Return whether an address answers nobody: metrics and assistants, unless switched on."""
    if path.endswith(_METRICS):
        return environ.get(METRICS) != "1"
    return _AGENT in path and not agents


class Headers:
    """ASGI middleware: closes what is closed, and puts the headers on every other answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        ancestors = os.environ.get(FRAME_ANCESTORS, "*").replace("\n", " ").replace(";", " ")
        self.headers = {"Content-Security-Policy": policy(ancestors), **FIXED}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(self.headers)
        if "https" in (scope["scheme"], RequestHeaders(scope=scope).get("x-forwarded-proto")):
            headers["Strict-Transport-Security"] = TRANSPORT

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in headers.items():
                    answer[name] = value
            await send(message)

        agents = bool(st.get_option("server.enableAgentApi"))
        if closed(scope["path"], os.environ, agents=agents):
            await PlainTextResponse("Not found", 404)(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)
