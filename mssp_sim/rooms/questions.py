"""What a round asks: a vote, an estimate, a decision, or five autumns; checked, and as JSON.

Source: ours.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np

from mssp_sim import link
from mssp_sim.figures import money, percent, score
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import challenge, deck, filled
from mssp_sim.parameters import CONTRACTS, LEVELS, rules_in_force
from mssp_sim.quantity import BY_SIZE, FIRST_LEVELS, NO_SLIDER, PERFORMANCE_YEARS
from mssp_sim.result import Result
from mssp_sim.rooms.error import RoomError
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies.agreement import years
from mssp_sim.studies.levers import ends
from mssp_sim.tolerances import HALF_CENT, SAME_RATE
from mssp_sim.units import Array

Kind = Literal["vote", "estimate", "decide", "autumns"]
Unit = Literal["dollars", "percent", "points", "number"]
"""Of an estimate: dollars; fractions shown as percent or as points of 100; or a plain number."""

LONGEST_QUESTION, LONGEST_OPTION = 300, 160
FEWEST_OPTIONS, MOST_OPTIONS = 2, 4
MOST_LEVERS = 6
MOST_TEAMS = 40
YEARS = 5


class QuestionError(RoomError):
    """A question that cannot be asked, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Up to four answers, of which one is right.

    ``beliefs`` say what each wrong answer usually means, ``myth`` the belief of the myth lab that
    the question is about, ``card`` its word in the trainer's deck; empty where it was made on the
    spot.
    """

    words: str
    options: tuple[str, ...]
    right: int
    why: str = ""
    card: str = ""
    myth: str = ""
    beliefs: tuple[str, ...] = ()
    debrief: str = ""
    kind: Literal["vote"] = "vote"

    def __post_init__(self) -> None:
        _text("The question", self.words, LONGEST_QUESTION)
        if not FEWEST_OPTIONS <= len(self.options) <= MOST_OPTIONS:
            raise QuestionError(
                f"A vote has {FEWEST_OPTIONS} to {MOST_OPTIONS} answers; this has "
                f"{len(self.options)}."
            )
        for option in self.options:
            _text("An answer", option, LONGEST_OPTION)
        if not 0 <= self.right < len(self.options):
            raise QuestionError("Say which answer is right.")

    def counts(self, given: Mapping[int, object]) -> tuple[int, ...]:
        """Return how many seats chose each answer."""
        return tuple(sum(value == n for value in given.values()) for n in range(len(self.options)))

    def believed(self, counts: Sequence[int]) -> tuple[str, str, str] | None:
        """Return the wrong answer that most chose, what it usually means, and the myth it is.

        None where nobody was wrong; of two that as many chose the first.
        """
        wrong = [(count, -n) for n, count in enumerate(counts) if n != self.right and count]
        if not wrong:
            return None
        most = -max(wrong)[1]
        said = self.beliefs[most] if most < len(self.beliefs) else ""
        return self.options[most], said, self.myth


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number on an axis from ``low`` to ``high``; dollars, or fractions where shown in 100."""

    words: str
    low: float
    high: float
    truth: float
    unit: Unit = "dollars"
    why: str = ""
    card: str = ""
    kind: Literal["estimate"] = "estimate"

    def __post_init__(self) -> None:
        _text("The question", self.words, LONGEST_QUESTION)
        if not all(map(math.isfinite, (self.low, self.high, self.truth))):
            raise QuestionError("The axis and the answer of an estimate are numbers.")
        if not self.low < self.high:
            raise QuestionError("The axis of an estimate ends above where it begins.")
        if not self.low <= self.truth <= self.high:
            raise QuestionError("The answer of an estimate lies on its axis.")
        if self.unit not in get_args(Unit):
            raise QuestionError(f"An estimate is in one of {', '.join(get_args(Unit))}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a decision is to reach: earn so many dollars, within limits the engine checks.

    ``most_cut`` and ``least_quality`` are fractions, ``without`` a contract that is not allowed;
    None, or empty, where there is no such limit.
    """

    earn: float
    most_cut: float | None = None
    least_quality: float | None = None
    without: str = ""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Each condition in words.

        Examples
        --------
        >>> Goal(earn=9e6, most_cut=0.035).conditions
        ('Earn at least $9.0M', 'Cut cost by at most 3.5%')
        """
        found = [f"Earn at least {money(self.earn)}"]
        if self.most_cut is not None:
            found.append(f"Cut cost by at most {percent(self.most_cut)}")
        if self.least_quality is not None:
            found.append(f"Reach a quality score of {score(self.least_quality)}")
        if self.without:
            found.append(f"Sign another contract than {self.without}")
        return tuple(found)

    def met(self, result: Result) -> Array:
        """Return for each row of a settlement whether every condition holds."""
        scenario = result.scenario
        met = np.asarray(result.shared_savings) >= self.earn - HALF_CENT
        if self.most_cut is not None:
            met = met & (np.asarray(scenario.cost_reduction) <= self.most_cut + SAME_RATE)
        if self.least_quality is not None:
            met = met & (np.asarray(scenario.quality_score) >= self.least_quality - SAME_RATE)
        if self.without:
            met = met & (np.asarray(scenario.level) != self.without)
        return np.asarray(met)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Each seat steers the same ACO with the levers in ``free``, towards a goal.

    With ``live`` a phone shows what its own levers pay while they move, and the curve of its own
    ACO; without, after Reveal.
    """

    words: str
    start: Scenario
    free: tuple[str, ...]
    goal: Goal | None = None
    live: bool = False
    card: str = ""
    kind: Literal["decide"] = "decide"

    def __post_init__(self) -> None:
        _text("The question", self.words, LONGEST_QUESTION)
        _single(self.start)
        if not 1 <= len(set(self.free)) == len(self.free) <= MOST_LEVERS:
            raise QuestionError(f"Unlock 1 to {MOST_LEVERS} levers.")
        for name in self.free:
            if name not in quantities() or not steerable(name):
                raise QuestionError(f"{name[:40]} is no lever that a phone can move.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Autumns:
    """Five autumns: each team has ten tokens a year for cost and quality, five years long.

    ``teams`` is how many; with 0 each seat is a team of its own.
    """

    words: str
    start: Scenario
    teams: int = 0
    kind: Literal["autumns"] = "autumns"

    def __post_init__(self) -> None:
        _text("The question", self.words, LONGEST_QUESTION)
        _single(self.start)
        if isinstance(self.teams, bool) or not 0 <= self.teams <= MOST_TEAMS:
            raise QuestionError(f"There are up to {MOST_TEAMS} teams, or 0 for one a seat.")
        if self.start.agreement_start < FIRST_LEVELS or len(years(self.start)) != YEARS:
            raise QuestionError("Five autumns need an agreement of five years, from 2020 on.")


Question = Vote | Estimate | Decide | Autumns
_KINDS: Mapping[str, type[Any]] = {
    "vote": Vote, "estimate": Estimate, "decide": Decide, "autumns": Autumns,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever a phone may move: ``start`` is where it stands, ``choices`` its values if few.

    Numbers are in core units: a rate or a score is a fraction.
    """

    field: str
    label: str
    kind: str
    start: float | str | bool | None
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    choices: tuple[float | str | bool, ...] = ()


def levers(question: Decide) -> tuple[Lever, ...]:
    """Return the levers of a decision, in the order they were unlocked.

    Examples
    --------
    >>> one = levers(Decide(words="?", start=Scenario(), free=("cost_reduction",)))[0]
    >>> one.label, one.start, one.low, one.high
    ('Cost reduction', 0.031, -0.08, 0.12)
    """
    return tuple(_lever(question.start, name) for name in question.free)


def _lever(start: Scenario, name: str) -> Lever:
    words, now = quantities()[name], getattr(start, name)
    if words.kind == "switch":
        return Lever(name, words.label, words.kind, now, choices=(False, True))
    if name == "level":
        offered = LEVELS if start.agreement_start >= FIRST_LEVELS else CONTRACTS[len(LEVELS) :]
        return Lever(name, words.label, words.kind, str(now), choices=tuple(offered))
    if name == "minimum_election":
        rates = rules_in_force(PERFORMANCE_YEARS[1]).minimum_rate_choices
        return Lever(name, words.label, words.kind, now, choices=(BY_SIZE, *map(float, rates)))
    low, high = ends(start, name) if now is not None else words.slider
    return Lever(name, words.label, words.kind, now, low, high, words.step)


def steerable(name: str) -> bool:
    """Return whether a phone can move this lever."""
    words = quantities()[name]
    return (
        name in ("level", "minimum_election")
        or words.kind == "switch"
        or (words.kind not in ("table", "year", "date") and words.slider != NO_SLIDER)
    )


def _text(what: str, text: str, longest: int) -> None:
    if not text.strip():
        raise QuestionError(f"{what} is empty.")
    if len(text) > longest:
        raise QuestionError(f"{what} has {len(text)} characters; it has at most {longest}.")


def _single(start: Scenario) -> None:
    if start.shape:
        raise QuestionError("A round starts from a single scenario.")


def vote_on(key: str) -> Vote:
    """Return a card of the trainer's deck, or a belief of the myth lab, as a vote.

    Parameters
    ----------
    key : the card's word in a link

    Raises
    ------
    QuestionError
        Where the deck has no such card.

    Examples
    --------
    >>> vote_on("slip").right, len(vote_on("slip").options)
    (2, 4)
    """
    if key not in deck():
        raise QuestionError(f"The deck has no card {key[:40]}.")
    card = filled(deck()[key])
    return Vote(
        words=card.question,
        options=tuple(option.text for option in card.options),
        right=card.right,
        why=card.why,
        card=key,
        myth=card.belief,
        beliefs=card.beliefs or tuple(option.reply for option in card.options),
        debrief=card.debrief,
    )


def estimate_of(key: str) -> Estimate:
    """Return the payment of a card's scenario as an estimate, on an axis that does not tell it.

    Raises
    ------
    QuestionError
        Where the deck has no such card.

    Examples
    --------
    >>> asked = estimate_of("slip")
    >>> asked.low, asked.high, round(asked.truth)
    (-20000000.0, 20000000.0, 6516510)
    """
    if key not in deck():
        raise QuestionError(f"The deck has no card {key[:40]}.")
    state = opening_states()[deck()[key].now]
    result = state.result
    truth = float(result.payment)
    low, high = ends_of_dollars(result, truth)
    return Estimate(
        words=f"{told(state.scenario)} What is it paid, or what does it owe?",
        low=low,
        high=high,
        truth=truth,
        why=f"It is {money(truth)}.",
        card=key,
    )


def told(scenario: Scenario) -> str:
    """Return what a phone is told of the ACO that a number is asked of.

    Examples
    --------
    >>> told(Scenario())
    'An ACO cuts cost by 3.1% at quality 75.0, contract E.'
    """
    cut, quality = float(scenario.cost_reduction), float(scenario.quality_score)
    return (
        f"An ACO cuts cost by {percent(cut)} at quality {score(quality)}, "
        f"contract {scenario.level}."
    )


def ends_of_dollars(result: Result, truth: float) -> tuple[float, float]:
    """Return the ends of an axis of dollars that goes by the ACO's size and does not tell."""
    end = _round_up(0.02 * float(result.benchmark_total))
    while end < abs(truth):
        end *= 2
    return -end, end


def _round_up(dollars: float) -> float:
    """Return the next 1, 2 or 5 with zeros."""
    ten = 10.0 ** math.floor(math.log10(dollars))
    return next(part * ten for part in (1, 2, 5, 10) if part * ten >= dollars)


def team_challenge(*, live: bool = True) -> Decide:
    """Return the team challenge of the trainer's desk as a decision.

    Examples
    --------
    >>> team_challenge().goal.conditions[0]
    'Earn at least $9.0M'
    """
    given = challenge()
    return Decide(
        words=given.words,
        start=opening_states()[given.start].scenario,
        free=tuple(name for name in given.free if steerable(name)),
        goal=Goal(earn=given.earn, most_cut=given.most_cut, without=given.without),
        live=live,
        card="challenge",
    )


def write(question: Question) -> str:
    """Return a question as JSON that ``read`` understands.

    Raises
    ------
    QuestionError
        Where its scenario has more edited tables than a link holds.
    """
    given = {name: getattr(question, name) for name in type(question).__slots__}
    if isinstance(question, Decide | Autumns):
        opening = Scenario()
        try:
            given["start"] = link.encode(question.start, opening, opening, opening)
        except ValueError as fault:
            raise QuestionError(
                "This scenario has more edited tables than a room keeps; reset those you do not "
                "need."
            ) from fault
    if isinstance(question, Decide) and question.goal is not None:
        given["goal"] = asdict(question.goal)
    return json.dumps(given, separators=(",", ":"))


@lru_cache(maxsize=128)
def read(text: str) -> Question:
    """Return the question that a store holds.

    Examples
    --------
    >>> asked = team_challenge()
    >>> read(write(asked)) == asked
    True
    """
    given: dict[str, Any] = json.loads(text)
    if "start" in given:
        opening = Scenario()
        query = {key: (value,) for key, value in given["start"].items()}
        given["start"] = link.decode(query, opening, opening).scenario
    if given.get("goal"):
        given["goal"] = Goal(**given["goal"])
    kind = _KINDS[given["kind"]]
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    found: Question = kind(**{**given, **lists})
    return found


@lru_cache(maxsize=32)
def settled_start(start: Scenario) -> Result:
    """Return the settlement of the scenario a round starts from."""
    return simulate(start)
