"""Scripts of one process run in turn, and none waits long for another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mssp_sim.app import fair_scheduling

LONG = 20.0


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
    monkeypatch.setattr(fair_scheduling, "LONGEST_WAIT", LONG)
    threading.Timer(0.2, another_script.set).start()
    assert 0.1 < waited() < LONG


def test_no_script_waits_long_for_a_long_one(another_script):
    assert waited() >= fair_scheduling.LONGEST_WAIT * 0.9
    assert not another_script.is_set()


def test_a_turn_ends_with_a_fault_too():
    with pytest.raises(ZeroDivisionError), fair_scheduling.turn():
        raise ZeroDivisionError
    assert not fair_scheduling._turn.locked()


def test_who_did_not_wait_for_a_turn_does_not_end_another_s(another_script):
    assert not another_script.is_set()
    waited()
    assert fair_scheduling._turn.locked()
