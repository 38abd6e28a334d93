"""The start of the server: prepared before it answers, and shown to who sits at the machine."""

import asyncio
import importlib
from pathlib import Path

import pytest
import streamlit as st
from streamlit.web.server.app_discovery import discover_asgi_app

from mssp_sim.ui import start

APP = Path(__file__).parents[2] / "app.py"


def test_streamlit_run_finds_the_server_in_the_app():
    assert discover_asgi_app(APP).import_string == "app:app"


@pytest.mark.parametrize("name", ["payoff", "bridge"])
def test_the_pictures_of_the_first_screen_are_built_in_both_themes(name):
    module = importlib.import_module(f"mssp_sim.charts.{name}")
    built = module._built if name == "payoff" else module._spec
    built.cache_clear()
    start.prepare()
    assert built.cache_info().currsize == 2
    start.prepare()
    assert built.cache_info().misses == 2


@pytest.mark.parametrize("headless", [True, False])
def test_a_browser_is_opened_only_where_somebody_sits(monkeypatch, headless):
    opened = []
    monkeypatch.setattr(start.webbrowser, "open", opened.append)
    monkeypatch.setattr(st, "get_option", {"server.headless": headless}.get)

    async def started():
        async with start.lifespan(None):
            await asyncio.sleep(0)

    asyncio.run(started())
    assert len(opened) == (0 if headless else 1)
