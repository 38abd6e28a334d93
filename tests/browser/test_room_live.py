"""A live room as people have it: a trainer, a wall, twelve phones, and whatever happens to them."""

import os
import struct

import pytest
from playwright.sync_api import expect

from mssp_sim.app import room
from mssp_sim.rooms.questions import estimate_of, team_challenge, vote_on
from tests.browser import screen_live_room as live
from tests.conftest import watch
from tests.replicas import Replica

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONES, NARROW, LAST_ROW = 12, 3, 24
MOST_STEPS = 4


@pytest.fixture
def home(tmp_path):
    """Return a server with rooms on, which can be killed and started again where it was."""
    before = os.environ.get(room.SETTING)
    os.environ[room.SETTING] = f"sqlite:///{tmp_path}/rooms.db"
    replica = Replica(tmp_path, "rooms")
    try:
        yield replica
    finally:
        replica.kill()
        os.environ.pop(room.SETTING)
        if before is not None:
            os.environ[room.SETTING] = before


@pytest.fixture
def window(browser, home):
    """Return what opens a private window; at the end none may have broken."""
    opened, broken = [], []

    def open_window(**look):
        look = {"viewport": {"width": 1366, "height": 768}, **look}
        page = browser.new_context(**look).new_page()
        page.set_default_timeout(live.PATIENCE)
        watch(page, home.address, broken)
        opened.append(page)
        return page

    yield open_window
    for page in opened:
        if not page.is_closed():
            broken += page.get_by_test_id("stException").all_inner_texts()
            page.context.close()
    assert not [said for said in broken if "WebSocket" not in said]


def test_a_room_of_twelve_phones_with_a_round_of_each_kind(window, home):
    trainer, wall = window(), window()
    code, key = live.open_room(trainer, home.address)
    wall.goto(f"{home.address}/wall?room={code}")
    live.says(wall, "0 seats are in")
    assert live.small(wall, LAST_ROW) == []

    phones = [window(**live.PHONE) if n < NARROW else window() for n in range(PHONES - 1)]
    heard = live.listen(phones[0])
    links = [live.enter(phone, home.address, code) for phone in phones]
    assert len(set(links)) == len(phones)
    live.says(wall, f"{len(phones)} seats are in")

    # A vote: from the code to the first answer, opening, joining and answering are the steps.
    asked, (first, second, third, *others) = vote_on("slip"), phones
    live.ask(trainer, "A card")
    steps = ("the link of the code", "Join", "the answer")
    live.vote(first, 2)
    assert len(steps) <= MOST_STEPS
    live.vote(second, 0)
    late = window(**live.PHONE)  # joins in the middle, and can answer
    live.enter(late, home.address, code, "Ana")
    live.vote(late, 1)
    live.answered(wall, 3, PHONES)
    second.reload()
    wall.reload()
    live.says(second, "A is in.")
    live.answered(wall, 3, PHONES)
    link = third.url
    third.context.close()  # its battery is dead; another phone opens its link
    third = window(**live.PHONE)
    third.goto(link)
    live.vote(third, 2)
    live.answered(wall, 4, PHONES)

    home.kill()
    home.start()
    live.vote(others[0], 3)  # it has connected again by itself
    live.answered(wall, 5, PHONES)
    live.says(first, "C is in.")

    for figure in ("$2.2M", "$6.5M", "$8.7M", asked.why[:40]):
        assert not any(figure.encode() in frame for frame in heard), figure
        assert figure not in wall.content(), figure
    assert live.small(wall, LAST_ROW) == []
    live.press(trainer, "room_reveal")
    live.drawn(wall, 1)
    live.says(wall, "Where the room went wrong")
    assert live.small(wall, LAST_ROW) == []
    live.says(second, "You said A. It is C")
    live.says(first, "You said C, and so it is.")
    assert any(b"$2.2M" in frame for frame in heard)  # the ears were open all along

    # An estimate.
    truth = estimate_of("slip").truth
    heard.clear()
    live.ask(trainer, "An estimate")
    live.slide(first, 20)
    expect(first.get_by_role("heading", name="$4.0M")).to_be_visible()
    live.send(first)
    live.send(second)
    live.answered(wall, 2, PHONES)
    told = (b"6.5M", struct.pack("<d", truth), struct.pack("<d", truth / 1e6), b"6516510")
    assert not any(one in frame for one in told for frame in heard)
    assert "6.5M" not in wall.content()
    live.press(trainer, "room_reveal")
    live.drawn(wall, 1)
    live.says(wall, "Median")
    assert live.small(wall, LAST_ROW) == []
    live.says(first, "It is $6.5M. You said $4.0M: $2.5M too little.")

    # A decision: the own number while the lever moves, the dots only after Reveal.
    live.ask(trainer, "Team challenge")
    live.says(first, team_challenge().goal.conditions[1])
    live.slide(first, 4)
    live.says(first, "3.5% saved")
    live.says(first, "It is in.")
    live.send(late)
    live.answered(wall, 2, PHONES)
    live.press(trainer, "room_reveal")
    live.drawn(wall, 2)
    live.says(wall, "0 of 2 met the goal")
    assert live.small(wall, LAST_ROW) == []
    live.says(first, "You missed the goal. 3.5% saved, quality 75.0.")
    live.drawn(first, 1)

    # Five autumns: one decision, then what the year brought.
    live.ask(trainer, "Five autumns")
    live.slide(first, 3)
    live.says(first, "8 on cost, 2 on quality")
    live.send(first)
    live.answered(wall, 1, PHONES)
    live.press(trainer, "room_reveal")
    live.says(wall, "What the years brought")
    live.says(first, "luck")
    assert live.small(wall, LAST_ROW) == []
    live.says(trainer, "Next autumn")

    for page in (wall, first, late):
        assert key not in page.content()
        assert key not in page.url
    live.says(late, "Seat 12, Ana")
    assert "Ana" not in wall.content()
    assert not any(b"Ana" in frame or key.encode() in frame for frame in heard)
