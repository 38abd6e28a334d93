"""What a phone in a live room says: the way in, what waits, what was kept, and "you" at the end."""

from mssp_sim.figures import money, percent, score
from mssp_sim.words.rooms import amount, letter

WELCOME = "Join a room"
CODE = "The code on the wall"
NAME = "First name, if you like"
NO_ACCOUNT = (
    "No account. What you type here and answer is kept until the room ends, 24 hours at most."
)
IN = "You are in. The first question comes in a moment."
MAY_CHANGE = "You can change it until the trainer locks."
WAITS = "Answers are no longer taken. The answer waits for your trainer’s Reveal."
NONE_GIVEN = "Answers are no longer taken. The next question comes in a moment."
STAY = "Keep this page: its address is your seat, also after a reload or an empty battery."
LEFT = "You left the room. What you answered stays."
NOT_SENT = "Not sent yet."
WITHOUT_NUMBER = "What it comes to waits for Reveal."


def seat(number: int, name: str) -> str:
    """Return whose seat this is.

    Examples
    --------
    >>> seat(7, ""), seat(7, "Ana")
    ('Seat 7', 'Seat 7, Ana')
    """
    return f"Seat {number}, {name}" if name else f"Seat {number}"


def voted(option: int) -> str:
    """Return what is kept of a vote."""
    return f"{letter(option)} is in. {MAY_CHANGE}"


def right_answer(options: tuple[str, ...], right: int, own: int | None) -> str:
    """Return how the own vote stands."""
    if own is None:
        return f"{letter(right)} is right: {options[right]}. You did not answer."
    if own == right:
        return f"You said {letter(own)}, and so it is."
    return f"You said {letter(own)}. It is {letter(right)}: {options[right]}."


def beside_the_truth(truth: float, own: float | None, unit: str) -> str:
    """Return how the own estimate stands.

    Examples
    --------
    >>> beside_the_truth(6.5e6, 9e6, "dollars")
    'It is $6.5M. You said $9.0M: $2.5M too much.'
    """
    said = f"It is {amount(truth, unit)}."
    if own is None:
        return f"{said} You did not answer."
    off = amount(abs(own - truth), unit)
    if amount(own, unit) == amount(truth, unit):
        return f"{said} You said so too."
    return f"{said} You said {amount(own, unit)}: {off} too {'much' if own > truth else 'little'}."


def got(payment: float) -> tuple[str, str]:
    """Return the label and the number of what a decision comes to."""
    return ("You owe", money(-payment)) if payment < 0 else ("You earn", money(payment))


def met_or_missed(met: bool | None, conditions: tuple[str, ...]) -> str:  # noqa: FBT001
    """Return whether the goal is met."""
    if met is None:
        return ""
    if not conditions:
        return "It earns." if met else "It earns nothing."
    return "You met the goal." if met else "You missed the goal."


def place(savings_rate: float, quality_score: float) -> str:
    """Return where an ACO is.

    Examples
    --------
    >>> place(-0.021, 0.75)
    '2.1% overspent, quality 75.0.'
    """
    word = "overspent" if savings_rate < 0 else "saved"
    return f"{percent(abs(savings_rate))} {word}, quality {score(quality_score)}."


def tokens(cost: int, all_of_them: int) -> str:
    """Return where the tokens of an autumn are.

    Examples
    --------
    >>> tokens(6, 10)
    '6 on cost, 4 on quality'
    """
    return f"{cost} on cost, {all_of_them - cost} on quality"
