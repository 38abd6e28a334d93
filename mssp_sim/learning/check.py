"""The eight questions of Check yourself: each in a situation a number in the link decides."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Self

from mssp_sim.learning import content
from mssp_sim.learning.content import ContentError, Question, ScenarioPreset
from mssp_sim.learning.expression import evaluate, holds
from mssp_sim.learning.progress import Progress
from mssp_sim.learning.states import SettledState, States, opening_states
from mssp_sim.scenario import quantities

SEEDS = 1_000
"""Seeds go from 1 to one less than this."""

TRIES = 40
RESULT = 8
"""Where the result card stands: after the eight questions, counted from 0."""

AGAIN = "r"
_TEXT = re.compile(rf"([1-9]\d{{0,2}})({AGAIN}?)(?:~(.+))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle(Question):
    """A question in a situation that may be drawn anew.

    ``like`` is the preset it starts from, ``vary`` what a new situation draws from, ``states``
    the scenarios the texts speak of, ``ideas`` the belief behind each wrong answer, ``read`` the
    page and lesson that explain it. ``new`` asks in a new situation the first time too.
    """

    name: str
    about: str
    like: str
    states: tuple[Mapping[str, Any], ...]
    ideas: tuple[str, ...]
    read: str
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    new: bool = False

    def situation(self, states: States, draw: random.Random | None) -> Mapping[str, SettledState]:
        """Return the states the texts speak of; those of the preset where nothing is drawn."""
        start = states[self.like].scenario
        drawn = {name: draw.choice(values) for name, values in self.vary.items()} if draw else {}
        around: dict[str, SettledState] = {}
        begin = states.settled(
            replace(start, **drawn), ScenarioPreset(name="start", title=self.about)
        )
        around["start"] = begin
        for given in self.states:
            preset = ScenarioPreset(**{"title": self.about, "like": "start", **given})
            found = {name: evaluate(text, around).value for name, text in preset.find.items()}
            scenario = replace(around[preset.like].scenario, **preset.set, **found)
            around[preset.name] = states.settled(scenario, preset)
        return around


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands on the screen, with the settlements behind it."""

    puzzle: Puzzle
    question: Puzzle
    around: Mapping[str, SettledState]

    @property
    def now(self) -> SettledState:
        """What the question is about."""
        return self.around["now"]

    @property
    def before(self) -> SettledState:
        """What it is compared with; itself where there is nothing else."""
        return self.around.get("before", self.now)

    def idea(self, answer: int) -> str:
        """Return the belief behind an answer; nothing for the right one."""
        return self.question.ideas[answer]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Which questions, and what was answered, as one short text for a link.

    Examples
    --------
    >>> here = Sitting.read("7~2.ba")
    >>> here.seed, here.again, here.progress.at, here.progress.bet(0), here.written()
    (7, False, 2, 1, '7~2.ba')
    >>> here.later().written()
    '8r~0'
    """

    seed: int
    again: bool
    progress: Progress

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Return what a text says; the first seed's questions for one that cannot be read."""
        found = _TEXT.fullmatch(text or "")
        if not found:
            return cls(1, again=False, progress=Progress.read(None, RESULT + 1))
        progress = Progress.read(found[3], RESULT + 1)
        return cls(int(found[1]), again=bool(found[2]), progress=progress)

    def written(self) -> str:
        """Return it as a text that ``read`` understands."""
        return f"{self.code}~{self.progress.written()}"

    @property
    def code(self) -> str:
        """The questions alone, without the answers: what a class is given."""
        return f"{self.seed}{AGAIN if self.again else ''}"

    def later(self) -> Self:
        """Return the same questions in new situations, for a week later."""
        seed = self.seed % (SEEDS - 1) + 1
        return replace(self, seed=seed, again=True, progress=Progress.read(None, RESULT + 1))

    def asked(self, number: int) -> Asked:
        """Return one question of this sitting."""
        return _asked(self.seed, self.again, number)

    def right(self) -> int:
        """Return how many answers are right."""
        return sum(self.progress.bet(n) == self.asked(n).question.right for n in range(RESULT))

    def answered(self) -> tuple[int, ...]:
        """Return the numbers of the questions that are answered."""
        return tuple(n for n in range(RESULT) if self.progress.placed_at(n))

    def going_to(self, at: int) -> Self:
        """Return the same at another question, or at the result."""
        return replace(self, progress=self.progress.moved(at))

    def answering(self, answer: int) -> Self:
        """Return the same with the question on the screen answered, once and for good."""
        return replace(self, progress=self.progress.placed(answer))


@cache
def puzzles() -> tuple[Puzzle, ...]:
    """Return the questions, in order.

    Raises
    ------
    ContentError
        Names the question that is not well formed, and what is wrong with it.
    """
    found = content.read("check", "questions", Puzzle)
    if len(found) != RESULT:
        raise ContentError(f"check.toml has {len(found)} questions; it has {RESULT}")
    for puzzle in found:
        _check(puzzle)
    return found


def _check(puzzle: Puzzle) -> None:
    where = f"check.toml: {puzzle.name}"
    if puzzle.like not in content.presets():
        raise ContentError(f"{where} is like {puzzle.like}; presets.toml has no such")
    if strange := sorted(set(puzzle.vary) - set(quantities())):
        raise ContentError(f"{where} varies {', '.join(strange)}; a scenario has no such field")
    if [bool(idea) for idea in puzzle.ideas] != [
        n != puzzle.right for n in range(len(puzzle.options))
    ]:
        raise ContentError(f"{where}: each wrong answer has an idea behind it, the right one none")
    if not any(given.get("name") == "now" for given in puzzle.states):
        raise ContentError(f"{where} has no state named now")


@lru_cache(maxsize=256)
def _asked(seed: int, again: bool, number: int) -> Asked:  # noqa: FBT001  (a key of the cache)
    puzzle, states = puzzles()[number], opening_states()
    draw = random.Random(f"{puzzle.name} {seed} {again}")
    order = draw.sample(range(len(puzzle.options)), len(puzzle.options))
    fresh = puzzle.new or again
    for attempt in range(TRIES):
        around = puzzle.situation(states, draw if fresh and attempt < TRIES - 1 else None)
        filled = puzzle.filled(around)
        if _fits(puzzle, filled, around):
            break
    shuffled = replace(
        filled,
        options=tuple(filled.options[n] for n in order),
        ideas=tuple(filled.ideas[n] for n in order),
        right=order.index(filled.right),
    )
    return Asked(puzzle, shuffled, around)


def _fits(puzzle: Puzzle, filled: Puzzle, around: Mapping[str, SettledState]) -> bool:
    """Return whether every claim holds and no two answers look alike."""
    texts = {option.text for option in filled.options}
    return len(texts) == len(filled.options) and all(holds(c, around) for c in puzzle.claims)
