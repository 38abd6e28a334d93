"""A scenario as a link: short words in units of the screen, checked on the way in."""

import base64
import binascii
import datetime as dt
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from mssp_sim.aco import Aco, read_written
from mssp_sim.figures import MOST_DIGITS, plain
from mssp_sim.naming import in_labels, numbered, value_as_shown
from mssp_sim.parameters import CONTRACTS, RULES_VERSION
from mssp_sim.quantity import BY_SIZE, Quantity, ScenarioError, agreement_years
from mssp_sim.scenario import (
    Scenario,
    agreement_starts,
    changed,
    opened_with,
    quantities,
)
from mssp_sim.tolerances import LAST_DIGIT

VERSION_KEY = "v"
ACO_KEY = "aco"
"""An ACO-year of CMS's results: the rest of the link is told against it, as it was loaded."""

TABLES_KEY = "tables"
BASELINE_KEY = "baseline"
KEPT = {"A": "a", "B": "b", "C": "c"}
"""The letters a scenario can be put aside under, with their word in a link."""

PACKED = {
    TABLES_KEY: "tables",
    BASELINE_KEY: "baseline",
    **{word: numbered(letter) for letter, word in KEPT.items()},
}
"""Words of a link that hold packed fields, and what a notice calls them."""

PLACES = (
    "story", "quiz", "myth", "preset", "curtain", "locked", "vote", "compare", "contract_b",
    "churn", "points", "years", "luck", "costs", "rulebooks", "this_year", "election", "practices",
    "audience", "until",
)  # fmt: skip
"""Words by which a page remembers where its reader is; the page itself reads what they say."""
PLACE = re.compile(r"[0-9A-Za-z_.,:;~-]{1,400}", re.ASCII)

FOREIGN = ("embed", "embed_options")
"""Keys of the frame around the app, which are none of ours."""

CAMPAIGN = re.compile(
    r"utm_.*|mtm_.*|pk_.*|_hs.*|mc_[ce]id|mkt_tok|_g[al]|(fb|g|d|y|tt|tw)clid|msclkid|[gw]braid"
    r"|igshid|srsltid"
)
"""Keys that mail tools and campaigns add to any link; they pass in silence and are dropped."""

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
"""Signs without width, which come along when a link is copied."""
MINUSES = str.maketrans(dict.fromkeys("\u2212\u2013\u2010\u2011", "-"))
AFTER_A_LINK = ".)"
"""Signs of the sentence around a link that a mail program takes for its end."""

