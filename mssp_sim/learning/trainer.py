"""What a trainer puts before a room: the deck of cards, the team challenge, plans of a session."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from mssp_sim.figures import minimum_rate, money, percent, plain, score
from mssp_sim.learning import content
from mssp_sim.learning.content import ContentError, Question, entry, myths, presets
from mssp_sim.learning.expression import fill
from mssp_sim.learning.states import SettledState, States, opening_states
from mssp_sim.naming import value_as_shown
from mssp_sim.result import Result
from mssp_sim.scenario import changed, quantities
from mssp_sim.simulation import simulate
from mssp_sim.tolerances import HALF_CENT, SAME_RATE

FILE = "trainer.toml"
CHALLENGE = "challenge"
VOTERS = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Question):
    """A scenario for the desk with what the room is asked about it.

    ``now`` is the preset that is put on the desk, ``against`` its baseline, ``why`` the answer,
    ``debrief`` what to ask the room afterwards, ``belief`` the card's idea if it is a myth.
    ``on_paper`` is the question for who holds only the paper (a belief's says where the ACO stands
    before it), ``beliefs`` what each wrong answer
    usually means and what to say to it.
    """

    now: str
    against: str
    debrief: str = ""
    name: str = ""
    belief: str = ""
    on_paper: str = ""
    beliefs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the card is called in a link."""
        return self.name or self.now

    def title(self, states: States) -> str:
        """Return what the deck shows; it never tells the answer."""
        return f"“{self.belief}”" if self.belief else states[self.now].title


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the challenge: in words, and whether it holds."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Challenge:
    """Earn at least so many dollars without cutting more, without a contract, with levers locked.

    ``earn`` is in dollars, ``most_cut`` a fraction of expected spending.
    """

    start: str
    earn: float
    most_cut: float
    without: str
    free: tuple[str, ...]

    @property
    def words(self) -> str:
        """The challenge in one sentence."""
        return (
            f"Earn at least {money(self.earn)} without cutting more than "
            f"{percent(self.most_cut)} and without {self.without}."
        )

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions, with no word of whether they hold.

        Examples
        --------
        >>> challenge().conditions[:2]
        ('Earn at least $9.0M', 'Cut cost by at most 3.5%')
        """
        free = ", ".join(quantities()[name].label for name in self.free)
        return (
            f"Earn at least {money(self.earn)}",
            f"Cut cost by at most {percent(self.most_cut)}",
            f"Sign another contract than {self.without}",
            f"Only these levers move: {free}",
        )

    def checks(self, result: Result) -> tuple[Check, ...]:
        """Return each condition against a settlement.

        Source: ours

        Examples
        --------
        >>> [check.holds for check in challenge().checks(opening_states()['slip'].result)]
        [False, True, True, True]
        """
        scenario = result.scenario
        earned, cut = float(result.shared_savings), float(scenario.cost_reduction)
        strayed = [
            quantities()[name].label
            for name in changed(scenario, opening_states()[self.start].scenario)
            if name not in self.free
        ]
        around = "as given" if not strayed else f"changed: {', '.join(strayed)}"
        return (
            Check(
                f"Earns {_beside(earned, self.earn)}, at least {money(self.earn)}",
                earned >= self.earn - HALF_CENT,
            ),
            Check(
                f"Cuts {value_as_shown('cost_reduction', scenario)}, "
                f"at most {percent(self.most_cut)}",
                cut <= self.most_cut + SAME_RATE,
            ),
            Check(f"Contract {scenario.level}, not {self.without}", scenario.level != self.without),
            Check(f"What happens around you: {around}", not strayed),
        )

    def read_out(self, result: Result) -> str:
        """Return how far a settlement is from it, in a line.

        Source: ours

        Examples
        --------
        >>> challenge().read_out(opening_states()["slip"].result)
        'Challenge, 3 of 4: earns $6.5M, at least $9.0M'
        """
        checks = self.checks(result)
        missed = [check.words for check in checks if not check.holds]
        if not missed:
            return "Challenge: solved"
        first = missed[0][0].lower() + missed[0][1:]
        return f"Challenge, {len(checks) - len(missed)} of {len(checks)}: {first}"

    def solution(self) -> Result:
        """Return the smallest cut, in tenths of a point, that does it at the quality standard."""
        start = opening_states()[self.start]
        standard = float(start.result.quality_performance_standard)
        cuts = np.arange(0.0, self.most_cut + SAME_RATE, 0.001).round(6)
        found = simulate(replace(start.scenario, quality_score=standard, cost_reduction=cuts))
        enough = cuts[found.shared_savings >= self.earn - HALF_CENT]
        if not enough.size:
            raise ContentError(f"{FILE}: the challenge cannot be solved: {self.words}")
        return simulate(
            replace(start.scenario, quality_score=standard, cost_reduction=float(enough[0]))
        )


def _beside(earned: float, wanted: float) -> str:
    """Return what is earned; in whole dollars where the millions would hide a miss."""
    missed = earned < wanted and money(earned) == money(wanted)
    return f"${earned:,.0f}" if missed else money(earned)


@dataclass(frozen=True, slots=True)
class Kit:
    """What a trainer needs beside the cards: goals, questions that come, what is left out, rooms.

    ``asked`` holds each likely question with its answer, ``rooms`` each kind of room with advice.
    """

    goals: tuple[str, ...]
    left_out: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    rooms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a session: its minutes, what to do, and its card if it has one."""

    name: str
    minutes: int
    doing: str
    card: str = ""
    debrief: bool = False
    challenge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """How a session of so many minutes goes."""

    minutes: int
    parts: tuple[Part, ...]


