"""Two replicas behind nginx: one dies, and nobody loses a scenario."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests import replicas
from tests.browser import screen
from tests.conftest import IN_CI
from tests.wire import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.long]

VISITORS, NEWCOMERS = 3, 10
MOMENT, TO_COME_BACK = 1_000, 60_000
CONNECTION = "data-test-connection-state"


@pytest.fixture
def two_replicas(tmp_path):
    if replicas.nginx() is None:
        (pytest.fail if IN_CI else pytest.skip)(replicas.NO_NGINX)
    with replicas.running(tmp_path) as running:
        yield running


def connections(page):
    """Return a list that grows with each connection to a replica."""
    made = []
    page.on("websocket", lambda socket: made.append(socket.url) if "stream" in socket.url else None)
    return made


def act(page, key):
    """Move a lever until the page answers: a first act after a break only wakes the new replica."""
    before = screen.address(page)
    for _ in range(3):
        screen.move(page, "Market share", key)
        if screen.address(page) != before:
            return
    raise AssertionError("nothing answers")


def without(name, everything):
    """Return all that is on the screen but one lever and what follows from it."""
    _, _, levers, _, address = everything
    parts = {part for part in address.split("&") if not part.startswith(name)}
    return {k: v for k, v in levers.items() if not k.lower().endswith(name)}, parts


def test_newcomers_take_the_replicas_in_turn_and_stay(two_replicas):
    address, (_, second) = two_replicas
    cookies = [replicas.cookie(address) for _ in range(NEWCOMERS)]
    assert sorted(cookies) == ["replica=1"] * 5 + ["replica=2"] * 5
    assert replicas.cookie(address, "replica=2") == ""
    assert replicas.cookie(address, "replica=of another time") in cookies

    async def moved_after_the_second_died():
        at_the_first = [await Visitor(address, cookie="replica=1").open() for _ in range(VISITORS)]
        second.kill()
        for visitor in at_the_first:
            await visitor.move("cost_reduction", 4.0)
            await visitor.close()
        return at_the_first

    with ThreadPoolExecutor(1) as apart:  # a browser's test may have a loop running here
        stayed = apart.submit(lambda: asyncio.run(moved_after_the_second_died())).result()
    assert all("4.0%" in visitor.headlines()[0] for visitor in stayed)


def test_one_replica_dies_and_its_visitors_go_on_at_the_other(two_replicas, visit):
    address, both = two_replicas
    pages = [visit(at=address) for _ in range(VISITORS)]
    for number, page in enumerate(pages):
        screen.move(page, "Cost reduction", "ArrowRight" if number % 2 else "ArrowLeft")
        screen.move(page, "Quality score", "ArrowRight")
    screen.press(pages[0], "pin")
    screen.choose_contract(pages[1], "C")
    made = [connections(page) for page in pages]
    for dying, key in zip(both, ("ArrowRight", "ArrowLeft"), strict=True):
        before = [screen.everything(page) for page in pages]
        dying.kill()
        pages[0].wait_for_timeout(MOMENT)
        for page, then in zip(pages, before, strict=True):
            app = page.get_by_test_id("stApp")
            expect(app).to_have_attribute(CONNECTION, "CONNECTED", timeout=TO_COME_BACK)
            screen.settle(page)
            assert screen.everything(page) == then
            act(page, key)
            assert without("share", screen.everything(page)) == without("share", then)
            moved = screen.everything(page)
            page.reload()
            screen.wait_for_pictures(page)
            assert screen.everything(page) == moved
        dying.start()
    for sockets in made:  # two reloads, and a break: each replica died once
        assert len(sockets) > 2
