"""What the user did, so that it can be undone: immutable moments, fifty of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mssp_sim.aco import Aco
from mssp_sim.scenario import Scenario

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """What is on the desk: the scenario in the levers and the baseline it is compared with.

    ``kept`` are scenarios put aside to compare, by their letter; ``aco`` is the ACO-year that
    the scenario was loaded from, None where it was not. ``taken_up`` says that the scenario came
    whole, from a file, a preset or an ACO, and not by a move of the one before.
    """

    scenario: Scenario
    baseline: Scenario
    kept: Mapping[str, Scenario] = field(default_factory=dict)
    aco: Aco | None = None
    taken_up: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class History:
    """The moment now, those before it, and those undone.

    ``gesture`` names the drag the last entry came from, so that a drag stays one entry; ``left``
    is where the last move, an undo too, came from: None where the desk became another one.
    """

    now: Moment
    past: tuple[Moment, ...] = ()
    undone: tuple[Moment, ...] = ()
    gesture: str = ""
    left: Moment | None = None

    def commit(self, moment: Moment, gesture: str = "", *, whole: bool = False) -> "History":
        """Return the history with one more entry; none if nothing changed or the drag goes on.

        Parameters
        ----------
        whole : the scenario is another one, taken up whole; it is no move of the one before
        """
        if moment == self.now:
            return self
        moment = replace(moment, taken_up=whole)
        if gesture and gesture == self.gesture:
            return replace(self, now=moment)
        past = (*self.past, self.now)[-LONGEST:]
        return History(moment, past, gesture=gesture, left=self._left(moment, moment))

    def at_rest(self) -> "History":
        """Return the history when a drag has ended: one that came home leaves no entry."""
        if not (self.gesture and self.past and self.past[-1] == self.now):
            return self
        return replace(self, past=self.past[:-1], gesture="")

    def _left(self, moment: Moment, later: Moment) -> Moment | None:
        """Return the moment now, if a move leads from it to another; ``later`` is its end."""
        same = (moment.baseline, moment.aco) == (self.now.baseline, self.now.aco)
        return self.now if same and not later.taken_up else None

    def steps_to(self, wanted: Callable[[Moment], bool]) -> int | None:
        """Return how many steps away the nearest such moment is: back below zero, None if none."""
        near = (
            step
            for away in range(max(len(self.past), len(self.undone)) + 1)
            for step in (-away, away)
            if -len(self.past) <= step <= len(self.undone) and wanted(self._at(step))
        )
        return next(near, None)

    def _at(self, step: int) -> Moment:
        return (*self.past, self.now, *self.undone)[len(self.past) + step]

    def walk(self, steps: int) -> "History":
        """Return the history so many entries forward, or back below zero."""
        found = self
        for _ in range(abs(steps)):
            found = found.undo() if steps < 0 else found.redo()
        return found

    def undo(self) -> "History":
        """Return the history one entry back."""
        if not self.past:
            return self
        return replace(
            self,
            now=self.past[-1],
            past=self.past[:-1],
            undone=(self.now, *self.undone),
            gesture="",
            left=self._left(self.past[-1], self.now),
        )

    def redo(self) -> "History":
        """Return the history one entry forward again."""
        if not self.undone:
            return self
        return replace(
            self,
            now=self.undone[0],
            past=(*self.past, self.now),
            undone=self.undone[1:],
            gesture="",
            left=self._left(self.undone[0], self.undone[0]),
        )
