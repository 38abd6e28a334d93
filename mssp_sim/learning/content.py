"""Reads the lessons: steps of the story, myths and presets, and refuses what is not well formed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeVar

from mssp_sim.attribution import inputs
from mssp_sim.learning.expression import Named, evaluate, fill
from mssp_sim.scenario import quantities

Line = Literal["none", "zone", "whole"]
"""How much of the payoff curve a step shows: none of it, what is never paid, or all."""

Shows = Literal["curve", "ladder", "blend", "cap", "steps", "paid"]
"""The picture of a lesson: the payoff curve, or what its own lever moves."""

FOLDER = Path(__file__).parent


class ContentError(Exception):
    """A file of lessons that is not well formed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPreset:
    """A named scenario: another one with some fields set, or found from other figures.

    With ``churn`` it is the scenario at the end of a year in which its list has moved so.
    """

    name: str
    title: str
    like: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    find: Mapping[str, str] = field(default_factory=dict)
    churn: Mapping[str, Any] = field(default_factory=dict)
    deck: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that can be bet on.

    ``worth`` is its place on the dollar axis, if it has one; ``reply`` answers who chose it, where
    it is wrong.
    """

    text: str
    worth: str = ""
    reply: str = ""


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

    ``before`` and ``now`` name presets, ``lever`` is the field that moves between them, ``shows``
    the picture, and ``claims`` must hold for the texts to be true.
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
    shows: Shows = "curve"
    claims: tuple[str, ...]

    TEXTS: ClassVar[tuple[str, ...]] = ("title", "wrong_idea", "question")

    def filled(self, states: Mapping[str, Named]) -> Self:
        """Return the lesson with its figures in the texts."""
        return _filled(self, states, self.TEXTS)

    def worth(self, option: int, states: Mapping[str, Named]) -> float | None:
        """Return the dollars an answer stands for; None if it stands for none."""
        text = self.options[option].worth
        return float(evaluate(text, states).value) if text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep(Lesson):
    """A step of the story; ``headline`` and ``meaning`` are for after the bet.

    In a ``puzzle`` the reader looks for the answer with the lever. ``belief`` names the card of
    the myth lab that asks after the same wrong idea.
    """

    belief: str
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
    filled["options"] = tuple(
        replace(o, text=fill(o.text, states), reply=fill(o.reply, states)) for o in lesson.options
    )
    return replace(lesson, **filled)


def _words(*texts: str) -> int:
    return sum(any(c.isalnum() for c in word) for text in texts for word in text.split())


@cache
def presets() -> Mapping[str, ScenarioPreset]:
    """Return every named scenario, by name."""
    return MappingProxyType({p.name: p for p in read("presets", "presets", ScenarioPreset)})


@cache
def story() -> tuple[StoryStep, ...]:
    """Return the steps of the story as links number them; ``story_order`` is how they are told."""
    steps = read("story", "steps", StoryStep)
    known = {card.name for card in myths()}
    if strange := sorted({step.belief for step in steps} - known):
        raise ContentError(f"story.toml names {', '.join(strange)}; myths.toml has no such belief")
    return steps


@cache
def story_order() -> tuple[int, ...]:
    """Return the numbers of the steps in the order in which they are told."""
    return order("story", [step.name for step in story()])


@cache
def recall() -> tuple[Question, ...]:
    """Return the questions at the end of the story."""
    return read("story", "recall", Question)


@cache
def myths() -> tuple[Myth, ...]:
    """Return the cards of the myth lab as links number them."""
    return read("myths", "myths", Myth)


@cache
def myth_order() -> tuple[int, ...]:
    """Return the numbers of the cards in the order in which the lab shows them."""
    return order("myths", [card.name for card in myths()])


def order(file: str, names: Sequence[str], folder: Path = FOLDER) -> tuple[int, ...]:
    """Return the order that a file gives its entries, by their places in it.

    A link names an entry by its place in the file, so a new one is appended and ``order`` says
    where it is shown.

    Raises
    ------
    ContentError
        If the order leaves one out, or names one twice or one that is not there.
    """
    path = folder / f"{file}.toml"
    wanted = tomllib.loads(path.read_text("utf-8")).get("order", list(names))
    if sorted(wanted) != sorted(names):
        wrong = ", ".join(sorted(set(wanted) ^ set(names))) or "a name twice"
        raise ContentError(f"{path.name}: its order and its entries differ by {wrong}")
    return tuple(list(names).index(name) for name in wanted)


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
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    if strange := sorted(set(given).difference(known)):
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
        if strange := sorted(set(made.churn) - set(inputs())):
            raise ContentError(f"{where} moves {', '.join(strange)}; a list has no such movement")
        return
    if made.options and not 0 <= made.right < len(made.options):
        raise ContentError(f"{where}: right is {made.right}; {len(made.options)} options, from 0")
    if not made.claims:
        raise ContentError(f"{where} claims nothing; give it at least one claim")
    if isinstance(made, Lesson):
        named = (made.before, made.now, *getattr(made, "also", ()))
        if strange := sorted(set(named) - set(presets())):
            raise ContentError(f"{where} names {', '.join(strange)}; presets.toml has no such")
        if made.lever and made.lever not in (*quantities(), *inputs()):
            raise ContentError(f"{where}: lever is {made.lever}; a scenario has no such field")
        if [bool(option.reply) for option in made.options] != [
            n != made.right for n in range(len(made.options))
        ]:
            raise ContentError(f"{where}: each wrong answer has a reply, the right one none")
