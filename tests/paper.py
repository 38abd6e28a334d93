"""A room drawn on paper: its page runs without Streamlit, and what it would show is kept.

The page is the real one; only the pencil is ours. So every word, figure and picture of a room can
be looked at, in many scenarios, in the time that one page takes in a browser.
"""

import importlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session, show
from mssp_sim.app.history import History, Moment
from mssp_sim.charts import Picture
from mssp_sim.figure import Figure
from tests.voice import as_read


@dataclass
class Paper:
    """What a page put down: its texts, cells of tables written as text, figures and pictures."""

    texts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    tables: list[list[Mapping[str, str]]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    all_open: bool = False

    def said(self) -> str:
        """Return all texts, one a line."""
        return "\n".join(self.texts)


def plain(text: str) -> str:
    """Return a text without Markdown."""
    return as_read(text).replace("**", "").replace("  \n", "\n").strip("# ")


class Query(dict[str, Any]):
    """What the address asks: nothing."""

    to_dict = dict.copy


class Place:
    """Where something stands; it takes whatever a page does with it."""

    def __init__(self, paper: Paper, state: dict[str, Any], *, is_open: bool = True) -> None:
        self.paper, self.session_state, self.open = paper, state, is_open
        self.query_params = Query()
        self.context = SimpleNamespace(theme=SimpleNamespace(type="light"), url="", headers={})

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Place(self.paper, self.session_state)

    def __call__(self, *_: Any, **__: Any) -> "Place":
        """Return a place, whatever is asked for."""
        return Place(self.paper, self.session_state)

    def columns(self, spec: Any, **_: Any) -> list["Place"]:
        """Return as many places as are asked for."""
        return [self() for _ in range(spec if isinstance(spec, int) else len(spec))]

    tabs = columns

    def popover(self, label: str, *, help: str = "", **_: Any) -> "Place":  # noqa: A002
        """Return a place that nobody has opened, unless all are to be looked into."""
        self._write(label, help)
        return Place(self.paper, self.session_state, is_open=self.paper.all_open)

    def markdown(self, text: str, *, help: str = "", **_: Any) -> None:  # noqa: A002
        """Keep a text."""
        self._write(text, help)

    caption = write = info = error = markdown

    def expander(self, label: str, **_: Any) -> "Place":
        """Keep what a section is called, and return it."""
        self._write(label)
        return Place(self.paper, self.session_state)

    def metric(
        self,
        label: str,
        value: str,
        delta: str = "",
        *,
        help: str = "",  # noqa: A002
        **_: Any,
    ) -> None:
        """Keep the texts of a tile."""
        self._write(label, value, delta, help)

    def button(self, label: str, *, help: str = "", **_: Any) -> bool:  # noqa: A002
        """Keep what a button says; nobody presses it."""
        self._write("" if label.startswith(":material") else label, help)
        return False

    def toggle(self, label: str, value: Any = False, *, key: str = "", **more: Any) -> Any:  # noqa: FBT002
        """Keep what a switch says, and leave it as it is."""
        self._write(label, more.get("help"))
        return self.session_state.setdefault(key, value)

    checkbox = toggle

    def number_input(self, label: str, *_: Any, value: Any = 0.0, key: str = "", **m: Any) -> Any:
        """Keep what a number is called, and leave it as it is."""
        self._write(label, m.get("help"))
        return self.session_state.setdefault(key, value)

    def slider(self, label: str, low: Any, high: Any, value: Any = None, **more: Any) -> Any:
        """Keep what a slider is called, and leave it as it is."""
        del high
        self._write(label, more.get("help"))
        return self.session_state.setdefault(
            more.get("key", label), low if value is None else value
        )

    def selectbox(self, label: str, options: Any, *_: Any, **more: Any) -> Any:
        """Keep what there is to choose from, and leave the choice as it is."""
        self._write(label, more.get("help"))
        shown = more.get("format_func", str)
        for option in options:
            self._write(str(shown(option)))
        first = next(iter(options), None)
        return self.session_state.setdefault(more.get("key", label), first)

    radio = segmented_control = selectbox

    def multiselect(self, label: str, options: Any, default: Any = (), **more: Any) -> Any:
        """Keep what there is to choose from, and leave what is chosen as it is."""
        self._write(label, more.get("help"))
        for option in options:
            self._write(str(more.get("format_func", str)(option)))
        return self.session_state.setdefault(more.get("key", label), list(default))

    def pills(self, label: str, options: Any, **more: Any) -> Any:
        """Keep what there is to choose from, one or many, and leave the choice as it is."""
        one = more.get("selection_mode") != "multi"
        return (self.selectbox if one else self.multiselect)(label, options, **more)

    def file_uploader(self, label: str, **_: Any) -> None:
        """Keep what a place for files is called; nobody brings one."""
        self._write(label)

    def text_input(self, label: str, value: str = "", *, key: str = "", **_: Any) -> str:
        """Keep what a line of text is called, and leave it as it is."""
        self._write(label)
        return str(self.session_state.setdefault(key, value) or "")

    text_area = text_input

    def dataframe(self, rows: Any, **_: Any) -> None:
        """Keep a table that is no text."""
        if isinstance(rows, list):
            self.paper.tables.append(rows)

    def data_editor(self, frame: Any, *, key: str, **_: Any) -> Any:
        """Leave a table as it is."""
        self.session_state[key] = {"edited_rows": {}}
        return frame

    def vega_lite_chart(self, *_: Any, **__: Any) -> None:
        """Draw nothing: a picture is kept as it was made."""

    def _write(self, *texts: str | None) -> None:
        for text in filter(None, texts):
            if text.startswith("| "):  # the cells of a table are kept as they are
                self.paper.cells.append(text)
            else:
                self.paper.texts.append(plain(text))


@contextmanager
def pencil(paper: Paper, state: dict[str, Any]) -> Iterator[None]:
    """Let pages write on paper instead of in a browser."""
    place = Place(paper, state)
    drawn, table, register, data = show.picture, show.table, show.register, show.data

    def keep_picture(picture: Picture, key: str) -> None:
        paper.pictures[key] = picture
        drawn(picture, key)

    def keep_table(rows: Any) -> None:
        paper.tables.append(list(rows))
        table(rows)

    def keep_figures(*figures: Figure, **more: Any) -> None:
        paper.figures += figures
        register(*figures, **more)

    def keep_named(*named: tuple[str, Picture], key: str = "data") -> None:
        for name, picture in named:
            paper.texts.append(name)
            paper.tables.append(list(picture.table()))
        del key

    del data
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith(("mssp_sim.app", "mssp_sim.screens")) and hasattr(module, "st"):
                patch.setattr(module, "st", place)
        for name, stand_in in (
            ("picture", keep_picture), ("table", keep_table), ("register", keep_figures),
            ("data", keep_named), ("theme", lambda: "light"),
        ):  # fmt: skip
            patch.setattr(show, name, stand_in)
        yield


def draw(
    room: str, scenario: Scenario, baseline: Scenario, *, all_open: bool = False, **state: Any
) -> Paper:
    """Return what a room puts down for a scenario.

    Parameters
    ----------
    all_open : whether the popovers of the page are open
    state : what else the session holds, ``places`` for one
    """
    page = importlib.import_module(f"mssp_sim.screens.{room}.page")
    paper = Paper(all_open=all_open)
    held = {
        session.HISTORY: History(Moment(scenario, baseline)),
        session.PLACES: {}, session.FAULTS: {}, session.NOTICES: (), **state,
    }  # fmt: skip
    with pencil(paper, held):
        results = simulate(scenario), simulate(baseline)
        page.draw(*results[: len(inspect.signature(page.draw).parameters)])
    return paper