LONGEST_PACKED = 4_096
LARGEST_UNPACKED = 65_536
MOST_FAULTS = 3
"""Faults of one scenario that a notice spells out."""
PERCENT = ("rate", "score")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,40})?", re.ASCII)
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link opens: a scenario, a baseline, and a sentence for all that was ignored.

    ``kept`` are the scenarios put aside, by letter; ``places`` what pages remember, by word.
    """

    scenario: Scenario
    baseline: Scenario
    notices: tuple[str, ...] = ()
    kept: Mapping[str, Scenario] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def encode(
    scenario: Scenario,
    baseline: Scenario,
    start: Scenario,
    start_baseline: Scenario,
    kept: Mapping[str, Scenario] | None = None,
    places: Mapping[str, str] | None = None,
    aco: Aco | None = None,
) -> dict[str, str]:
    """Return the query of a link: what differs from the start.

    Parameters
    ----------
    start, start_baseline : what the app opens on; of an ACO, what it was loaded as
    aco : the ACO-year that ``start`` is of

    Raises
    ------
    ValueError
        If edited tables make it longer than a link may be.

    Examples
    --------
    >>> slip, good = Scenario(), Scenario(quality_score=0.82)
    >>> encode(Scenario(quality_score=0.8, level="B"), good, slip, good)
    {'v': '3', 'contract': 'B', 'quality': '80'}
    """
    query = {VERSION_KEY: str(RULES_VERSION)}
    if aco is not None:
        query[ACO_KEY] = aco.written
    tables: dict[str, Any] = {}
    names = changed(scenario, start)
    if "agreement_start" in names:  # alone it would bring its first year with it
        names = (*names, "performance_year")
    for name in names:
        words = quantities()[name]
        if words.link:
            query[words.link] = _written(name, getattr(scenario, name), words)
        else:
            tables[name] = as_json(getattr(scenario, name))
    if tables:
        query[TABLES_KEY] = _pack(tables)
    if changed(baseline, start_baseline):
        query[BASELINE_KEY] = _pack(_differing(baseline, start_baseline))
    for letter, aside in (kept or {}).items():
        query[KEPT[letter]] = _pack(_differing(aside, start))
    return query | dict(places or {})


def _differing(scenario: Scenario, start: Scenario) -> dict[str, Any]:
    return {name: as_json(getattr(scenario, name)) for name in changed(scenario, start)}


def decode(query: Mapping[str, Sequence[str]], start: Scenario, start_baseline: Scenario) -> Linked:
    """Return what a link opens; whatever cannot be used is named and left out.

    What a link of an older version does not name is what the app opened on then.

    Parameters
    ----------
    query : each key with the values it was given
    start, start_baseline : what the app opens on, or the ACO that ``whose`` names

    Examples
    --------
    >>> linked = decode({"quality": ["80"], "cut": ["lots"]}, Scenario(), Scenario())
    >>> linked.scenario.quality_score, linked.notices
    (0.8, ('cut=lots is not a number; 3.1% is used.',))
    """
    notices: list[str] = []
    query = _mended(query)
    by_word = {words.link: name for name, words in quantities().items() if words.link}
    found: dict[str, Any] = {}
    packed: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}
    earlier = {} if ACO_KEY in query else _earlier(query.get(VERSION_KEY, ()))
    if earlier:
        start, start_baseline = replace(start, **earlier), replace(start_baseline, **earlier)
    for key, values in query.items():
        if key in (*FOREIGN, ACO_KEY) or CAMPAIGN.fullmatch(key):
            continue
        text = values[-1] if values else ""
        if len(values) > 1:
            notices.append(f"{_short(key)} is given {len(values)} times; the last one is used.")
        if key == VERSION_KEY:
            notices += _version_notice(text, start, earlier)
        elif key in PACKED:
            packed[key], fault = _unpack(text)
            if fault:
                del packed[key]
                notices.append(f"{PACKED[key]}: {fault}; it is left out.")
        elif key in by_word:
            name = by_word[key]
            value, fault = _read(name, text, quantities()[name])
            if fault:
                kept = f"{_kept(name, start)}{'' if _empty(name, start) else ' is used'}"
                notices.append(f"{key}={_short(text)} {fault}; {kept}.")
            else:
                found[name] = value
        elif key in PLACES and PLACE.fullmatch(text):
            places[key] = text
        else:
            notices.append(f"{_short(key)} is not a word this app knows; it is left out.".strip())
    found |= packed.get(TABLES_KEY, {})
    scenario = _accept(found, start, notices)
    pinned = packed.get(BASELINE_KEY, {})
    baseline = _accept(pinned, start_baseline, notices, "the linked baseline: ")
    aside = {
        letter: _accept(packed[word], start, notices, f"{numbered(letter)}: ")
        for letter, word in KEPT.items()
        if word in packed
    }
    return Linked(scenario, baseline, tuple(notices), aside, places)


def _mended(query: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return a query without what mail tools do to it: ``&amp;``, unseen signs, signs at its end.

    Examples
    --------
    >>> _mended({"amp;cut": ["\u22123.1)."], "qua\u200blity": ["80%"]})
    {'cut': ['-3.1'], 'quality': ['80%']}
    """
    found: dict[str, Sequence[str]] = {}
    for key, values in query.items():
        plain_key = key.translate(UNSEEN).removeprefix("amp;")
        plain_values = [v.translate(UNSEEN).rstrip(AFTER_A_LINK) for v in values]
        signed = [v.translate(MINUSES) for v in plain_values]
        found[plain_key] = [*found.get(plain_key, ()), *signed]
    return found


