"""What a link says of all that it cannot use, read whole; its limits on both sides."""

import base64
import json
import random
import zlib

import pytest

from mssp_sim import RULES_VERSION, Scenario, link
from mssp_sim.link import LARGEST_UNPACKED, LONGEST_PACKED, decode, encode, whose
from mssp_sim.scenario import changed, quantities
from tests.approval import approved, told

TEST = "tests/test_link_approved.py"
TEXTS = ("none", "", "x", "yes", "7", "1e9", "-3", "80.5%", "2025-01-01", "E", "size", "2025.5",
         "\N{MINUS SIGN}2).", "x" * 41, "\u0007")  # fmt: skip
START, BASE = Scenario(), Scenario(quality_score=0.82)


def packed(content):
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(content).encode(), 9)).decode()


PACKED = {
    "fine": packed({"cost_reduction": 0.05}), "unknown": packed({"luck": 1}), "list": packed([1]),
    "batch": packed({"cost_reduction": [1, 2]}), "no shape": packed({"expenditure": [[1], [1, 2]]}),
    "cut": packed({"cost_reduction": 0.05})[:-4], "no base": "?", "no archive": "YWJj",
    "deep": packed({"expenditure": [[[1]]]}), "far": packed({"cost_reduction": 7.0}),
    "many": packed(dict.fromkeys(("cost_reduction", "quality_score", "market_share", "own_growth",
                                  "risk_growth"), 9.0)),
    "words": packed({"cost_reduction": "a"}), "none": packed({"cost_reduction": None}),
}  # fmt: skip


def test_every_notice_of_a_link_is_approved():
    lines = []
    for name, words in quantities().items():
        if not words.link:
            continue
        for text in TEXTS:
            found = decode({words.link: [text]}, START, BASE)
            values = {field: getattr(found.scenario, field)
                      for field in changed(found.scenario, START)}  # fmt: skip
            lines.append(f"{name}={text!r}: {values} {' '.join(found.notices)}")
    keys = (link.TABLES_KEY, link.BASELINE_KEY, *link.KEPT.values())
    for key in keys:
        for name, text in PACKED.items():
            found = decode({key: [text]}, START, BASE)
            if key != keys[-1] or name == "many":
                lines += told(found, f"{key} {name}")
    for query in (
        {"v": ["1"]}, {"v": [str(RULES_VERSION)]}, {"v": ["0"]}, {"v": ["99"]}, {"v": ["x"]},
        {"v": []}, {"v": ["1"], "aco": ["A1001.2024"]}, {"aco": ["=cmd"]}, {"embed": ["true"]},
        {"utm_source": ["x"]}, {"luck": ["x"]}, {"": ["x"]}, {"cut": ["1", "2", "3"]}, {"cut": []},
        {"contract": ["1"]}, {"start": ["2018-01-01"]},
        {"start": ["2018-01-01"], "contract": ["1"]},
        {"year": ["2019"], "start": ["2019-07-01"]}, {"contract": ["Z"], "year": ["2019"]},
        {"share": ["70"], "others": ["60"]}, {"amp;cut": ["4"]}, {"step": ["x y"]}, {"step": ["3"]},
    ):  # fmt: skip
        lines += told(decode(query, START, BASE), str(query)) + told(whose(query), "whose")
    approved("link", "\n".join(lines), TEST)


def test_what_is_packed_may_be_as_long_as_the_limit_and_no_longer(monkeypatch):
    content = {"expenditure": [[random.Random(n).random() for _ in range(4)] for n in range(3)]}
    text = link._pack(content)
    for limit, fits in ((len(text) - 1, False), (len(text), True), (len(text) + 1, True)):
        monkeypatch.setattr(link, "LONGEST_PACKED", limit)
        if fits:
            assert link._pack(content) == text
            assert link._unpack(text) == (content, "")
        else:
            with pytest.raises(ValueError, match=r"^the edited tables take \d+ characters; a link"):
                link._pack(content)
            assert link._unpack(text)[1] == f"it is longer than {limit:,} characters"
    monkeypatch.setattr(link, "LONGEST_PACKED", LONGEST_PACKED)
    raw = json.dumps({"cost_reduction": 0.05}).encode()
    for size in (LARGEST_UNPACKED - 1, LARGEST_UNPACKED, LARGEST_UNPACKED + 1):
        padded = base64.urlsafe_b64encode(zlib.compress(raw + b" " * (size - len(raw)), 9)).decode()
        found, fault = link._unpack(padded)
        assert (found == {"cost_reduction": 0.05}) == (size <= LARGEST_UNPACKED), size
        assert (fault == "") == (size <= LARGEST_UNPACKED)


def test_what_is_short_is_shown_and_what_is_long_is_cut():
    for length in (39, 40, 41):
        shown = link._short("x" * length)
        assert shown == ("x" * length if length <= 40 else "x" * 39 + "…")
    assert link._short("a\nb") == "a?b"
    query = encode(Scenario(cost_reduction=-0.0, level="B"), BASE, START, BASE)
    assert query == {"v": str(RULES_VERSION), "contract": "B", "cut": "0"}
