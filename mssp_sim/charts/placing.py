"""Where a label has room: clear of other labels, of dots and of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from mssp_sim.units import Array

LETTER, BOLD_LETTER, LINE, HALF_LINE = 6.4, 6.8, 16.0, 8.0
"""Pixels of a label: a letter is so wide, a line so high."""
EVERY = 3.0
"""Pixels between two points of a line that are looked at."""
A_POINT, OUTSIDE = 40.0, 20.0
"""What a point of a line under a label costs, and a pixel of it outside, against a covered one."""


class Spot(NamedTuple):
    """A place for a label, in pixels from the lower left: its end, its first line's middle."""

    look: str
    x: float
    y: float
    words: Sequence[str]


class Box(NamedTuple):
    """What a mark covers, in pixels."""

    left: float
    right: float
    low: float
    high: float


@dataclass(slots=True)
class LabelSheet:
    """A picture on which labels are put one after the other, each where it is in nothing's way.

    ``ends`` says on which end a label of a look hangs, and whether it is bold.
    """

    width: float
    height: float
    ends: dict[str, tuple[str, bool]]
    boxes: list[Box] = field(default_factory=list)
    points: list[Array] = field(default_factory=list)

    def dot(self, x: float, y: float, radius: float) -> None:
        """Note a dot."""
        self.boxes.append(Box(x - radius, x + radius, y - radius, y + radius))

    def line(self, x: Array, y: Array) -> None:
        """Note a line of straight pieces."""
        if len(x) < 2:  # noqa: PLR2004
            return
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        steps = np.arange(0, along[-1] + EVERY, EVERY)
        self.points.append(np.stack([np.interp(steps, along, x), np.interp(steps, along, y)]))

    def put(self, spots: Iterable[Spot]) -> Spot:
        """Return the first spot that is in nothing's way, or the one least in it, and occupy it."""
        points = np.concatenate(self.points, axis=1) if self.points else np.empty((2, 0))
        best, least = None, float("inf")
        for spot in spots:
            cost = self._cost(self.box(spot), points)
            if cost < least:
                best, least = spot, cost
            if not least:
                break
        assert best is not None, "a label needs a place"
        self.boxes.append(self.box(best))
        return best

    def box(self, spot: Spot) -> Box:
        """Return what a label covers."""
        end, bold = self.ends[spot.look]
        wide = max(map(len, spot.words)) * (BOLD_LETTER if bold else LETTER)
        left = {"left": spot.x, "right": spot.x - wide, "center": spot.x - wide / 2}[end]
        low = spot.y - HALF_LINE - LINE * (len(spot.words) - 1)
        return Box(left, left + wide, low, spot.y + HALF_LINE)

    def _cost(self, box: Box, points: Array) -> float:
        x, y = points
        under = (x > box.left) & (x < box.right) & (y > box.low) & (y < box.high)
        beyond = (
            max(0.0, -box.left) + max(0.0, box.right - self.width)
            + max(0.0, -box.low) + max(0.0, box.high - self.height)
        )  # fmt: skip
        covered = sum(_shared(box, other) for other in self.boxes)
        return A_POINT * int(np.count_nonzero(under)) + OUTSIDE * beyond + covered


def _shared(one: Box, other: Box) -> float:
    """Return how many pixels two boxes share."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.high, other.high) - max(one.low, other.low)
    return max(0.0, across) * max(0.0, down)
