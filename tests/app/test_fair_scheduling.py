"""Scripts of one process run in turn, and none waits long for another."""

import asyncio
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mssp_sim.app import fair_scheduling
from tests.wire import Visitor, apart

LONG = 20.0
NAME, DRAGGING, MOVES = "cost_reduction", 8, 5


@pytest.fixture
def another_script():
    """Let another script have the turn until the test is over."""
    begun, over = threading.Event(), threading.Event()

    def script():
        with fair_scheduling.turn():
            begun.set()
            over.wait(LONG)

    with ThreadPoolExecutor(1) as apart:
        apart.submit(script)
        assert begun.wait(LONG)
        yield over
        over.set()


def waited():
    """Return the seconds until this script has its turn."""
    before = time.perf_counter()
    with fair_scheduling.turn():
        return time.perf_counter() - before


def test_a_script_waits_until_the_other_is_done(another_script, monkeypatch):
    monkeypatch.setattr(fair_scheduling, "LONGEST_TURN", LONG)
    threading.Timer(0.2, another_script.set).start()
    assert 0.1 < waited() < LONG


def test_no_script_waits_long_for_a_long_one(another_script):
    assert waited() >= fair_scheduling.LONGEST_TURN * 0.5
    assert not another_script.is_set()


def test_a_turn_ends_with_a_fault_too():
    with pytest.raises(ZeroDivisionError), fair_scheduling.turn():
        raise ZeroDivisionError
    assert fair_scheduling._has_the_turn is None


def test_who_took_too_long_does_not_end_another_s_turn(another_script):
    waited()
    with fair_scheduling.turn():
        mine = fair_scheduling._has_the_turn
        another_script.set()
        time.sleep(0.1)
        assert fair_scheduling._has_the_turn is mine


def in_turn(order, name, **how):
    with fair_scheduling.turn(**how):
        order.append(name)


def queued(many):
    """Wait until so many scripts stand in the queues."""
    until = time.monotonic() + LONG
    while len(fair_scheduling._first) + len(fair_scheduling._after) < many:
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.mark.parametrize(("patience", "expected"), [(LONG, "abdc"), (0.0, "abcd")])
def test_a_picture_on_the_way_lets_others_pass_but_not_for_ever(
    another_script, monkeypatch, patience, expected
):
    monkeypatch.setattr(fair_scheduling, "LONGEST_TURN", LONG)
    monkeypatch.setattr(fair_scheduling, "LONGEST_WAIT", patience)
    order = []
    with ThreadPoolExecutor(4) as apart:
        for many, name in enumerate("abcd", 1):
            on_the_way = {"on_the_way": lambda: True} if name == "c" else {}
            apart.submit(in_turn, order, name, **on_the_way)
            queued(many)
            time.sleep(3 * fair_scheduling.LOOK)
        another_script.set()
    assert "".join(order) == expected


class NewerMessage(BaseException):
    """What Streamlit ends a run with, at the next thing it asks the session."""


@pytest.mark.usefixtures("another_script")
def test_a_newer_message_ends_a_picture_that_waits():
    asked = []

    def on_the_way():
        asked.append(True)
        if len(asked) > 1:
            raise NewerMessage
        return True

    with pytest.raises(NewerMessage), fair_scheduling.turn(on_the_way):
        pass
    assert not fair_scheduling._after


async def opened(server, query=""):
    return await Visitor(server, query).open()


def test_a_drag_that_nobody_waits_for_ends_where_it_was_let_go_as_one_entry(server):
    async def visit():
        visitor, told = await opened(server), await opened(server, "v=1&cut=5")
        before = visitor.headlines()
        for step in range(20):
            await visitor.say(NAME, 3.2 + step / 10, "drag", held=True)
        await visitor.until_answered(NAME, await visitor.say(NAME, 5.0, "drag", held=False))
        assert (visitor.headlines(), visitor.tiles()) == (told.headlines(), told.tiles())
        assert "cut=5" in visitor.query
        await visitor.set(visitor.element("button", "undo").id, trigger_value=True)
        assert visitor.headlines() == before
        await asyncio.gather(visitor.close(), told.close())

    apart(visit())


def test_who_lets_go_does_not_wait_for_the_pictures_of_others(server):
    async def visits():
        people = [await opened(server) for _ in range(DRAGGING)]
        mover, pictures, over = await opened(server), [], asyncio.Event()

        async def keep_dragging(visitor):
            step = 0
            while not over.is_set():
                step, before = step + 1, time.perf_counter()
                number = await visitor.say(NAME, 1 + step % 50 / 10, "drag", held=True)
                await visitor.until_answered(NAME, number)
                pictures.append(time.perf_counter() - before)

        dragged = [asyncio.create_task(keep_dragging(one)) for one in people]
        await asyncio.sleep(0.5)
        moved = [await mover.move(NAME, 2.0 + move / 10) for move in range(MOVES)]
        over.set()
        await asyncio.gather(*dragged)
        await asyncio.gather(*(one.close() for one in (mover, *people)))
        return statistics.median(moved), statistics.median(pictures)

    move, picture = apart(visits())
    assert move < 0.6 * picture, (move, picture)
