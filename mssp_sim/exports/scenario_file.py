"""A scenario as a file: JSON, exact, taken as hostile on the way in."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import numpy as np

from mssp_sim.aco import NOTHING_ASSUMED, Aco, Assumed, typed
from mssp_sim.link import KEPT, as_json
from mssp_sim.naming import in_labels, numbered, value_as_shown
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.quantity import ScenarioError, shown
from mssp_sim.scenario import Scenario, opened_with, quantities

FORMAT = "shared savings scenario"
SCHEMA = 1
"""Raised when a field changes its name or its meaning in a file."""

LARGEST = 1_000_000
"""Bytes of a file that is read; one with all tables and three scenarios aside has 20,000."""

MOST_NAMED = 3
PARTS = ("format", "schema", "rules_version", "name", "aco", "scenario", "baseline", "kept")
ACO_PARTS = ("id", "year", "name")
ASSUMED = "assumed"
"""The part that names the ACO's assumed fields; a file of before has none."""


class ScenarioFileError(ValueError):
    """A file that holds no scenario; the message is one sentence for the reader."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What a file holds: the scenario, its baseline, those put aside by letter.

    ``baseline`` is None where the file names none; ``aco`` is the ACO-year the scenario was
    loaded from, None where it was not; ``notices`` say what differs from the day it was saved.
    """

    scenario: Scenario
    baseline: Scenario | None = None
    kept: Mapping[str, Scenario] = field(default_factory=dict)
    name: str = ""
    notices: tuple[str, ...] = ()
    aco: Aco | None = None


def save(
    scenario: Scenario,
    baseline: Scenario | None = None,
    kept: Mapping[str, Scenario] | None = None,
    *,
    name: str = "",
    aco: Aco | None = None,
    assumed: Assumed = NOTHING_ASSUMED,
) -> bytes:
    """Return scenarios as a JSON file; every field of each is written, defaults too.

    Parameters
    ----------
    scenario, baseline : the scenario on the desk and the one it is held against
    kept : scenarios put aside, by letter
    name : what the reader calls it
    aco : the ACO-year that it was loaded from
    assumed : what no file tells of that ACO; written for the reader, worked out anew when opened

    Raises
    ------
    ValueError
        For a batch of scenarios.

    Source: ours

    Examples
    --------
    >>> opened(save(Scenario(quality_score=0.8))).scenario.quality_score
    0.8
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "schema": SCHEMA,
        "rules_version": RULES_VERSION,
        "name": typed(name),
        "scenario": _fields(scenario),
    }
    if aco is not None:
        content["aco"] = {"id": aco.aco_id, "year": aco.year, "name": aco.name}
        if assumed.fields:
            content["aco"][ASSUMED] = list(assumed.fields)
    if baseline is not None:
        content["baseline"] = _fields(baseline)
    if kept:
        content["kept"] = {letter: _fields(aside) for letter, aside in kept.items()}
    return json.dumps(content, indent=1, allow_nan=False).encode()


def opened(data: bytes) -> OpenedFile:
    """Return what a file holds, or refuse it as a whole.

    Parameters
    ----------
    data : the bytes of the file

    Raises
    ------
    ScenarioFileError
        With one sentence that says what is wrong and what to do.

    Source: ours
    """
    content = _read(data)
    schema = content.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 0:
        raise ScenarioFileError(
            "This file names no schema version; open one that this app has saved."
        )
    if schema > SCHEMA:
        raise ScenarioFileError(
            f"This file has schema version {shown(schema)} and this app reads up to {SCHEMA}: "
            "it was saved by a newer app; update this one."
        )
    older = schema < SCHEMA
    notices = _notices(content, schema)
    if not older:
        _refuse_unknown(content, PARTS, "parts")
    scenario = _scenario(content.get("scenario"), "the scenario", older, notices)
    baseline = content.get("baseline")
    aside = content.get("kept", {})
    if not isinstance(aside, dict) or not set(aside) <= set(KEPT):
        raise ScenarioFileError(
            f"The scenarios put aside are not under the letters {', '.join(KEPT)}; "
            "open a file that this app has saved."
        )
    name = content.get("name", "")
    return OpenedFile(
        scenario,
        None if baseline is None else _scenario(baseline, "the baseline", older, notices),
        {
            letter: _scenario(aside[letter], numbered(letter), older, notices)
            for letter in KEPT
            if letter in aside
        },
        typed(name) if isinstance(name, str) else "",
        tuple(dict.fromkeys(notices)),
        _aco(content.get("aco")),
    )


def _fields(scenario: Scenario) -> dict[str, Any]:
    if scenario.shape:
        raise ValueError(
            f"A scenario file holds single scenarios; this one is a batch of {scenario.shape}."
        )
    return {name: as_json(getattr(scenario, name)) for name in quantities()}


def _aco(content: Any) -> Aco | None:  # noqa: ANN401
    """Return the ACO-year that the file names."""
    if content is None:
        return None
    if not isinstance(content, dict) or set(content) - {ASSUMED} != set(ACO_PARTS):
        raise ScenarioFileError(
            f"The ACO in this file is not given by {', '.join(ACO_PARTS)}; "
            "remove it, or open a file that this app has saved."
        )
    fields = content.get(ASSUMED, [])
    if not isinstance(fields, list) or not {str(name) for name in fields} <= set(quantities()):
        raise ScenarioFileError(
            "What is assumed of the ACO in this file is no list of fields; "
            "remove it, or open a file that this app has saved."
        )
    try:
        return Aco(content["id"], content["year"], content["name"])
    except ValueError as fault:
        raise ScenarioFileError(
            f"Of the ACO in this file {fault}; remove it, or open a file that this app has saved."
        ) from None


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise ScenarioFileError(
            f"This file has {len(data):,} bytes and a scenario file at most {LARGEST:,}; "
            "open one that this app has saved."
        )
    try:
        content = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except _RepeatedError as repeated:
        raise ScenarioFileError(
            f"This file names {shown(str(repeated))} twice; remove one of the two."
        ) from None
    except (ValueError, RecursionError):
        raise ScenarioFileError(
            "This file cannot be read as JSON; open a scenario file that this app has saved."
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ScenarioFileError(
            "This file is not a scenario file; open one that this app has saved."
        )
    return content


class _RepeatedError(ValueError):
    """A key that is there twice: which one counts is anybody's guess."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedError(key)
        found[key] = value
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


