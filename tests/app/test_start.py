"""The start of the server: prepared before it answers, and shown to who sits at the machine."""

import asyncio
import importlib
import socket
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st
import uvicorn
from streamlit import config
from streamlit.web.server.app_discovery import discover_asgi_app
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from mssp_sim.app import start
from mssp_sim.app.audit import Exports
from mssp_sim.app.headers import Headers
from mssp_sim.app.waiting import Waiting
from tests import conftest

APP = Path(__file__).parents[2] / "app.py"


def test_streamlit_run_finds_a_server_that_is_prepared(monkeypatch):
    found = []
    monkeypatch.syspath_prepend(APP.parent)
    monkeypatch.delitem(sys.modules, "app", raising=False)
    monkeypatch.setattr(start, "prepare", lambda: found.append("prepared"))
    monkeypatch.setattr(st, "App", lambda *given, **named: (found, given, named))
    assert discover_asgi_app(APP).import_string == "app:app"
    done, given, named = importlib.import_module("app").app
    assert done == ["prepared"]
    assert Path(*given).resolve() == APP
    assert [each.cls for each in named.pop("middleware")] == [Headers, Waiting, Exports]
    assert named == {"lifespan": start.lifespan, "on_script_error": start.apologise}


@pytest.mark.parametrize(("name", "builder"), [("payoff", "_built"), ("waterfall", "_spec")])
def test_the_pictures_of_the_first_screen_are_built_in_both_themes(name, builder):
    built = getattr(importlib.import_module(f"mssp_sim.charts.{name}"), builder)
    built.cache_clear()
    start.prepare()
    assert built.cache_info().currsize == 2
    start.prepare()
    assert built.cache_info().misses == 2


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
def test_the_server_runs_on_uvloop_which_keeps_no_message_back():
    assert uvicorn.Config("app:app").get_loop_factory().__module__ == "uvloop"


@pytest.mark.parametrize("headless", [True, False])
def test_a_browser_is_opened_only_where_somebody_sits(monkeypatch, capsys, headless):
    opened = []
    monkeypatch.setattr(start.cli_util, "open_browser", opened.append)
    monkeypatch.setattr(start, "address", lambda: "http://here")
    monkeypatch.setattr(st, "get_option", {"server.headless": headless}.get)

    async def started():
        async with start.lifespan(None):
            await asyncio.get_running_loop().shutdown_default_executor()

    with ThreadPoolExecutor(1) as apart:  # a browser's test may have a loop running here
        apart.submit(lambda: asyncio.run(started())).result()
    assert opened == ([] if headless else ["http://here"])
    assert capsys.readouterr().out == "The simulator is at http://here\n"


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ({}, "http://localhost:8501"),
        ({"server.address": "0.0.0.0"}, "http://localhost:8501"),
        ({"server.address": "10.0.0.7"}, "http://10.0.0.7:8501"),
        ({"server.address": "unix:///tmp/socket"}, ""),
        (
            {"server.address": "10.0.0.7", "browser.serverAddress": "aco.example.org"},
            "http://aco.example.org:8501",
        ),
    ],
)
def test_the_browser_opens_what_streamlit_would(monkeypatch, given, opened):
    monkeypatch.setattr(config, "is_manually_set", given.__contains__)
    monkeypatch.setattr(st, "get_option", given.get)
    assert start.address() == opened


@pytest.mark.parametrize(("details", "ours"), [("none", True), ("full", False)])
def test_a_fault_of_ours_is_told_in_one_calm_sentence(monkeypatch, details, ours):
    told = []
    monkeypatch.setattr(st, "get_option", {"client.showErrorDetails": details}.get)
    monkeypatch.setattr(st, "error", told.append)
    assert start.apologise(ZeroDivisionError()) == ours
    assert told == ([start.BROKEN] if ours else [])


@pytest.mark.long
def test_the_server_asks_no_other_machine_not_even_for_its_own_address(tmp_path, monkeypatch):
    with socket.create_server((conftest.LOCAL, 0)) as elsewhere:
        elsewhere.settimeout(1)
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://{conftest.LOCAL}:{elsewhere.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        with conftest._served(tmp_path / "log", "--server.address=0.0.0.0") as address:
            stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
            with (
                pytest.raises(InvalidStatus, match="403"),
                connect(stream, origin="http://elsewhere.example", proxy=None),
            ):
                pass
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_too_little_memory_is_told_and_what_was_half_made_is_let_go(monkeypatch):
    class Half:
        pass

    def read():
        half = Half()
        made.append(weakref.ref(half))
        raise MemoryError

    made, told = [], []
    monkeypatch.setattr(st, "error", told.append)
    with pytest.raises(MemoryError) as fault:
        read()
    assert made[0]() is not None
    assert start.apologise(fault.value)
    assert made[0]() is None
    assert told == [start.TOO_LARGE]