def whose(query: Mapping[str, Sequence[str]]) -> tuple[tuple[str, int] | None, str]:
    """Return the ACO-year that a link is of, and what is wrong with it if it cannot be one.

    Examples
    --------
    >>> whose({"aco": ["A1001.2024"]}), whose({"cut": ["3"]})
    ((('A1001', 2024), ''), (None, ''))
    >>> whose({"aco": ["=cmd"]})[1]
    'aco==cmd names no ACO and year like A1001.2024'
    """
    values = _mended(query).get(ACO_KEY, ())
    if not values:
        return None, ""
    found = read_written(values[-1])
    return found, "" if found else f"{ACO_KEY}={_short(values[-1])} {NO_ACO}"


NO_ACO = "names no ACO and year like A1001.2024"

TOGETHER = {
    "performance_year": ("performance_year", "agreement_start"),
    "other_acos_share": ("other_acos_share", "market_share"),
    "level": ("level", "agreement_start", "performance_year"),
}
"""Fields of a link that stand or fall with the one a fault names."""


def _accept(
    found: dict[str, Any], start: Scenario, notices: list[str], whose: str = ""
) -> Scenario:
    """Return the scenario with every value that can be kept; say which could not."""
    if found.get("agreement_start") in agreement_starts(assume_last=True):
        found.setdefault("performance_year", agreement_years(found["agreement_start"])[0])
    while found:
        try:
            return replace(start, **found)
        except ScenarioError as refused:
            blamed = [n for name in refused.faults for n in TOGETHER.get(name, (name,))]
            if found.get("level", start.level) not in CONTRACTS:  # it alone is at fault
                blamed = [n for n in blamed if n not in TOGETHER["level"]] + ["level"]
            for name in [n for n in blamed if n in found] or list(found):
                found.pop(name, None)
            used = ", ".join(
                f"{quantities()[n].label} {_kept(n, start)}" for n in blamed if n in quantities()
            )
            faults = [in_labels(fault) for fault in refused.faults.values()]
            said = "; ".join(faults[:MOST_FAULTS])
            if len(faults) > MOST_FAULTS:
                said += f"; and {len(faults) - MOST_FAULTS} more"
            notices.append(f"{whose}{said}. Used instead: {used}.")
    return start


def _empty(name: str, start: Scenario) -> bool:
    return getattr(start, name) is None


def _kept(name: str, start: Scenario) -> str:
    """Return what stands in a field whose value was refused."""
    if _empty(name, start):
        return f"left empty ({quantities()[name].if_empty})"
    # A table's figures would fill the notice.
    return "edited" if quantities()[name].kind == "table" else value_as_shown(name, start)


def _older(text: str) -> int | None:
    """Return a version of the rules before this one, if that is what a text names."""
    known = text.isascii() and text.isdecimal() and 0 < int(text[:6]) < RULES_VERSION
    return int(text[:6]) if known else None


def _earlier(versions: Sequence[str]) -> dict[str, Any]:
    """Return the defaults of a link's day that are others today."""
    version = _older(versions[-1]) if versions else None
    return {} if version is None else opened_with(version)


OTHER_VERSION = "This link was made with version "
"""How the notice begins that says no more than that the rules have changed since."""


def _version_notice(text: str, start: Scenario, earlier: Mapping[str, Any]) -> list[str]:
    if text == str(RULES_VERSION):
        return []
    if _older(text) is not None:
        defaults = ", ".join(f"{quantities()[n].label} {value_as_shown(n, start)}" for n in earlier)
        opens = f" What it does not name is as in that version: {defaults}." if earlier else ""
        return [
            f"{OTHER_VERSION}{_short(text)} of the rules; this is version "
            f"{RULES_VERSION}, so figures may differ.{opens} See the changelog."
        ]
    return [f"v={_short(text)} is not a version of the rules; version {RULES_VERSION} is used."]


