"""A visitor without a browser: Streamlit's own messages over the websocket.

It speaks as the page in a browser does, live levers and uploads included, and keeps what the
app said: far cheaper than a browser, so hundreds can visit at once.
"""

import asyncio
import itertools
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from mssp_sim.app.start import BROKEN

FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
)
PATIENCE = 60.0
CORE = "_stcore"
TOO_LARGE = 413


@dataclass
class Visitor:
    """One visitor with what is on the screen: elements by their place on the page.

    ``lost`` says that the app has no page at the address that was asked for. ``runs``
    counts runs as they begin, ``ends`` as they end; ``part`` are the fragments that this one draws
    again, none for a whole page; ``timers`` are seconds after which a browser asks for a fragment
    again, ``parts`` the fragment of each element.
    """

    address: str
    query: str = ""
    page: str = ""
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    session: str = ""
    lost: bool = False
    theme: Any = None
    received: int = 0
    shown: dict[tuple[int, ...], Any] = field(default_factory=dict)
    blocks: list[Any] = field(default_factory=list)
    _socket: ClientConnection | None = None
    _held: dict[str, WidgetState] = field(default_factory=dict)
    _script: str = ""
    _numbers: Any = field(default_factory=lambda: itertools.count(int(time.time() * 1000)))
    _gestures: Any = field(default_factory=itertools.count)
    runs: int = 0
    ends: int = 0
    part: tuple[str, ...] = ()
    timers: dict[str, float] = field(default_factory=dict)
    parts: dict[tuple[int, ...], str] = field(default_factory=dict)
    _files: dict[str, Any] = field(default_factory=dict)

    async def open(self) -> "Visitor":
        """Open the page, and let the live levers answer as a browser would."""
        parts = urllib.parse.urlsplit(self.address)
        token = await asyncio.to_thread(_token, self.address)
        self._socket = await connect(
            f"ws://{parts.netloc}/{CORE}/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={
                **self.headers,
                "Cookie": "; ".join(filter(None, (self.cookie, token))),
            },
            max_size=None,
            proxy=None,
        )
        await self.rerun()
        probe = self.element("bidi_component", "live_probe")
        if probe is not None:
            self._hold(WidgetState(id=probe.id, json_value='{"alive": true}'))
            await self.rerun()
        return self

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def move(self, name: str, value: float) -> float:
        """Drag the live lever of a field to a value; return the seconds until it is answered."""
        lever = self.lever(name)
        move = {"value": value, "number": next(self._numbers), "gesture": str(next(self._gestures))}
        return await self.set(lever.id, json_value=json.dumps({name: move}))

    async def say(self, name: str, value: float, gesture: str, *, held: bool) -> int:
        """Send one message of a drag without waiting; return its number."""
        number = next(self._numbers)
        move = {"value": value, "number": number, "gesture": gesture, "held": held}
        self._hold(WidgetState(id=self.lever(name).id, json_value=json.dumps({name: move})))
        await self.ask()
        return number

    async def until_answered(self, name: str, number: int) -> None:
        """Wait for the end of a run that has heard this message of a drag, or a later one."""
        async with asyncio.timeout(PATIENCE):
            while not (await self._hear() and self._answered(name) >= number):
                pass

    def _answered(self, name: str) -> float:
        levers = json.loads(self.lever(name).json)["levers"]
        return float(next(one["answered"] for one in levers if one["name"] == name))

    def lever(self, name: str) -> Any:
        """Return the element that holds the live lever of a field, or None."""
        groups = self.elements("bidi_component")
        return next((group for group in groups if f'"name": "{name}"' in group.json), None)

    async def set(self, widget: str, **value: Any) -> float:
        """Set a widget, whatever it holds, and return the seconds until the app has answered."""
        array = value.pop("double_array_value", None)
        state = WidgetState(id=widget, **value)
        if array is not None:
            state.double_array_value.data.extend(array)
        self._hold(state)
        try:
            return await self.rerun()
        finally:
            if "trigger_value" in value:
                self._held.pop(widget)

    async def upload(self, uploader: Any, name: str, content: bytes) -> int:
        """Upload a file as a browser does; return what the server answered."""
        ask = BackMsg()
        ask.file_urls_request.request_id = name
        ask.file_urls_request.session_id = self.session
        ask.file_urls_request.file_names.append(name)
        await self._send(ask)
        async with asyncio.timeout(PATIENCE):
            while name not in self._files:
                await self._hear()
        urls = self._files.pop(name)
        status = await asyncio.to_thread(
            _put, f"{self.address}/{urls.upload_url.lstrip('/')}", self.address, name, content
        )
        if status >= 400:
            return status
        state = WidgetState(id=uploader.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(content), urls.file_id
        info.file_urls.CopyFrom(urls)
        self._hold(state)
        await self.rerun()
        return status

    async def go(self, page: str) -> float:
        """Go to a page by the navigation; return the seconds until it has come."""
        self.page, self._script = page, ""
        return await self.rerun()

    async def rerun(self) -> float:
        """Ask for a run with the widgets as they are; return the seconds until it is done."""
        before = time.perf_counter()
        await self.ask()
        async with asyncio.timeout(PATIENCE):  # once a run: a timer for each message costs more
            while not await self._hear():
                pass
        return time.perf_counter() - before

    async def ask(self, part: str = "", *, by_itself: bool = False) -> None:
        """Ask for a run of the page, or of one fragment, without waiting for it."""
        ask = BackMsg()
        state = ask.rerun_script
        state.fragment_id, state.is_auto_rerun = part, by_itself
        state.query_string = self.query
        state.page_name = "" if self._script else self.page
        state.page_script_hash = self._script
        state.widget_states.widgets.extend(self._held.values())
        state.context_info.url = f"{self.address}/{self.page}"
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-US"
        state.context_info.color_scheme = "light"
        await self._send(ask)

    def folds(self) -> list[str]:
        """Return the ids of what folds out: popovers and expanders."""
        found = []
        for block in self.blocks:
            kind = block.WhichOneof("type")
            if kind in ("popover", "expandable") and getattr(block, kind).id:
                found.append(getattr(block, kind).id)
        return found

    def element(self, kind: str, part_of_id: str = "") -> Any:
        """Return the first element of a kind whose id names this, or None."""
        return next(
            (e for e in self.elements(kind) if part_of_id in getattr(e, "id", "")),
            None,
        )

    def part_of(self, widget: str) -> str:
        """Return the fragment that draws a widget; empty for the page itself."""
        return next(
            (
                self.parts[place]
                for place, element in self.shown.items()
                if getattr(getattr(element, element.WhichOneof("type")), "id", None) == widget
            ),
            "",
        )

    def hold(self, widget: str, value: float) -> None:
        """Put a slider at a value without telling the app."""
        state = WidgetState(id=widget)
        state.double_array_value.data.append(value)
        self._hold(state)

    def elements(self, kind: str) -> list[Any]:
        """Return all elements of a kind, in the order of the page."""
        return [
            getattr(element, kind)
            for _, element in sorted(self.shown.items(), key=lambda item: item[0])
            if element.WhichOneof("type") == kind
        ]

    def texts(self) -> list[str]:
        """Return every text on the page."""
        return [text.body for text in self.elements("markdown")]

    def headlines(self) -> list[str]:
        """Return the sentences at the head of the page."""
        return [text[4:] for text in self.texts() if text.startswith("### ")]

    def tiles(self) -> list[tuple[str, str, str]]:
        """Return the tiles: label, value, note."""
        return [(tile.label, tile.body, tile.delta) for tile in self.elements("metric")]

    def exceptions(self) -> list[str]:
        """Return every exception that is shown, or owned up to."""
        told = [alert.body for alert in self.elements("alert") if alert.body == BROKEN]
        return told + [f"{e.type}: {e.message}" for e in self.elements("exception")]

    def _hold(self, state: WidgetState) -> None:
        self._held[state.id] = state

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _hear(self) -> bool:
        """Take one message; return whether it ends a run."""
        assert self._socket is not None
        raw = await self._socket.recv()
        assert isinstance(raw, bytes)
        self.received += len(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            self.theme = message.new_session.custom_theme
            self.runs, self.part = self.runs + 1, tuple(message.metadata.run.fragment_ids)
            if not self.part:
                self.timers.clear()
            self._fresh: dict[tuple[int, ...], Any] = {
                place: element
                for place, element in self.shown.items()
                if self.part and self.parts.get(place) not in self.part
            }
            self._fresh_blocks: list[Any] = list(self.blocks) if self.part else []
        elif kind == "delta":
            place = tuple(message.metadata.delta_path)
            if message.delta.WhichOneof("type") == "new_element":
                self._fresh[place] = message.delta.new_element
                self.parts[place] = message.delta.fragment_id
            else:
                self._fresh_blocks.append(message.delta.add_block)
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self.lost = True
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "file_urls_response":
            answer = message.file_urls_response
            self._files[answer.response_id] = answer.file_urls[0]
        elif kind == "script_finished":
            whole = message.script_finished in FINISHED
            self.ends += 1
            if whole or self.part:  # what a part has drawn stays, whatever runs next
                self.shown, self.blocks = self._fresh, self._fresh_blocks
            return whole
        return False


def _token(address: str) -> str:
    """Return the cookie against forged uploads that the server gives a browser."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{address}/{CORE}/health", timeout=PATIENCE) as answer:
        return answer.headers["Set-Cookie"].partition(";")[0]


def _put(url: str, address: str, name: str, content: bytes) -> int:
    """Put a file under a URL with the token against forgery; return the answer's status."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    token = _token(address)
    border = "----a-border-between-parts"
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)
    body = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    body += content + f"\r\n--{border}--\r\n".encode()
    request = urllib.request.Request(
        url,
        data=body,
        method="PUT",
        headers={
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Cookie": token,
            "X-Xsrftoken": token.partition("=")[2],
        },
    )
    try:
        with direct.open(request, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except (urllib.error.URLError, ConnectionError):  # hung up on before all was sent
        return TOO_LARGE


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: the browser tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
