"""Which beliefs a reader has left behind: every answer to one, in story, lab and questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mssp_sim.learning.check import Sitting, puzzle, question_order
from mssp_sim.learning.content import myth_order, myths, story, story_order
from mssp_sim.learning.progress import Progress

Standing = Literal["right", "right at last", "missed", "not asked yet"]
SAID: dict[Standing, str] = {
    "right": "Right",
    "right at last": "Right the second time",
    "missed": "Missed",
    "not asked yet": "Not asked yet",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One belief: its number in the myth lab, where it was answered, and how that stands."""

    number: int
    where: tuple[str, ...]
    standing: Standing


def mastery(told: Progress, tried: Progress, sitting: Sitting) -> tuple[Held, ...]:
    """Return every belief of the myth lab, in its order, with what the reader has answered.

    Parameters
    ----------
    told, tried : where the reader is in the story and in the myth lab
    sitting : the questions of Check yourself
    """
    answers = list(_answers(told, tried, sitting))
    cards, held = myths(), []
    for number in myth_order():
        own = [(where, right) for belief, where, right in answers if belief == cards[number].name]
        where = tuple(dict.fromkeys(where for where, _ in own))
        held.append(Held(number, where, _standing([right for _, right in own])))
    return tuple(held)


def _standing(answers: list[bool]) -> Standing:
    """Return how a belief stands; the second answer to a question that was missed comes last."""
    if not answers:
        return "not asked yet"
    if all(answers):
        return "right"
    return "right at last" if answers[-1] else "missed"


def _answers(told: Progress, tried: Progress, sitting: Sitting) -> Iterator[tuple[str, str, bool]]:
    """Yield the belief, the place and whether it was right, of every answer that was given."""
    for at in story_order():
        step, bet = story()[at], told.bet(at)
        if bet is not None and step.options and told.revealed(at):
            yield step.belief, "story", bet == step.right
    for at in myth_order():
        card, bet = myths()[at], tried.bet(at)
        if bet is not None and tried.revealed(at):
            yield card.name, "myth lab", bet == card.right
    for number in question_order():
        for right in (sitting.right_at(number), sitting.right_once_more(number)):
            if right is not None:
                yield puzzle(number).belief, "question", right
