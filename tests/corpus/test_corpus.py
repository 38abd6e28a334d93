"""Links and scenario files made before 28 November 2026 open with the same values as then.

``links_and_files.json`` was recorded once, on 27 November 2026, with version 1 of the rules. Most
links and files were written by hand: each word of a link at an ordinary value, at both ends of its
range and at refused values, many words together, tables, baselines, scenarios put aside, each
place, versions, hostile texts, and the links of the guides and the tests. The app itself linked or
saved the others, from random scenarios. ``link.decode`` and ``scenario_file.opened`` opened each
one, and the record holds what they returned: all values, the places, the notices. Each link starts
with the address that its page had on that day.

Nobody records the file again or edits a value in it to make this test pass: readers keep such links
and files. ``RECORDED`` fails if somebody does. It leaves out the wording of notices: a change that
rewords a notice on purpose edits the wording here by hand, in the same commit.

A recorded scenario is ``opening``, the values on which the app opened that day, changed by the
values beside the link. A link that names no version of the rules, and a file that leaves fields
out, take the rest from what the app opens on today (``opens_on``); for them the record holds only
the values beside them. A field that ``opening`` does not have is newer than the record: an old link
or file leaves it at its default.
"""

import base64
import datetime as dt
import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest

from mssp_sim import RULES_VERSION, Scenario
from mssp_sim.exports.scenario_file import ScenarioFileError, opened
from mssp_sim.link import decode
from mssp_sim.parameters import last_published_year
from mssp_sim.scenario import quantities

FILE = Path(__file__).with_name("links_and_files.json")
RECORD = json.loads(FILE.read_text("utf-8"))
RECORDED = "7dee4ca0f59281edd0ad96c4c1824a02ff63342005afd9d47c932ce6becb282b"
"""SHA-256 of all that is recorded, but for the wording of notices and refusals."""

VERSION = 1
RAISED = (
    f"This link was made with version {VERSION} of the rules; ",
    f"This file was saved with version {VERSION} of the rules; ",
)
"""How the one notice begins that may be new: the version of the rules has been raised since."""

WORDINGS = ("notices", "refused")
ADDRESSES = {
    "", "executive", "attribution", "benchmark", "corridor", "quality", "compare", "agreement",
    "luck", "real_acos", "program", "story", "myths", "check", "trainer", "rules", "glossary",
}  # fmt: skip
"""Where the pages of that day stood."""


def plain(value):
    """Return a value of a scenario as JSON holds it."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, dt.date) else value


def fields(scenario):
    """Return all values of a scenario, as text, so that 1, 1.0 and True differ."""
    return {name: json.dumps(plain(getattr(scenario, name))) for name in quantities()}


def expected(beside, entry):
    """Return all values with which a scenario must open; newer fields stand at their default."""
    of_today = fields(Scenario())
    of_that_day = {} if entry.get("opens_on") else RECORD["opening"]
    recorded = {name: json.dumps(value) for name, value in (of_that_day | beside).items()}
    return of_today | recorded


def assert_opens_as(scenario, beside, entry):
    found, wanted = fields(scenario), expected(beside, entry)
    names = [name for name in wanted if found.get(name) != wanted[name]]
    assert {n: found.get(n) for n in names} == {n: wanted[n] for n in names}


def wording(text):
    """Return a recorded sentence with the figures in it that belong to the day."""
    last = int(quantities()["performance_year"].allowed[1])
    return (
        text.replace("{rules}", str(RULES_VERSION))
        .replace("{last year:,}", f"{last:,}")
        .replace("{last year}", str(last))
        .replace("{last settled year}", str(last_published_year()))
    )


def assert_same_notices(notices, entry):
    """Compare the notices, but for the one that says that the rules' version was raised since."""
    since = [n for n in notices if RULES_VERSION > VERSION and n.startswith(RAISED)]
    assert len(since) <= 1
    left = [notice for notice in notices if notice not in since]
    assert left == [wording(notice) for notice in entry.get("notices", [])]


def assert_all_open(found, entry):
    assert_opens_as(found.scenario, entry["scenario"], entry)
    if entry["baseline"] is None:
        assert found.baseline is None
    else:
        assert_opens_as(found.baseline, entry["baseline"], entry)
    kept = entry.get("kept", {})
    assert list(found.kept) == list(kept)
    for letter, beside in kept.items():
        assert_opens_as(found.kept[letter], beside, entry)
    assert_same_notices(found.notices, entry)


def query_of(entry):
    """Return the query of a link as the server hands it to the app."""
    return parse_qs(entry["link"].partition("?")[2], keep_blank_values=True)


def bytes_of(entry):
    """Return the content of a file."""
    once = entry["text"].encode() if "text" in entry else base64.b64decode(entry["base64"])
    return once * entry.get("times", 1)


@pytest.mark.parametrize("entry", RECORD["links"], ids=lambda entry: entry["name"])
def test_an_old_link_opens_unchanged(entry):
    linked = decode(query_of(entry), Scenario(), Scenario(quality_score=0.82))
    assert_all_open(linked, entry)
    assert dict(linked.places) == entry.get("places", {})


@pytest.mark.parametrize("entry", RECORD["files"], ids=lambda entry: entry["name"])
def test_an_old_file_opens_unchanged(entry):
    if "refused" in entry:
        with pytest.raises(ScenarioFileError) as refused:
            opened(bytes_of(entry))
        assert str(refused.value) == wording(entry["refused"])
        return
    found = opened(bytes_of(entry))
    assert_all_open(found, entry)
    assert found.name == entry.get("called", "")


def test_the_record_is_that_of_the_day():
    pinned = {
        part: [{k: v for k, v in entry.items() if k not in WORDINGS} for entry in RECORD[part]]
        for part in ("links", "files")
    }
    text = json.dumps(pinned | {"opening": RECORD["opening"]}, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == RECORDED


def test_the_record_holds_what_it_was_made_to_hold():
    links, files = RECORD["links"], RECORD["files"]
    assert len(links) + len(files) >= 200
    assert {entry["link"].partition("?")[0] for entry in links} == ADDRESSES
    moved = {name for entry in links + files for name in entry.get("scenario", ())}
    assert moved == set(RECORD["opening"])
    named = {place for entry in links for place in entry.get("places", ())}
    assert named == {
        "story", "quiz", "myth", "preset", "curtain", "locked", "vote", "compare", "contract_b",
        "churn", "points", "years", "luck", "costs",
    }  # fmt: skip
