"""How the screen names fields, their values and contracts."""

import re

from mssp_sim.figures import (
    percent,
    plain,
    score,
)
from mssp_sim.parameters import TRACKS
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.tolerances import LAST_DIGIT


def contract(level: str) -> str:
    """Return a contract's name in a sentence."""
    return f"Track {level}" if level in TRACKS else f"Contract {level}"


def alone(level: str) -> str:
    """Return a contract's name where nothing beside it says that it is a contract.

    Examples
    --------
    >>> alone("E"), alone("1+")
    ('E', 'Track 1+')
    """
    return contract(level) if level in TRACKS else str(level)


def on_button(level: str) -> str:
    """Return a contract's name where there is little room.

    Examples
    --------
    >>> on_button("ENHANCED"), on_button("2")
    ('ENH', 'Track 2')
    """
    return "ENH" if level == "ENHANCED" else alone(level)


def value_as_shown(name: str, scenario: Scenario) -> str:
    """Return a field's value as the screen shows it."""
    value, words = getattr(scenario, name), quantities()[name]
    if value is None:
        return "as given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "minimum_election":
        return "by size" if isinstance(value, str) else percent(value)
    if words.kind == "rate":
        return percent(value, 1)
    if words.kind == "score":
        return score(value, 1 if abs(value * 1000 - round(value * 1000)) < LAST_DIGIT else 2)
    if words.kind == "dollars":
        return f"${plain(value, 0)}"
    if words.kind == "count":
        return plain(value, 0)
    if words.kind == "ratio":
        return plain(value, 3)
    return "edited" if words.kind == "table" else str(value)


def in_labels(sentence: str) -> str:
    """Return a sentence of the core with the names of fields as the screen shows them.

    Examples
    --------
    >>> in_labels("quality_score is 1.2; it goes from 0 to 1")
    'Quality score is 1.2; it goes from 0 to 1'
    """
    return _FIELD.sub(lambda found: quantities()[found.group()].label, sentence)


_FIELD = re.compile(rf"\b({'|'.join(sorted(quantities(), key=len, reverse=True))})\b")


def change_in_words(name: str, scenario: Scenario, baseline: Scenario) -> str:
    """Return what changed in one field: its short name, before and after."""
    label = quantities()[name].label
    if quantities()[name].kind == "table":
        return f"{label} edited"
    before, after = value_as_shown(name, baseline), value_as_shown(name, scenario)
    return f"{label.removesuffix(' score')} {before} → {after}"
