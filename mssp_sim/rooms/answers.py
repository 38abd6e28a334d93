"""What a phone sends, read as hostile: a name, a code, an answer to a question.

Source: ours.
"""

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mssp_sim.quantity import ScenarioError
from mssp_sim.rooms.error import AnswerError, NotFoundError
from mssp_sim.rooms.limits import LONGEST_MESSAGE, LONGEST_NAME
from mssp_sim.rooms.questions import Autumns, Decide, Estimate, Lever, Question, Vote, levers
from mssp_sim.scenario import Scenario

Value = int | float | dict[str, float | str | bool]
"""A vote's option from 0, an estimate, the tokens for cost, or a decision by field."""

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No vowel, so that no code is a word, and no sign that looks like another."""
CODE_LENGTH = 7

TOKENS = 10
"""What a team has each autumn, for cost and quality together."""

BESIDE_LETTERS = " -'’."
MARKS_IN_A_ROW = 2
SLACK = 1e-9

NAME_LONG = f"A name has at most {LONGEST_NAME} characters."
NAME_SIGNS = (
    "A name begins with a letter and has letters, digits, spaces, hyphens, apostrophes and "
    "periods only."
)
NO_ROOM = "No room has this code; check it on the wall. A room ends after 24 hours."


def read_code(text: object) -> str:
    """Return a code as it is kept: capitals, without spaces and hyphens.

    Raises
    ------
    NotFoundError
        Where it can be the code of no room.

    Examples
    --------
    >>> read_code(" bk4-t9xw ")
    'BK4T9XW'
    """
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        raise NotFoundError(NO_ROOM)
    code = text.upper().translate({ord(" "): None, ord("-"): None, ord("\N{EN DASH}"): None})
    if not is_code(code):
        raise NotFoundError(NO_ROOM)
    return code


def is_code(code: object) -> bool:
    """Return whether this can be the code of a room, as it is kept."""
    return isinstance(code, str) and len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def read_name(text: object) -> str:
    """Return a first name as it is kept; empty where none is given.

    Letters of any script and what stands in names: so no name is Markdown, HTML, an icon or an
    emoji, hides another, or turns the line around.

    Raises
    ------
    AnswerError
        Says what a name may hold.

    Examples
    --------
    >>> read_name("  Ana-Lucía  "), read_name("")
    ('Ana-Lucía', '')
    >>> read_name("**Ann**")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    mssp_sim.rooms.error.AnswerError: A name begins with a letter and has letters, ...
    """
    if text is None:
        return ""
    if not isinstance(text, str):
        raise AnswerError(NAME_SIGNS)
    if len(text) > LONGEST_MESSAGE:
        raise AnswerError(NAME_LONG)
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise AnswerError(NAME_SIGNS) from fault
    name = " ".join(filter(None, unicodedata.normalize("NFC", text).split(" ")))
    if not name:
        return ""
    if len(name) > LONGEST_NAME:
        raise AnswerError(NAME_LONG)
    marks = 0
    for place, sign in enumerate(name):
        group = unicodedata.category(sign)
        marks = marks + 1 if group in ("Mn", "Mc") else 0
        good = group in ("Lu", "Ll", "Lt", "Lm", "Lo") or (
            place > 0 and (0 < marks <= MARKS_IN_A_ROW or group == "Nd" or sign in BESIDE_LETTERS)
        )
        if not good:
            raise AnswerError(NAME_SIGNS)
    return name


def read_answer(question: Question, given: object) -> Value:
    """Return an answer as it is kept.

    Parameters
    ----------
    question : what the round asks
    given : whatever a phone sent

    Raises
    ------
    AnswerError
        Says what an answer to this question is.

    Examples
    --------
    >>> from mssp_sim.rooms.questions import team_challenge, vote_on
    >>> read_answer(vote_on("slip"), 2)
    2
    >>> read_answer(team_challenge(), {"cost_reduction": 0.03, "level": "B"})
    {'cost_reduction': 0.03, 'level': 'B'}
    >>> read_answer(vote_on("slip"), 9)
    Traceback (most recent call last):
    ...
    mssp_sim.rooms.error.AnswerError: Choose one of the 4 answers.
    """
    if isinstance(question, Vote):
        return _whole(given, 0, len(question.options) - 1,
                      f"Choose one of the {len(question.options)} answers.")  # fmt: skip
    if isinstance(question, Autumns):
        return _whole(given, 0, TOKENS, f"Put 0 to {TOKENS} tokens on cost.")
    if isinstance(question, Estimate):
        sentence = "An estimate is a number on the axis."
        return _number(given, question.low, question.high, sentence)
    return _decision(question, given)


def _whole(given: object, low: int, high: int, sentence: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise AnswerError(sentence)
    return given


def _number(given: object, low: float, high: float, sentence: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise AnswerError(sentence)
    slack = SLACK * max(1.0, abs(low), abs(high))
    if not low - slack <= given <= high + slack or not math.isfinite(given):
        raise AnswerError(sentence)
    return min(max(float(given), low), high)


def _decision(question: Decide, given: object) -> dict[str, float | str | bool]:
    if not isinstance(given, Mapping) or not given:
        raise AnswerError("A decision says where each lever stands.")
    known = {lever.field: lever for lever in levers(question)}
    if len(given) > len(known) or not all(isinstance(key, str) and key in known for key in given):
        raise AnswerError("Only the levers that are unlocked can be moved.")
    decided = {name: _place(known[name], given[name]) for name in known if name in given}
    try:
        decided_on(question, decided)
    except ScenarioError as fault:
        raise AnswerError("These levers cannot stand so together; move one of them.") from fault
    return decided


def _place(lever: Lever, given: object) -> float | str | bool:
    if lever.choices:
        for choice in lever.choices:
            if type(given) is type(choice) and given == choice:
                return choice
        raise AnswerError(f"{lever.label} is one of the choices on the screen.")
    return _number(given, lever.low, lever.high, f"{lever.label} is a number within its slider.")


def decided_on(question: Decide, decided: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a decision makes of the round's.

    Raises
    ------
    ScenarioError
        Where the levers cannot stand so together.
    """
    return replace(question.start, **decided)


def written(value: Value) -> str:
    """Return an answer as the store keeps it."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def kept(text: str) -> Value:
    """Return an answer that the store keeps."""
    found: Value = json.loads(text)
    return found