def _notices(content: Mapping[str, Any], schema: int) -> list[str]:
    found = []
    if schema < SCHEMA:
        found.append(
            f"This file was saved with schema version {schema}; this app writes {SCHEMA}. "
            "What the file does not say is as the app opens."
        )
    version = content.get("rules_version")
    if version != RULES_VERSION:
        known = isinstance(version, int) and not isinstance(version, bool)
        with_version = f"version {shown(version)}" if known else "an unknown version"
        opens = _opens_anew(content, version) if isinstance(version, int) and known else ""
        found.append(
            f"This file was saved with {with_version} of the rules; this is version "
            f"{RULES_VERSION}, so figures may differ.{opens} See the changelog."
        )
    return found


def _opens_anew(content: Mapping[str, Any], version: int) -> str:
    """Return a sentence on defaults that are others today, where the file leaves them out."""
    aside = content.get("kept")
    held = [content.get("scenario"), content.get("baseline")]
    held += aside.values() if isinstance(aside, dict) else ()
    left_out = [
        f"{quantities()[name].label} {value_as_shown(name, Scenario())}"
        for name in opened_with(version)
        if any(isinstance(fields, dict) and name not in fields for fields in held)
    ]
    if not left_out:
        return ""
    return f" What it does not name is as the app opens today: {', '.join(left_out)}."


def _refuse_unknown(content: Mapping[str, Any], known: Any, what: str) -> None:  # noqa: ANN401
    unknown = [key for key in content if key not in known]
    if unknown:
        named = ", ".join(shown(key) for key in unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED:,} more" if len(unknown) > MOST_NAMED else ""
        raise ScenarioFileError(
            f"This file has {what} this app does not know: {named}{more}; "
            "remove them, or open a file that this app has saved."
        )


def _scenario(content: Any, whose: str, older: bool, notices: list[str]) -> Scenario:  # noqa: ANN401, FBT001
    """Return one scenario of the file."""
    if not isinstance(content, dict):
        raise ScenarioFileError(
            f"This file holds no fields for {whose}; open a file that this app has saved."
        )
    unknown = [name for name in content if name not in quantities()]
    if older and unknown:
        named = ", ".join(shown(name) for name in unknown[:MOST_NAMED])
        notices.append(f"Fields of an older version are left out: {named}.")
    elif unknown:
        _refuse_unknown(content, quantities(), "fields")
    found = {name: _value(name, value) for name, value in content.items() if name in quantities()}
    try:
        return replace(Scenario(), **found)
    except ScenarioError as refused:
        faults = [in_labels(fault) for fault in refused.faults.values()]
        more = f"; and {len(faults) - MOST_NAMED} more" if len(faults) > MOST_NAMED else ""
        said = "; ".join(faults[:MOST_NAMED]) + more
        raise ScenarioFileError(
            f"In {whose} of this file {said}. Correct the file, or save it anew."
        ) from None


def _value(name: str, value: Any) -> Any:  # noqa: ANN401
    """Return a value as the core takes it, if it has the depth of one value."""
    words = quantities()[name]
    label = words.label
    try:
        shape = np.shape(value)
    except (ValueError, OverflowError):
        shape = (-1,)
    if shape != words.trailing and value is not None:
        wanted = f"a table of {words.trailing}" if words.trailing else "one value"
        raise ScenarioFileError(
            f"{label} in this file is not {wanted}; correct the file, or save it anew."
        )
    if words.kind == "date" and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ScenarioFileError(
                f"{label} in this file is {shown(value)}, not a date like 2025-01-01; "
                "correct the file, or save it anew."
            ) from None
    return value
