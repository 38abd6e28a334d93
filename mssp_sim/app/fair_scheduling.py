"""One script at a time: Python runs only one anyway, and in turn each visitor waits for less."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 0.25
"""Seconds after which a script no longer waits for a long one."""

_turn = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, but not for long."""
    has_it = _turn.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        if has_it:
            _turn.release()
