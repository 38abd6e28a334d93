"""A tap and a look of the same phone that cross on their way: what the tap brought is shown.

Streamlit may throw away what a run has drawn where a look arrives just as the run ends.
"""

import asyncio
import os
from contextlib import suppress

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mssp_sim.app import frame
from mssp_sim.app.room import SETTING
from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.questions import vote_on
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import Store
from mssp_sim.rooms.views import for_phone
from tests.replicas import Replica
from tests.wire import Visitor, apart

SEATS, TAPS, PATIENCE = 4, 40, 3.0
BETWEEN = (0.0, 0.0, 0.001, 0.002, 0.004)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(SETTING, f"sqlite:///{tmp_path}/rooms.db")
    replica = Replica(tmp_path, "rooms")
    yield replica.address
    replica.kill()


@pytest.fixture
def voting(home):
    """Return the address of an app, its store, and a room in it that votes."""
    store = Store(address(os.environ))
    made = room.open_room(store)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    yield home, store, made
    store.close()


async def sit_down(home, store, made):
    """Return a phone of a new seat, and its token."""
    token = room.join(store, made.code).token
    return await Visitor(home, f"room={made.code}&seat={token}", "join").open(), token


async def tap_and_look(phone, option, seconds):
    """Tap an answer, and let the browser look for itself so many seconds later."""
    button = [one for one in phone.elements("button") if "vote_" in one.id][option]
    phone._hold(WidgetState(id=button.id, trigger_value=True))
    await phone.ask()
    phone._held.pop(button.id)
    await asyncio.sleep(seconds)
    await phone.ask(next(iter(phone.timers)), by_itself=True)


async def says(phone, words):
    """Return whether a phone says something within the time a person waits for it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not any(words in text for text in phone.texts()):
                await phone._hear()
    return any(words in text for text in phone.texts())


def test_after_a_break_every_page_asks_again_also_the_door_of_a_room(home):
    """A browser does so where some part of the page is drawn again and again."""
    names = ["", *[name for pages in frame.PAGES.values() for name in pages][1:]]

    async def silent():
        found = []
        for name in names:
            visitor = await Visitor(home, page=name).open()
            await visitor.close()
            found += [name] if visitor.lost or not visitor.timers else []
        return found

    assert apart(silent()) == []


@pytest.mark.long
def test_a_tap_that_crosses_a_look_shows_what_is_kept(voting):
    home, store, made = voting

    async def one_phone():
        phone, token = await sit_down(home, store, made)
        silent = []
        for turn in range(TAPS):
            option = turn % 2
            await tap_and_look(phone, option, BETWEEN[turn % len(BETWEEN)])
            if not await says(phone, f"{'AB'[option]} is in."):
                silent.append(turn)
                await phone.rerun()
            await asyncio.sleep(0.2)  # a phone may speak five times a second
        assert for_phone(store, made.code, token).answer == option
        await phone.close()
        return silent

    async def all_phones():
        return await asyncio.gather(*(one_phone() for _ in range(SEATS)))

    assert apart(all_phones()) == [[]] * SEATS


@pytest.mark.long
def test_a_look_in_time_draws_nothing_and_one_too_soon_the_page(voting):
    async def looks():
        phone, _ = await sit_down(*voting)
        part, seconds = next(iter(phone.timers.items()))
        drawn = []
        for pause in (0.0, seconds):
            await asyncio.sleep(pause)
            runs = phone.runs
            await phone.ask(part, by_itself=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    while True:
                        await phone._hear()
            drawn.append((phone.runs - runs, phone.part == (part,)))
        await phone.close()
        return drawn

    assert apart(looks()) == [(2, False), (1, True)]  # a look, and the page; a look
