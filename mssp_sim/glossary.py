"""The words of the app, once each: what the screen says, what the field says, what it means."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from mssp_sim.scenario import quantities

SOURCE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``label`` is what the screen says, ``term`` what the field says.

    ``where`` names pages by their file, or "levers"; ``also`` other names to find it by.
    """

    key: str
    label: str
    term: str
    meaning: str
    unit: str = ""
    where: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def holds(self, wanted: str) -> bool:
        """Return whether a text occurs in any of the names or in the meaning, whatever its case.

        Source: ours

        Examples
        --------
        >>> words()["minimum_savings_rate"].holds("msr"), words()["benchmark"].holds("cahps")
        (True, False)
        """
        names = (self.label, self.term, self.meaning, *self.also)
        return wanted.strip().casefold() in " · ".join(names).casefold()


@cache
def words() -> Mapping[str, Word]:
    """Return every word by its key, in alphabetical order of the labels.

    A field of the scenario has its label from its declaration.

    Source: ours
    """
    content = tomllib.loads(SOURCE.read_text("utf-8"))
    found = [
        Word(
            key=key,
            label=entry["label"] if "label" in entry else quantities()[key].label,
            term=entry["term"],
            meaning=" ".join(entry["meaning"].split()),
            unit=entry.get("unit", ""),
            where=tuple(entry["where"]),
            also=tuple(entry.get("also", ())),
        )
        for key, entry in content.items()
    ]
    found.sort(key=lambda word: (word.label.casefold(), word.key))
    return MappingProxyType({word.key: word for word in found})


def meaning(key: str) -> str:
    """Return what a word means, in one or two plain sentences.

    Raises
    ------
    KeyError
        Where the glossary has no such word.

    Source: ours

    Examples
    --------
    >>> meaning("corridor")
    'The band between the two minimums, in which no money changes hands in either direction.'
    """
    return words()[key].meaning


def words_in(text: str) -> tuple[Word, ...]:
    """Return the words that stand in a sentence, each once, in the order in which they stand there.

    Source: ours

    Examples
    --------
    >>> [word.label for word in words_in("You beat the target, under the minimum to get paid.")]
    ['Spending target', 'Minimum to get paid']
    """
    named, pattern = _names()
    found = (named[each[0]] for each in pattern.finditer(text.casefold()))
    return tuple({word.key: word for word in found}.values())


@cache
def _names() -> tuple[Mapping[str, Word], re.Pattern[str]]:
    """Return each word by all its names, and what finds any of them: of two the longer one."""
    named: dict[str, Word] = {}
    for word in words().values():
        for name in (word.label, word.term.split(" (")[0], *word.also):
            named.setdefault(name.casefold(), word)
    longest = sorted(named, key=len, reverse=True)
    return named, re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b")


def search(wanted: str) -> tuple[Word, ...]:
    """Return the words in which a text occurs; all of them for an empty text.

    Source: ours

    Examples
    --------
    >>> [word.label for word in search("MLR")][:2]
    ['Minimum before you owe', 'Minimum to get paid']
    """
    return tuple(word for word in words().values() if word.holds(wanted))
