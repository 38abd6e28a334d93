"""Two replicas behind nginx: one dies, and nobody loses a scenario."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from playwright.sync_api import expect

from tests import replicas
from tests.browser import screen
from tests.conftest import IN_CI
from tests.wire import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.long]

VISITORS, NEWCOMERS = 3, 10
MOMENT, TO_COME_BACK = 500, 60_000
ASKED = 2
"""Messages of a page that begins: for itself, and that it can run the live levers."""


@pytest.fixture
def two_replicas(tmp_path):
    if replicas.nginx() is None:
        (pytest.fail if IN_CI else pytest.skip)(replicas.NO_NGINX)
    with replicas.running(tmp_path) as running:
        yield running


def connections(page):
    """Return a list that grows with each connection to a replica: how often the page spoke."""
    made = []

    def count(which, _frame):
        made[which] += 1

    def opened(socket):
        if "stream" in socket.url:
            made.append(0)
            socket.on("framesent", partial(count, len(made) - 1))

    page.on("websocket", opened)
    return made


def stuck(page):
    """Return which replica a page's cookie names."""
    return next(one["value"] for one in page.context.cookies() if one["name"] == "replica")


def comes_back(page, made, many):
    """Wait until a page has a connection more, and has asked over it for itself and its levers."""
    for _ in range(TO_COME_BACK // MOMENT):
        if len(made) > many and made[-1] >= ASKED:
            return screen.settle(page)
        page.wait_for_timeout(MOMENT)
    raise AssertionError(f"{len(made)} connections, {many} before the break")


def act(page, key):
    """Move a lever once and wait for the answer: no move is lost once the page is connected."""
    before = page.url
    screen.lever(page, "Market share").focus()
    page.keyboard.press(key)
    expect(page).not_to_have_url(before, timeout=TO_COME_BACK)
    screen.settle(page)


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
    at_the_first = [stuck(page) == "1" for page in pages]
    assert set(at_the_first) == {True, False}
    for dying, key, breaks in (
        (both[0], "ArrowRight", at_the_first),
        (both[1], "ArrowLeft", [True] * VISITORS),
    ):
        before = [
            (screen.everything(page), len(sockets))
            for page, sockets in zip(pages, made, strict=True)
        ]
        dying.kill()
        for page, sockets, (then, many), broken in zip(pages, made, before, breaks, strict=True):
            if broken:
                comes_back(page, sockets, many)
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
