"""What a visitor reads whose page never comes, because something on the way cuts its connection.

Streamlit's page is empty until its websocket has answered, and stays so where a proxy lets none
through. The sentence is in the page itself and needs no script: it appears late, and never once
the app has drawn anything.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OK = 200
SECONDS = 12
SENTENCE = (
    "The simulator is still waiting for its server. If this stays, something between you and it "
    "lets no WebSocket through. Your IT can allow that; then load this page again."
)
_WORDS = (
    "<style>#waiting{position:fixed;inset:30% 10% auto;font:1.1rem/1.5 sans-serif;color:#1B2430;"
    "background:#fff;padding:1rem;border-radius:.4rem;visibility:hidden;"
    f"animation:waiting 0s {SECONDS}s forwards}}"
    "@keyframes waiting{to{visibility:visible}}"
    "body:has([data-testid=stMain] :is([data-testid=stMarkdown],[data-testid=stHeading])) #waiting"
    "{display:none}</style>"
    f'<p id="waiting" role="status">{SENTENCE}</p>'
).encode()
_END = b"</body>"
_OWN = re.compile(r"/(_stcore|static|media|component)/")


class Waiting:
    """ASGI middleware: puts the sentence at the end of Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a page is held back until it is whole."""
        if scope["type"] != "http" or scope["method"] != "GET" or _OWN.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            whole = start["status"] == OK and _is_page(start)
            if not whole:
                await send(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    page = b"".join(parts).replace(_END, _WORDS + _END)
                    MutableHeaders(scope=start)["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        unpacked = [(k, v) for k, v in scope["headers"] if k.lower() != b"accept-encoding"]
        await self.app({**scope, "headers": unpacked}, receive, hold)


def _is_page(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith("text/html")
