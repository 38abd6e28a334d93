"""One script at a time: Python runs only one anyway, and in turn each visitor waits for less.

A picture on the way, drawn while a lever is still dragged, lets every script pass that somebody
waits for: who has let go, or come to a page.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST_TURN = 0.25
"""Seconds after which a long script, a file being made, no longer holds the others up."""

LONGEST_WAIT = 3.0
"""Seconds after which a picture on the way lets nobody pass any more: a drag must not freeze."""

LOOK = 0.025
"""Seconds between two looks of a script that waits: at the turn, and for a newer message."""


class _Place(threading.Event):
    """The place of a script in the queue: set when its turn has come."""

    def __init__(self) -> None:
        super().__init__()
        self.since = time.monotonic()


_queues = threading.Lock()
_first: deque[_Place] = deque()
_after: deque[_Place] = deque()
_has_the_turn: _Place | None = None


@contextmanager
def turn(on_the_way: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Wait for a turn.

    Parameters
    ----------
    on_the_way : whether this run only draws a picture on the way; called again while it waits, so
        that what asks the session there ends the run as soon as a newer message has arrived
    """
    place, passing = _Place(), on_the_way()
    with _queues:
        (_after if passing else _first).append(place)
        if _has_the_turn is None:
            _pass_on()
    try:
        while not place.wait(LOOK):
            with _queues:
                _hold_nobody_up()
            if passing:
                on_the_way()
        yield
    finally:
        with _queues:
            _leave(place)


def _hold_nobody_up() -> None:
    """Pass the turn on if its holder takes too long, and let no picture wait for ever."""
    now = time.monotonic()
    while _after and now - _after[0].since > LONGEST_WAIT:
        _first.append(_after.popleft())
    if _has_the_turn is None or now - _has_the_turn.since > LONGEST_TURN:
        _pass_on()


def _leave(place: _Place) -> None:
    """Give a turn, or a place in a queue, back."""
    for queue in (_first, _after):
        if place in queue:
            queue.remove(place)
    if _has_the_turn is place:
        _pass_on()


def _pass_on() -> None:
    """Give the turn to who is next."""
    global _has_the_turn  # noqa: PLW0603  (the turn is of the process)
    queue = _first or _after
    _has_the_turn = queue.popleft() if queue else None
    if _has_the_turn is not None:
        _has_the_turn.since = time.monotonic()
        _has_the_turn.set()