def _written(name: str, value: Any, words: Quantity) -> str:  # noqa: ANN401
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | dt.date):
        return str(value)
    number = Decimal(repr(float(value)))
    if words.kind in PERCENT or name == "minimum_election":
        number = number.scaleb(2)
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _read(name: str, text: str, words: Quantity) -> tuple[Any, str]:
    """Return one value of a link in core units, and what is wrong with it if anything is."""
    if text == NOTHING and words.optional:
        return None, ""
    if words.kind == "switch":
        return text == "yes", "" if text in ("yes", "no") else "is neither yes nor no"
    if words.kind == "date":
        try:
            return dt.date.fromisoformat(text), ""
        except ValueError:
            return None, "is not a date like 2025-01-01"
    if name == "level" or (name == "minimum_election" and text == BY_SIZE):
        return text, ""
    if words.kind in PERCENT or name == "minimum_election":
        text = text[:-1].rstrip() if text.endswith("%") else text
    if not NUMBER.fullmatch(text):
        return None, "is not a number"
    number = Decimal(text)
    if words.kind in PERCENT or name == "minimum_election":
        number = number.scaleb(-2)
    value = float(number)
    low, high = words.allowed
    if not low <= value <= high and name != "minimum_election":
        scale = 100 if words.kind in PERCENT else 1
        ends = " to ".join(_end(end * scale, words) for end in words.allowed)
        return None, f"is outside {ends}"
    if words.kind == "year":
        if value != int(value):
            return None, "is not a whole year"
        return int(value), ""
    return value, ""


def _end(number: float, words: Quantity) -> str:
    """Return an end of what is allowed, with the digits it has; a year has no comma."""
    if words.kind == "year":
        return str(int(number))
    digits = next(d for d in range(MOST_DIGITS) if abs(round(number, d) - number) < LAST_DIGIT)
    return plain(number, digits)


def as_json(value: Any) -> Any:  # noqa: ANN401
    """Return a field of any kind as JSON has it: a table as lists, a date as text."""
    if isinstance(value, np.ndarray):
        return np.where(np.isnan(value), None, value).tolist()  # type: ignore[call-overload]
    return str(value) if isinstance(value, dt.date) else value


def _pack(content: dict[str, Any]) -> str:
    raw = json.dumps(content, separators=(",", ":")).encode()
    packed = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")
    if len(packed) > LONGEST_PACKED:
        raise ValueError(
            f"the edited tables take {len(packed):,} characters; a link holds at most "
            f"{LONGEST_PACKED:,}. Reset the tables you do not need."
        )
    return packed


def _unpack(text: str) -> tuple[dict[str, Any], str]:
    if len(text) > LONGEST_PACKED:
        return {}, f"it is longer than {LONGEST_PACKED:,} characters"
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unzip = zlib.decompressobj()
        raw = unzip.decompress(packed, LARGEST_UNPACKED)
        if unzip.unconsumed_tail or not unzip.eof:
            raise ValueError
        content = json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return {}, "it cannot be read (was the link cut short?)"
    if not isinstance(content, dict):
        return {}, "it holds no fields"
    if not set(content) <= set(quantities()):
        return {}, "it names fields this app does not know"
    try:
        depths = {name: np.ndim(value) for name, value in content.items()}
    except (ValueError, OverflowError):
        return {}, "it holds tables of no shape"
    if any(depth > len(quantities()[name].trailing) for name, depth in depths.items()):
        return {}, "it holds a list where one value belongs"
    return content, ""


def _short(text: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in text)
    return printable if len(printable) <= 40 else printable[:39] + "…"  # noqa: PLR2004
