"""A live room as people have it: a trainer, a wall, twelve phones, and whatever happens to them."""

import os
import struct
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from mssp_sim.app import room
from mssp_sim.rooms.questions import estimate_of, team_challenge, vote_on
from tests.browser import screen_access, screen_room
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
    """Return what opens a page, a phone in a context of its own; at the end none may be broken."""
    opened, broken = [], []
    shared = browser.new_context(viewport={"width": 1366, "height": 768})

    def open_window(**look):
        page = (browser.new_context(**look) if look else shared).new_page()
        page.set_default_timeout(live.PATIENCE)
        watch(page, home.address, broken)
        opened.append(page)
        return page

    yield open_window
    for page in opened:
        if not page.is_closed():
            broken += page.get_by_test_id("stException").all_inner_texts()
    for context in {page.context for page in opened}:
        context.close()
    assert not [said for said in broken if "WebSocket" not in said]


@dataclass
class Hall:
    """Who is in the room: the trainer, the wall, the phones, and what the first of them hears."""

    trainer: Page
    wall: Page
    phones: list[Page]
    heard: list[bytes]
    code: str
    key: str

    def reveal(self, pictures: int, words: str) -> None:
        """Lift the curtain; the wall shows it, and the last row can read it."""
        live.press(self.trainer, "room_reveal")
        live.drawn(self.wall, pictures)
        live.says(self.wall, words)
        assert live.small(self.wall, LAST_ROW) == []

    def keeps_quiet(self, *figures: str) -> None:
        """Check that no figure has come to a phone, and none is in the wall."""
        for figure in figures:
            assert not any(figure.encode() in frame for frame in self.heard), figure
            assert figure not in self.wall.content(), figure


def test_a_room_of_twelve_phones_with_a_round_of_each_kind(window, home):
    trainer, wall = window(), window()
    code, key = live.open_room(trainer, home.address)
    wall.goto(f"{home.address}/wall?room={code}")
    live.says(wall, "0 seats are in")
    assert live.small(wall, LAST_ROW) == []
    phones = [window(**live.PHONE) if n < NARROW - 1 else window() for n in range(PHONES - 1)]
    hall = Hall(trainer, wall, phones, live.listen(phones[0]), code, key)
    links = [live.enter(phone, home.address, code) for phone in phones]
    assert len(set(links)) == len(phones)
    live.says(wall, f"{len(phones)} seats are in")
    a_vote(hall, window, home)
    an_estimate(hall)
    a_decision(hall)
    five_autumns(hall)
    for page in (wall, *phones):
        assert key not in page.content()
        assert key not in page.url
    assert not any(key.encode() in frame or b"Ana" in frame for frame in hall.heard)
    live.says(phones[-1], "Seat 12, Ana")


def a_vote(hall, window, home):
    """Vote while phones are reloaded, come late, die and come back, and the server is killed."""
    asked, (first, second, third, *others) = vote_on("slip"), hall.phones
    live.ask(hall.trainer, "A card")
    live.vote(first, 2)
    live.vote(second, 0)
    late = window(**live.PHONE)
    steps = live.enter(late, home.address, hall.code, "Ana"), live.vote(late, 1)
    assert len(steps) + 1 <= MOST_STEPS  # the link is opened, Join is tapped, and the answer
    live.answered(hall.wall, 3, PHONES)
    second.reload()
    hall.wall.reload()
    live.says(second, "A is in.")
    live.answered(hall.wall, 3, PHONES)
    link = third.url
    third.close()  # its battery is dead; another phone opens its link
    third = hall.phones[2] = window()
    third.goto(link)
    live.vote(third, 2)
    home.kill()
    home.start()
    live.vote_after_a_break(others[0], 3)  # it has connected again by itself
    live.answered(hall.wall, 5, PHONES)
    live.says(first, "C is in.")
    hall.phones.append(late)
    hall.keeps_quiet("$2.2M", "$6.5M", "$8.7M", asked.why[:40])
    assert live.small(hall.wall, LAST_ROW) == []
    nobody_is_left_out(first)
    hall.reveal(1, "Where the room went wrong")
    nobody_is_left_out(hall.wall)
    nobody_is_left_out(hall.trainer)
    live.says(second, "You said A. It is C")
    live.says(first, "You said C, and so it is.")
    assert any(b"$2.2M" in frame for frame in hall.heard)  # the ears were open all along


def nobody_is_left_out(page):
    """Check that axe finds nothing, and that nothing is cut off or wider than its window."""
    assert screen_access.findings(page) == ([], [])
    assert screen_room.without_room(page) == []


def an_estimate(hall):
    first, second, *_ = hall.phones
    hall.heard.clear()
    live.ask(hall.trainer, "An estimate")
    live.slide(first, 20)
    expect(first.get_by_role("heading", name="$4.0M")).to_be_visible()
    live.send(first)
    live.send(second)
    live.answered(hall.wall, 2, PHONES)
    hall.keeps_quiet("6.5M", "6516510")
    truth = estimate_of("slip").truth
    packed = struct.pack("<d", truth), struct.pack("<d", truth / 1e6)
    assert not any(one in frame for one in packed for frame in hall.heard)
    live.press(hall.trainer, "room_lock")
    live.says(second, "Answers are no longer taken.")
    hall.reveal(1, "Median")
    live.says(first, "It is $6.5M. You said $4.0M: $2.5M too little.")


def a_decision(hall):
    """Decide with the own number in sight; the dots come after Reveal."""
    first, *_, late = hall.phones
    live.ask(hall.trainer, "Team challenge")
    live.says(first, team_challenge().goal.conditions[1])
    live.slide(first, 4)
    live.says(first, "3.5% saved")
    live.says(first, "It is in.")
    live.send(late)
    live.answered(hall.wall, 2, PHONES)
    assert hall.wall.locator("[data-testid=stVegaLiteChart]").count() == 0
    live.drawn(first, 1)
    hall.reveal(2, "0 of 2 met the goal")
    assert live.lowest(hall.wall) <= hall.wall.viewport_size["height"]  # curve and map, unscrolled
    live.says(first, "You missed the goal. 3.5% saved, quality 75.0.")
    live.drawn(first, 1)


def five_autumns(hall):
    """Play one of the five autumns; who is missing is played by the computer."""
    first, *_ = hall.phones
    live.ask(hall.trainer, "Five autumns")
    live.slide(first, 3)
    live.says(first, "8 on cost, 2 on quality")
    live.send(first)
    live.answered(hall.wall, 1, PHONES)
    hall.reveal(0, "What the years brought")
    live.says(first, "choice $8.4M, luck")
    live.says(hall.trainer, "Next autumn")