@cache
def deck() -> Mapping[str, Card]:
    """Return the cards by their word in a link: states of the story, then the beliefs."""
    own = [entry(Card, given, FILE) for given in _file()["cards"]]
    beliefs = [
        Card(
            name=myth.name,
            belief=myth.title,
            now=myth.now,
            against=myth.before,
            question=myth.question,
            options=myth.options,
            right=myth.right,
            why=f"{myth.saw} {myth.rule}",
            debrief=f"When it is partly true: {myth.partly}",
            claims=myth.claims,
        )
        for myth in myths()
    ]
    for card in own:
        if strange := sorted({card.now, card.against} - set(presets())):
            raise ContentError(f"{FILE} names {', '.join(strange)}; presets.toml has no such")
        if not card.on_paper:
            raise ContentError(f"{FILE}: {card.key} has no question for paper")
        if [n for n, belief in enumerate(card.beliefs) if not belief] != [card.right]:
            raise ContentError(
                f"{FILE}: {card.key} has no belief for each wrong answer, and no more"
            )
    return {card.key: card for card in (*own, *beliefs)}


@cache
def challenge() -> Challenge:
    """Return the team challenge."""
    given = _file()[CHALLENGE]
    return Challenge(**{**given, "free": tuple(given["free"])})


@cache
def kit() -> Kit:
    """Return what a trainer needs beside the cards, with its figures in the texts.

    Examples
    --------
    >>> len(kit().asked), len(kit().rooms)
    (5, 3)
    """
    given, states = _file()["kit"], opening_states()
    return Kit(
        goals=tuple(given["goals"]),
        left_out=tuple(given["left_out"]),
        asked=tuple((a["question"], fill(a["answer"], states)) for a in given["asked"]),
        rooms=tuple((room["name"], room["words"]) for room in given["rooms"]),
    )


@cache
def plans() -> Mapping[int, SessionPlan]:
    """Return the plans of a session by their minutes.

    Raises
    ------
    ContentError
        Where the parts do not fill the session, or a third of it is not debrief.
    """
    return {given["minutes"]: _plan(given) for given in _file()["plans"]}


def _plan(given: Mapping[str, Any]) -> SessionPlan:
    plan = SessionPlan(
        minutes=given["minutes"], parts=tuple(Part(**part) for part in given["parts"])
    )
    used = sum(part.minutes for part in plan.parts)
    debrief = sum(part.minutes for part in plan.parts if part.debrief)
    if (used, debrief * 3) != (plan.minutes, plan.minutes):
        raise ContentError(
            f"{FILE}: the plan of {plan.minutes} minutes has parts of {used}, {debrief} of them "
            "debrief; a third is debrief"
        )
    if strange := {part.card for part in plan.parts} - set(deck()) - {""}:
        raise ContentError(f"{FILE}: a plan names {', '.join(sorted(strange))}; no such card")
    return plan


def filled(card: Card) -> Card:
    """Return a card with its figures in the texts."""
    states = opening_states()
    belief, debrief = fill(card.belief, states), fill(card.debrief, states)
    on_paper = fill(card.on_paper, states)
    if card.belief:
        on_paper = f"“{belief}” {_stands(card, states)} {fill(card.question, states)}"
    return replace(card.filled(states), belief=belief, debrief=debrief, on_paper=on_paper)


def _stands(card: Card, states: States) -> str:
    """Return where an ACO stands before a belief is tried, as far as its question leaves it so."""
    now, before = states[card.now].scenario, states[card.against].scenario
    moved, result = changed(now, before), states[card.against].result
    cut, level = float(before.cost_reduction), str(before.level)
    cost = f"cost cut by {percent(cut)}" if cut > 0 else f"overspent by {percent(-cut)}"
    standard = score(float(result.quality_performance_standard), 1)
    quality = f"quality {score(float(before.quality_score), 1)}, full standard {standard}"
    minimum = f"minimum {minimum_rate(float(result.minimum_savings_rate))}"
    parts = {
        "assigned_beneficiaries": f"{plain(float(before.assigned_beneficiaries), 0)} people",
        "level": level if level == "ENHANCED" else f"Level {level}",
        "cost_reduction": cost if cut else "no cost cut",
        "quality_score": quality if "quality_score" not in moved else f"full standard {standard}",
        "minimum_election": minimum,
    }
    stays = [
        said for field, said in parts.items() if field not in moved or field == "quality_score"
    ]
    return f"Where it stands: {', '.join(stays)}."


def on_desk(card: Card) -> tuple[SettledState, SettledState]:
    """Return what a card puts on the desk: the scenario and its baseline."""
    states = opening_states()
    return states[card.now], states[card.against]


def votes(text: str | None, options: int) -> tuple[int, ...]:
    """Return the counts of a vote from a text of a link; zeros for one that cannot be read.

    Examples
    --------
    >>> votes("3,12,7", 3), votes("3,many,7", 3), votes("1,2", 3)
    ((3, 12, 7), (0, 0, 0), (0, 0, 0))
    """
    parts = (text or "").split(",")
    if len(parts) != options or not all(p.isascii() and p.isdecimal() for p in parts):
        return (0,) * options
    return tuple(min(int(part[:4]), VOTERS) for part in parts)


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads((content.FOLDER / FILE).read_text("utf-8"))
