"""What a room, a server and a phone may have at most, and how often a phone may speak."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from mssp_sim.rooms.error import TooManyError

LONGEST_NAME = 24
LONGEST_MESSAGE = 1_000
"""Characters of one message of a phone."""

SEATS_A_ROOM = 200
ROOMS_A_SERVER = 50
ROUNDS_A_ROOM = 60
"""A room holds at most so many answers for each seat, one a round and five in five autumns: with
200 seats, 50 rooms and 500 bytes each, a day of hostile phones fills less than 2 GB, and each
phone reaches its own rows only."""

SECONDS_OPEN = 24 * 60 * 60.0

MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 5.0, 15
JOINS_A_SECOND, JOINS_AT_ONCE = 20.0, 100
"""New seats of one room: a full hall scans one code at the same time."""

WRONG_CODES_A_SECOND, WRONG_CODES_AT_ONCE = 10.0, 50
"""Of one process; a code that is right costs nothing of it."""

KEYS = 20_000
"""Phones a limit keeps in mind; beyond that the one silent for longest is forgotten."""


class Rate:
    """So many a second for each key, and a few more at once: a bucket that fills again."""

    def __init__(
        self, a_second: float, at_once: int, sentence: str, clock: Callable[[], float]
    ) -> None:
        self._a_second, self._at_once, self._sentence = a_second, float(at_once), sentence
        self._clock, self._lock = clock, threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one for a key.

        Raises
        ------
        TooManyError
            Where the key has none left; it is not counted then.
        """
        with self._lock:
            left = self._now(key)
            if left < 1:
                raise TooManyError(self._sentence)
            self._left[key] = (left - 1, self._clock())
            self._left.move_to_end(key)
            while len(self._left) > KEYS:
                self._left.popitem(last=False)

    def check(self, key: str) -> None:
        """Refuse where a key has none left; count nothing.

        Raises
        ------
        TooManyError
            Where the key has none left.
        """
        with self._lock:
            if self._now(key) < 1:
                raise TooManyError(self._sentence)

    def _now(self, key: str) -> float:
        now = self._clock()
        left, at = self._left.get(key, (self._at_once, now))
        if now < at:  # the clock was put back: what is left fills again from here
            self._left[key] = (left, now)
        return min(self._at_once, left + max(0.0, now - at) * self._a_second)


class Limits:
    """The rates of one process, by its clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.messages = Rate(
            MESSAGES_A_SECOND, MESSAGES_AT_ONCE,
            "That was too fast for this room; wait a second and send it again.", clock,
        )  # fmt: skip
        self.joins = Rate(
            JOINS_A_SECOND, JOINS_AT_ONCE,
            "Many people are joining at this moment; try again in a few seconds.", clock,
        )  # fmt: skip
        self.wrong_codes = Rate(
            WRONG_CODES_A_SECOND, WRONG_CODES_AT_ONCE,
            "Too many wrong codes were tried; wait a few seconds, then check the code.", clock,
        )  # fmt: skip
