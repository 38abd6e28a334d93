"""Reads the lessons: steps of the story, myths and presets, and refuses what is not well formed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeVar

from mssp_sim.learning.expression import Named, evaluate, fill, holds
from mssp_sim.scenario import quantities

Line = Literal["none", "zone", "whole"]
"""How much of the payoff curve a step shows: none of it, what is never paid, or all."""

FOLDER = Path(__file__).parent


class ContentError(Exception):
    """A file of lessons that is not well formed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPreset:
    """A named scenario: another one with some fields set, or found from other figures."""

    name: str
    title: str
    like: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    find: Mapping[str, str] = field(default_factory=dict)
    deck: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that can be bet on; ``worth`` is its place on the dollar axis, if it has one."""

    text: str
    worth: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answers; ``right`` counts from 0, and ``why`` explains."""

    question: str
    options: tuple[Option, ...]
    right: int
    why: str
    claims: tuple[str, ...]

    def filled(self, states: Mapping[str, Named]) -> Self:
        """Return the question with its figures in the texts."""
        return _filled(self, states, ("question", "why"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a step of the story and a myth share: a bet, one change of one scenario, claims.

    ``before`` and ``now`` name presets, ``lever`` is the field that moves between them, and
    ``claims`` must hold for the texts to be true.
    """

    name: str
    title: str
    wrong_idea: str
    question: str = ""
    options: tuple[Option, ...] = ()
    right: int = -1
    before: str
    now: str
    lever: str = ""
    claims: tuple[str, ...]

    TEXTS: ClassVar[tuple[str, ...]] = ("title", "wrong_idea", "question")

    def filled(self, states: Mapping[str, Named]) -> Self:
        """Return the lesson with its figures in the texts."""
        return _filled(self, states, self.TEXTS)

    def failed(self, states: Mapping[str, Named]) -> tuple[str, ...]:
        """Return the claims that do not hold."""
        return tuple(claim for claim in self.claims if not holds(claim, states))

    def worth(self, option: int, states: Mapping[str, Named]) -> float | None:
        """Return the dollars an answer stands for; None if it stands for none."""
        text = self.options[option].worth
        return float(evaluate(text, states).value) if text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep(Lesson):
    """A step of the story; ``headline`` and ``meaning`` are for after the bet.

    In a ``puzzle`` the reader looks for the answer with the lever.
    """

    text: str
    headline: str
    meaning: str
    line_before: Line = "whole"
    line: Line = "whole"
    ask_at: str = ""
    puzzle: bool = False

    TEXTS = (*Lesson.TEXTS, "text", "headline", "meaning")

    def words_before(self) -> int:
        """Return how many words stand on the screen before the reveal."""
        return _words(self.title, self.text, self.question, *(o.text for o in self.options))

    def words(self) -> int:
        """Return how many words the whole step has."""
        return self.words_before() + _words(self.headline, self.meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Myth(Lesson):
    """A belief with its experiment: two clicks, what was seen, the rule, when it is partly true."""

    clicks: tuple[str, str]
    saw: str
    rule: str
    partly: str
    also: tuple[str, ...] = ()
    reach: tuple[float, float] | None = None
    step: float | None = None
    only_above: bool = False

    TEXTS = (*Lesson.TEXTS, "saw", "rule", "partly")

    def filled(self, states: Mapping[str, Named]) -> Self:
        """Return the card with its figures in the texts."""
        card = _filled(self, states, self.TEXTS)
        first, second = (fill(text, states) for text in self.clicks)
        return replace(card, clicks=(first, second))


Filled = TypeVar("Filled", bound="Lesson | Question")
Entry = TypeVar("Entry")


def _filled(lesson: Filled, states: Mapping[str, Named], texts: tuple[str, ...]) -> Filled:
    filled: dict[str, Any] = {name: fill(getattr(lesson, name), states) for name in texts}
    filled["options"] = tuple(replace(o, text=fill(o.text, states)) for o in lesson.options)
    return replace(lesson, **filled)


def _words(*texts: str) -> int:
    return sum(any(c.isalnum() for c in word) for text in texts for word in text.split())


@cache
def presets() -> Mapping[str, ScenarioPreset]:
    """Return every named scenario, by name."""
    return MappingProxyType({p.name: p for p in read("presets", "presets", ScenarioPreset)})


@cache
def story() -> tuple[StoryStep, ...]:
    """Return the steps of the story, in order."""
    return read("story", "steps", StoryStep)


@cache
def recall() -> tuple[Question, ...]:
    """Return the questions at the end of the story."""
    return read("story", "recall", Question)


@cache
def myths() -> tuple[Myth, ...]:
    """Return the cards of the myth lab, in order."""
    return read("myths", "myths", Myth)


def read(file: str, table: str, kind: type[Entry], folder: Path = FOLDER) -> tuple[Entry, ...]:
    """Return the entries of one table of a file.

    Raises
    ------
    ContentError
        Names the file, the entry, and what is wrong with it.
    """
    path = folder / f"{file}.toml"
    try:
        entries = tomllib.loads(path.read_text("utf-8"))[table]
    except (tomllib.TOMLDecodeError, KeyError) as fault:
        raise ContentError(f"{path.name}: {fault}") from fault
    return tuple(entry(kind, given, path.name) for given in entries)


def entry(kind: type[Entry], given: Mapping[str, Any], file: str) -> Entry:
    """Return one entry of a file as what it is, or refuse it.

    Raises
    ------
    ContentError
        Names the file, the entry, and what is wrong with it.
    """
    where = f"{file}: {given.get('name') or given.get('question') or 'an entry without a name'}"
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if strange := sorted(set(given) - known):
        raise ContentError(f"{where} has {', '.join(strange)}; it may have {', '.join(known)}")
    content = {key: _plain(key, value) for key, value in given.items()}
    try:
        made = kind(**content)
    except TypeError as fault:
        raise ContentError(f"{where}: {fault}") from fault
    _check(made, where)
    return made


def _plain(key: str, value: Any) -> Any:  # noqa: ANN401  (whatever TOML holds)
    if key == "options":
        return tuple(Option(**({"text": o} if isinstance(o, str) else o)) for o in value)
    return tuple(value) if isinstance(value, list) else value


def _check(made: Any, where: str) -> None:  # noqa: ANN401
    """Refuse an entry that names what is not there."""
    if isinstance(made, ScenarioPreset):
        if strange := sorted({*made.set, *made.find} - set(quantities())):
            raise ContentError(f"{where} sets {', '.join(strange)}; a scenario has no such field")
        return
    if made.options and not 0 <= made.right < len(made.options):
        raise ContentError(f"{where}: right is {made.right}; {len(made.options)} options, from 0")
    if not made.claims:
        raise ContentError(f"{where} claims nothing; give it at least one claim")
    if isinstance(made, Lesson):
        named = (made.before, made.now, *getattr(made, "also", ()))
        if strange := sorted(set(named) - set(presets())):
            raise ContentError(f"{where} names {', '.join(strange)}; presets.toml has no such")
        if made.lever and made.lever not in quantities():
            raise ContentError(f"{where}: lever is {made.lever}; a scenario has no such field")
