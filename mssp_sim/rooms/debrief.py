"""The debrief: what moved the money for the room, its hardest questions, what it believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mssp_sim import link
from mssp_sim.learning import opening_states
from mssp_sim.learning.check import Sitting, puzzle, question_order
from mssp_sim.learning.content import myths
from mssp_sim.learning.trainer import deck, on_desk
from mssp_sim.rooms.answers import Value, decided_on
from mssp_sim.rooms.questions import Decide, Vote
from mssp_sim.rooms.room import look_as_trainer
from mssp_sim.rooms.rounds import revealed
from mssp_sim.rooms.settled import settle_decisions
from mssp_sim.rooms.store import Store
from mssp_sim.scenario import Scenario
from mssp_sim.studies.moved import Moved, moved

HARDEST = 2


@dataclass(frozen=True, slots=True)
class Recall:
    """A link for a week later: the page, and the words of its address."""

    page: Literal["check", "myths", "trainer"]
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hard:
    """A question the room found hard: the share that chose right, and what most chose instead.

    ``believed`` is the wrong answer most chose and ``why_so`` what it usually means; ``myth`` the
    belief of the myth lab behind the question, if it is one. ``recall`` asks again; None for a
    question that was made on the spot.
    """

    round: int
    words: str
    right: float
    answers: int
    believed: str
    why_so: str
    myth: str
    recall: Recall | None


@dataclass(frozen=True, slots=True)
class MovedInRoom:
    """From the median seat of a decision to the best: what each lever moved, whatever the order."""

    round: int
    median_seat: int
    best_seat: int
    moved: Moved


@dataclass(frozen=True, slots=True)
class Debrief:
    """What is said at the end: of rounds that are revealed, and of no other."""

    rounds: int
    moved: tuple[MovedInRoom, ...]
    hardest: tuple[Hard, ...]


def debrief(store: Store, code: str, key: str) -> Debrief:
    """Return the debrief of a room's revealed rounds.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    StoreError
        Where the store cannot be read now.
    """
    room, told = look_as_trainer(store, code, key, lambda rows, room: (room, revealed(rows, room)))
    decided = [
        what_moved(one.number, one.question, one.answers.get(0, {}))
        for one in told
        if isinstance(one.question, Decide)
    ]
    voted = [
        _hard(one.number, one.question, one.answers.get(0, {}), room.seed)
        for one in told
        if isinstance(one.question, Vote)
    ]
    hard = [one for one in voted if one is not None]
    hard.sort(key=lambda one: (one.right, -one.answers, one.round))
    return Debrief(len(told), tuple(filter(None, decided)), tuple(hard[:HARDEST]))


def what_moved(number: int, question: Decide, given: Mapping[int, Value]) -> MovedInRoom | None:
    """Return what moved the money from the median seat to the best; None where nobody decided.

    Both are seats that were there: of the middle two by payment the lower, and the best paid of
    those that met the goal, or of all where none did.

    Source: ours; the Shapley value, as on Compare
    """
    found = settle_decisions(question, given)
    if found is None:
        return None
    rows = range(len(found.seats))
    order = sorted(rows, key=lambda row: (found.payment[row], found.seats[row]))
    middle = found.seats[order[(len(order) - 1) // 2]]
    best = found.seats[max(order, key=lambda row: (bool(found.met[row]), found.payment[row]))]
    before, after = (_scenario(question, given[one]) for one in (middle, best))
    return MovedInRoom(number, middle, best, moved(before, after))


def _scenario(question: Decide, value: Value) -> Scenario:
    return decided_on(question, value if isinstance(value, dict) else {})


def _hard(number: int, question: Vote, given: Mapping[int, Value], seed: int) -> Hard | None:
    if not given:
        return None
    counts = question.counts(given)
    believed, why_so, _ = question.believed(counts) or ("", "", "")
    return Hard(
        round=number,
        words=question.words,
        right=counts[question.right] / len(given),
        answers=len(given),
        believed=believed,
        why_so=why_so,
        myth=question.myth,
        recall=recall(question.card, seed),
    )


def recall(card: str, seed: int) -> Recall | None:
    """Return the link that asks after a card again: in a new situation where there is one.

    Parameters
    ----------
    card : its word in the deck; empty for a question made on the spot
    seed : of the room, which decides the situation

    Source: ours

    Examples
    --------
    >>> recall("only-above", 7).query, recall("", 7) is None
    ({'quiz': '9r~1'}, True)
    >>> recall("slip", 7).query["preset"]
    'slip'
    """
    if card not in deck():
        return None
    for number in question_order():
        if puzzle(number).belief == card:
            sitting = Sitting.read(str(seed % 998 + 1)).going_to(number)
            return Recall("check", {"quiz": sitting.later().going_to(number).written()})
    names = [one.name for one in myths()]
    if card in names:
        return Recall("myths", {"myth": str(names.index(card))})
    now, against = (state.scenario for state in on_desk(deck()[card]))
    slip, good = (opening_states()[name].scenario for name in ("slip", "good"))
    places = {"preset": card, "curtain": "on", "audience": "trainee"}
    return Recall("trainer", link.encode(now, against, slip, good, places=places))
