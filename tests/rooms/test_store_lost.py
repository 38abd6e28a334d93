"""The store goes in the middle of a round: a sentence on wall and phone, then the room goes on."""

import asyncio
import os

import pytest

from mssp_sim.app.room import SETTING
from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.questions import team_challenge
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import GONE, Store
from mssp_sim.rooms.views import for_phone
from tests.replicas import Replica
from tests.wire import Visitor, apart

LEVER = "_cost_reduction"


@pytest.fixture
def home(postgresql, tmp_path, monkeypatch):
    """Return the address of an app whose rooms are in PostgreSQL."""
    monkeypatch.setenv(SETTING, postgresql.url)
    replica = Replica(tmp_path, "rooms")
    yield replica.address
    replica.kill()


async def move(phone, percent):
    """Move the lever of a phone, and hear what its page then shows."""
    lever = phone.element("slider", LEVER)
    phone.hold(lever.id, percent)
    await phone.ask(phone.part_of(lever.id))
    await heard(phone)


async def look(page):
    """Let a page look once whether it is still as it was, when its browser does so by itself."""
    part, seconds = next(iter(page.timers.items()))
    await asyncio.sleep(seconds)
    await page.ask(part, by_itself=True)
    await heard(page)


async def heard(page):
    while not await page._hear():
        pass


def said(page):
    return " ".join(page.texts()).replace("\\", "")


def number(phone):
    (one,) = phone.elements("metric")
    return one.body


@pytest.mark.long
def test_where_the_database_stops_a_room_goes_on_when_it_is_back(home, postgresql):
    store = Store(address(os.environ))
    made = room.open_room(store)
    seat = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, team_challenge())

    async def story():
        phone = await Visitor(home, f"room={made.code}&seat={seat.token}", "join").open()
        wall = await Visitor(home, f"room={made.code}", "wall").open()
        first = number(phone)
        await move(phone, 4.0)
        kept = number(phone)
        assert kept != first
        assert len(phone.elements("vega_lite_chart")) == 1
        await look(wall)
        assert "1 of 1 answered" in said(wall)

        postgresql.stop()
        await move(phone, 6.0)
        await look(wall)
        for page in (phone, wall):
            assert GONE in said(page)
            await look(page)  # it waits, and draws nothing
            assert page.part

        postgresql.start()
        for page in (phone, wall):
            await look(page)
            assert page.exceptions() == []
        assert "1 of 1 answered" in said(wall)
        assert number(phone) == kept
        lever = phone.element("slider", LEVER)
        assert (lever.set_value, list(lever.value)) == (True, [4.0])  # back where it was kept
        assert for_phone(store, made.code, seat.token).answer == {"cost_reduction": 0.04}
        await move(phone, 6.0)
        assert for_phone(store, made.code, seat.token).answer == {"cost_reduction": 0.06}
        for page in (phone, wall):
            await page.close()

    apart(story())
    room.close_room(store, made.code, made.key)
    store.close()
