"""Links: what goes out comes back exactly; what comes in is hostile until it proves otherwise."""

import ast
import base64
import datetime as dt
import json
import zlib
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mssp_sim import RULES_VERSION, Scenario, link, simulate
from mssp_sim.aco import Aco
from mssp_sim.attribution import Churn
from mssp_sim.attribution import written as write_churn
from mssp_sim.link import LONGEST_PACKED, decode, encode
from mssp_sim.parameters import TRACKS, last_listed_year
from mssp_sim.quantity import NO_SLIDER
from mssp_sim.scenario import (
    FIRST_LEVELS,
    agreement_starts,
    changed,
    performance_years,
    quantities,
)
from mssp_sim.studies.agreement import YearPlan, write_plan
from mssp_sim.studies.levers import ends, places
from mssp_sim.studies.luck import Doubt, write_doubt
from mssp_sim.studies.practices import EXAMPLE, write_practices
from mssp_sim.studies.program_cost import ProgramCost, write_cost
from mssp_sim.studies.true_results import Setting, write_setting
from mssp_sim.studies.year_inputs import Watched, write_watched
from tests import random_scenarios
from tests.conftest import ROOT

SLIP, GOOD = Scenario(), Scenario(quality_score=0.82)
BY_WORD = {words.link: name for name, words in quantities().items() if words.link}
KNOWN = {*BY_WORD, *link.PACKED, *link.PLACES, link.VERSION_KEY, link.ACO_KEY, *link.FOREIGN}


def opened(query):
    """Open a query as a browser hands it over: a list of values for each key."""
    return decode({key: [text] for key, text in query.items()}, SLIP, GOOD)


def packed(content):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


def by_chance(seed):
    months = {"performance_year_months": (None, 6, None, 18, None)[seed % 5]}
    random = np.random.default_rng(seed)
    fields = random_scenarios.fields(random)
    tables = random_scenarios.by_type(random, fields) if seed % 4 == 3 else {}
    return Scenario(**fields | tables | months)


# Out and back.


@pytest.mark.parametrize("seed", range(0, 300, 2))
def test_a_link_opens_the_very_scenario_and_baseline_it_was_made_of(seed):
    scenario, baseline = by_chance(seed), by_chance(seed + 1)
    query = encode(scenario, baseline, SLIP, GOOD)
    linked = opened(query)
    assert linked.notices == ()
    assert changed(linked.scenario, scenario) == ()
    assert changed(linked.baseline, baseline) == ()
    assert simulate(linked.scenario).payment == simulate(scenario).payment
    assert encode(linked.scenario, linked.baseline, SLIP, GOOD) == query


def test_some_of_those_scenarios_hold_edited_tables():
    queries = [encode(by_chance(seed), GOOD, SLIP, GOOD) for seed in range(0, 60, 2)]
    assert 5 < sum(link.TABLES_KEY in query for query in queries) < 25


@given(st.floats(-0.6, 0.6).filter(lambda cut: cut == 0 or abs(cut) > 1e-9), st.floats(0, 1))
def test_no_digit_is_lost_on_the_way(cut, share):
    scenario = Scenario(cost_reduction=cut, market_share=round(share, 12))
    linked = opened(encode(scenario, GOOD, SLIP, GOOD))
    assert linked.notices == ()
    assert linked.scenario.cost_reduction == cut
    assert linked.scenario.market_share == scenario.market_share


def test_the_opening_screen_needs_no_words():
    assert encode(SLIP, GOOD, SLIP, GOOD) == {"v": str(RULES_VERSION)}
    assert opened({}) == link.Linked(SLIP, GOOD)


def test_a_link_says_what_the_screen_says():
    scenario = Scenario(
        quality_score=0.8, cost_reduction=0.045, level="ENHANCED", minimum_election="size",
        assigned_beneficiaries=9_000, alternative_standard_met=False, regional_growth=-0.012,
    )  # fmt: skip
    assert encode(scenario, GOOD, SLIP, GOOD) == {
        "v": str(RULES_VERSION), "contract": "ENHANCED", "min": "size", "people": "9000",
        "cut": "4.5", "quality": "80", "partial": "no", "region": "-1.2",
    }  # fmt: skip


@pytest.mark.parametrize("name", list(quantities()))
def test_every_field_travels(name):
    moved = next(
        scenario for scenario in map(by_chance, range(1_000)) if name in changed(scenario, SLIP)
    )
    # A year or a share must fit its neighbour, so the neighbours travel too.
    query = encode(moved, GOOD, SLIP, GOOD)
    words = quantities()[name]
    assert (words.link or link.TABLES_KEY) in query
    assert changed(opened(query).scenario, moved) == ()


def test_scenarios_put_aside_and_places_travel():
    aside = {"A": SLIP, "C": Scenario(level="ENHANCED", quality_score=0.6)}
    query = encode(SLIP, GOOD, SLIP, GOOD, aside, {"story": "4", "points": "8.2,9"})
    assert query["story"] == "4"
    linked = opened(query)
    assert linked.notices == ()
    assert linked.places == {"story": "4", "points": "8.2,9"}
    assert list(linked.kept) == ["A", "C"]
    assert all(changed(linked.kept[letter], aside[letter]) == () for letter in aside)


PLACES = {
    "story": "4~1.0,2", "quiz": "7~3.ab", "myth": "chance~1", "preset": "challenge",
    "curtain": "on", "locked": "on", "vote": "3,12,7", "compare": "A", "contract_b": "1~",
    "churn": write_churn(Churn(leave=0.1)), "points": "8.2,9", "years": write_plan(
        YearPlan(slow=True, levels="B", cost_reduction=(0.01, None, None, None, 0.045))
    ), "luck": write_doubt(Doubt(0.02, 0.0, 0.05)),
    "costs": write_cost(ProgramCost(per_person=95.5, advance=500_000)),
    "rulebooks": "own.2019-07-01~2027.2024-01-01~cms_1848_p~2023",
    "election": write_setting(Setting(trend=0.01, hurts=1.6, with_quality=0.2)),
    "practices": write_practices(EXAMPLE),
    "this_year": write_watched(Watched(quarter=3)),
    "audience": "trainee", "until": "1790000000",
}  # fmt: skip
"""What each page writes into a link, as it writes it."""


@pytest.mark.parametrize("word", PLACES)
def test_every_word_of_a_page_travels_alone(word):
    linked = opened(encode(SLIP, GOOD, SLIP, GOOD, places={word: PLACES[word]}))
    assert linked.notices == ()
    assert linked.places == {word: PLACES[word]}


def names(tree):
    """Return the texts that a module gives names to."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = zip(target.elts, value.elts, strict=True)
            for name, text in pairs:
                if isinstance(name, ast.Name) and isinstance(text, ast.Constant):
                    found[name.id] = text.value
    return found


def test_every_word_a_page_keeps_is_one_a_link_knows():
    kept = set()
    for path in (ROOT / "mssp_sim" / "screens").rglob("page.py"):
        tree = ast.parse(path.read_text("utf-8"))
        known = names(tree)
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and ast.unparse(node.func)
            if called in ("session.place", "session.put"):
                word = node.args[0]
                kept.add(getattr(word, "value", None) or known.get(getattr(word, "id", "")))
    kept -= {None}
    assert {"costs", "years", "luck", "vote", "preset"} <= kept
    assert kept <= set(link.PLACES) == set(PLACES)


def test_a_link_with_every_word_opens_all_of_it():
    aside = {letter: Scenario(quality_score=0.6 + at / 10) for at, letter in enumerate("ABC")}
    now, before = by_chance(3), by_chance(4)
    linked = opened(encode(now, before, SLIP, GOOD, aside, PLACES))
    assert linked.notices == ()
    assert linked.places == PLACES
    assert changed(linked.scenario, now) == changed(linked.baseline, before) == ()
    assert all(changed(linked.kept[letter], aside[letter]) == () for letter in "ABC")


@pytest.mark.parametrize("seed", range(6))
def test_a_link_of_an_aco_tells_the_rest_against_it(seed):
    aco, loaded = Aco("A1001", 2024, "Lake Care"), by_chance(seed)
    assert encode(loaded, loaded, loaded, loaded, aco=aco) == {
        "v": str(RULES_VERSION),
        "aco": "A1001.2024",
    }
    now, aside = by_chance(seed + 7), {"A": SLIP}
    query = encode(now, GOOD, loaded, loaded, aside, aco=aco)
    lists = {key: [text] for key, text in query.items()}
    assert link.whose(lists) == (("A1001", 2024), "")
    linked = decode(lists, loaded, loaded)
    assert linked.notices == ()
    assert changed(linked.scenario, now) == changed(linked.baseline, GOOD) == ()
    assert changed(linked.kept["A"], SLIP) == ()


def test_a_place_that_is_no_place_is_left_out_with_a_notice():
    linked = opened({"story": "<script>", "a": "AAAA"})
    assert linked.kept == linked.places == {}
    assert len(linked.notices) == 2


def test_a_value_given_as_nothing_travels():
    start = replace(SLIP, quality_performance_standard=0.8, cost_per_person=9_000.0)
    query = encode(SLIP, SLIP, start, SLIP)
    assert query["standard"] == query["cost"] == "none"
    back = decode({key: [text] for key, text in query.items()}, start, SLIP)
    assert changed(back.scenario, SLIP) == ()


def test_what_is_packed_ends_without_padding_and_opens():
    spent, lengths = np.array(Scenario().expenditure), set()
    for by in range(12):
        spent[0, 0] += 10**by + by
        packed = link._pack({"expenditure": spent.tolist()})
        lengths.add(len(packed) % 4)
        assert "=" not in packed
        assert link._unpack(packed) == ({"expenditure": spent.tolist()}, "")
    assert lengths >= {2, 3}  # both would else be filled up


def test_a_link_stays_short():
    longest = 0
    for seed in range(0, 200, 2):
        query = encode(by_chance(seed), by_chance(seed + 1), SLIP, GOOD)
        longest = max(longest, *(len(query.get(key, "")) for key in link.PACKED))
        assert all(len(text) <= 40 for key, text in query.items() if key not in link.PACKED)
    assert 100 < longest <= LONGEST_PACKED


def test_tables_too_long_for_a_link_are_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(link, "LONGEST_PACKED", 50)
    edited = Scenario(risk_score=np.linspace(0.9, 1.1, 12).reshape(3, 4))
    with pytest.raises(ValueError, match=r"a link holds at most 50\. Reset the tables"):
        encode(edited, GOOD, SLIP, GOOD)


# In: each fault is named, the rest is used.


def test_an_old_version_opens_with_a_notice(monkeypatch):
    monkeypatch.setattr(link, "RULES_VERSION", RULES_VERSION + 1)
    linked = opened({"v": str(RULES_VERSION), "quality": "80"})
    assert linked.scenario == Scenario(quality_score=0.8)
    (notice,) = linked.notices
    assert notice == (
        f"This link was made with version {RULES_VERSION} of the rules; this is version "
        f"{RULES_VERSION + 1}, so figures may differ. See the changelog."
    )


TREND = 0.051


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_an_older_link_does_not_name_is_as_it_opened_then(version):
    packed = encode(SLIP, Scenario(level="B"), SLIP, GOOD, {"A": Scenario(quality_score=0.9)})
    query = {"v": version, "region": "4", "baseline": packed["baseline"], "a": packed["a"]}
    linked = opened(query)
    assert linked.scenario == Scenario(national_growth=TREND, regional_growth=0.04)
    assert linked.baseline == Scenario(level="B", national_growth=TREND, regional_growth=TREND)
    assert linked.kept["A"] == Scenario(
        quality_score=0.9, national_growth=TREND, regional_growth=TREND
    )
    (notice,) = linked.notices
    assert notice.startswith(f"This link was made with version {version} of the rules; ")
    trends = "National trend 5.1%, Regional trend 5.1%"
    assert f"What it does not name is as in that version: {trends}." in notice


def test_the_version_counts_wherever_it_stands_in_a_link():
    assert opened({"quality": "80", "v": "2"}).scenario.national_growth == TREND
    refused = opened({"nation": "lots", "v": "1"})
    assert "nation=lots is not a number; 5.1% is used." in refused.notices
    assert opened({"quality": "80"}).scenario.national_growth == Scenario().national_growth
    assert decode({"v": ["1", "3"]}, SLIP, GOOD).scenario == SLIP
    assert decode({"v": ["3", "1"]}, SLIP, GOOD).scenario != SLIP


@pytest.mark.parametrize(
    "text",
    ["0", "-1", str(RULES_VERSION + 1), "999999999", "", "one", "1.0", "²", "٣", "9" * 9_999],
)
def test_a_version_that_never_was_is_named(text):
    (notice,) = opened({"v": text}).notices
    assert f"is not a version of the rules; version {RULES_VERSION} is used" in notice
    assert len(notice) < 120


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ({"quality": "101"}, "quality=101 is outside 0 to 100; 75.0 is used."),
        ({"quality": "-0.1"}, "quality=-0.1 is outside 0 to 100; 75.0 is used."),
        ({"cut": "lots"}, "cut=lots is not a number; 3.1% is used."),
        ({"cut": "nan"}, "cut=nan is not a number; 3.1% is used."),
        ({"cut": "-inf"}, "cut=-inf is not a number; 3.1% is used."),
        ({"people": "0"}, "people=0 is outside 1 to 2,000,000; 45,000 is used."),
        ({"year": "1999"}, f"year=1999 is outside 2013 to {last_listed_year()}; 2025 is used."),
        ({"person_years": "2"}, "person_years=2 is outside 0.5 to 1; 0.978 is used."),
        ({"calibration": "30"}, "calibration=30 is outside 0.05 to 20; 1.000 is used."),
        (
            {"min": "7"},
            "Minimum to get paid is 0.07; it is one of 0, 0.005, 0.01, 0.015, 0.02 or 'size'. "
            "Used instead: Minimum to get paid 2.0%.",
        ),
        ({"standard": "lots"}, "standard=lots is not a number; left empty (the year's own)."),
        ({"year": "2025.5"}, "year=2025.5 is not a whole year; 2025 is used."),
        ({"start": "soon"}, "start=soon is not a date like 2025-01-01; January 1, 2025 is used."),
        ({"partial": "maybe"}, "partial=maybe is neither yes nor no; yes is used."),
        ({"colour": "red"}, "colour is not a word this app knows; it is left out."),
        ({"tables": "!"}, "tables: it cannot be read (was the link cut short?); it is left out."),
        ({"tables": packed([1])}, "tables: it holds no fields; it is left out."),
        (
            {"tables": packed({"a": 1})},
            "tables: it names fields this app does not know; it is left out.",
        ),
        (
            {"baseline": "A" * (LONGEST_PACKED + 1)},
            "baseline: it is longer than 4,096 characters; it is left out.",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_used_instead(query, notice):
    linked = opened({"v": str(RULES_VERSION), **query})
    assert linked.notices == (notice,)
    assert (linked.scenario, linked.baseline) == (SLIP, GOOD)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"contract": "F"}, ("Contract is F", "Used instead: Contract E")),
        ({"min": "3"}, ("Minimum to get paid is 0.03", "2.0%")),
        ({"year": "2022"}, ("Performance year is 2022", "2025 to 2026")),
        ({"start": "2021-01-01"}, ("Agreement start is 2021-01-01", "January 1")),
        ({"share": "60", "others": "70"}, ("130.0%", "at most 100%")),
        ({"tables": packed({"expenditure": "text"})}, ("Spending per person-year is text",)),
        ({"tables": packed({"person_year_share": [1, 1, 1, 1]})}, ("sums to 4",)),
        ({"baseline": packed({"quality_score": 7})}, ("the linked baseline: Quality score is 7",)),
    ],
)
def test_values_that_cannot_hold_are_named_by_the_words_of_the_screen(query, words):
    linked = opened(query)
    notice = " ".join(linked.notices)
    for part in words:
        assert part in notice
    assert (linked.scenario, linked.baseline) == (SLIP, GOOD)


@pytest.mark.parametrize(
    "added",
    [
        {"utm_source": "newsletter", "utm_campaign": "q3"},
        {"fbclid": "IwAR0", "gclid": "x", "msclkid": "y", "mc_cid": "1", "mc_eid": "2"},
        {"_hsenc": "p2A", "_hsmi": "9", "mkt_tok": "a", "_gl": "1*2", "igshid": "z"},
        {"embed": "true", "embed_options": "light_theme"},
    ],
)
def test_what_mail_tools_and_campaigns_add_passes_in_silence(added):
    linked = opened({"v": str(RULES_VERSION), "quality": "80", **added})
    assert linked.scenario == Scenario(quality_score=0.8)
    assert linked.notices == ()


@pytest.mark.parametrize(
    "query",
    [
        {"quality": "80%", "cut": "-1.5 %"},
        {"quality": "80", "amp;cut": "-1.5"},
        {"quality": "80.", "cut": "-1.5)"},
        {"quality": "80\u200b", "\ufeffcut": "\u200e-1.5"},
        {"quality": "80", "cut": "\u22121.5"},
        {"quality": "80", "cut": "\u20131.5."},
        {"quality": "80.)", "cut": "-1.5"},
    ],
)
def test_what_mail_tools_change_in_a_link_is_mended(query):
    linked = opened({"v": str(RULES_VERSION), **query})
    assert linked.scenario == Scenario(quality_score=0.8, cost_reduction=-0.015)
    assert linked.notices == ()


def test_a_percent_sign_where_no_percent_stands_is_named():
    assert opened({"people": "80%"}).notices == ("people=80% is not a number; 45,000 is used.",)


def test_a_packed_word_and_a_place_open_with_the_full_stop_of_their_sentence():
    query = encode(
        Scenario(expenditure=np.full((3, 4), 9_000.0)), GOOD, SLIP, GOOD, {}, {"story": "3"}
    )
    linked = opened({**query, "tables": query["tables"] + ".", "story": "3)."})
    assert linked.scenario.expenditure[0, 0] == 9_000
    assert (linked.places, linked.notices) == ({"story": "3"}, ())


def test_one_bad_value_does_not_spoil_the_good_ones():
    linked = opened({"quality": "80", "cut": "lots", "contract": "F", "people": "9000"})
    assert changed(linked.scenario, SLIP) == ("assigned_beneficiaries", "quality_score")
    assert len(linked.notices) == 2


def test_a_start_alone_brings_its_first_year():
    linked = opened({"start": "2023-01-01"})
    assert (linked.scenario.performance_year, linked.notices) == (2023, ())


def test_a_key_given_twice_is_named():
    linked = decode({"quality": ["80", "90"]}, SLIP, GOOD)
    assert linked.scenario.quality_score == 0.9
    assert linked.notices == ("quality is given 2 times; the last one is used.",)


def test_a_key_without_a_value_is_named():
    assert len(decode({"quality": []}, SLIP, GOOD).notices) == 1


def test_the_keys_of_the_frame_around_the_app_pass_in_silence():
    assert opened({"embed": "true", "embed_options": "dark_theme"}).notices == ()


def test_a_bomb_is_not_unpacked():
    bomb = packed(b'{"quality_score": ' + b" " * 2_000_000 + b"0.5}")
    assert len(bomb) < LONGEST_PACKED
    assert "cannot be read" in opened({"tables": bomb}).notices[0]


@pytest.mark.parametrize(
    "content",
    [
        {"quality_score": [0.1, 0.2]},
        {"level": ["A", "B"]},
        {"cost_reduction": []},
        {"own_effect": [True, False]},
        {"expenditure": [Scenario().expenditure.tolist()] * 2},
        {"quality_performance_standard": [None, 0.5]},
    ],
)
@pytest.mark.parametrize("key", link.PACKED)
def test_a_link_holds_one_scenario_not_a_batch(key, content):
    linked = opened({key: packed(content)})
    assert linked.scenario.shape == linked.baseline.shape == ()
    assert linked.notices


@pytest.mark.parametrize("start", [day for day in agreement_starts() if day < FIRST_LEVELS])
@pytest.mark.parametrize("track", TRACKS)
def test_an_agreement_of_before_travels(track, start):
    year = performance_years(start)[-1]
    scenario = replace(SLIP, level=track, agreement_start=start, performance_year=year)
    address = urlencode(encode(scenario, GOOD, SLIP, GOOD))
    linked = decode(parse_qs(address), SLIP, GOOD)
    assert linked.notices == ()
    assert changed(linked.scenario, scenario) == ()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "2018-01-01"}, "Contract is E; an agreement that starts on 2018-01-01 has"),
        ({"start": "2018-01-01", "contract": "B"}, "Contract is B; an agreement that starts on"),
        ({"contract": "1+"}, "Contract is 1+; an agreement that starts on 2025-01-01 has"),
    ],
)
def test_a_contract_its_start_cannot_have_is_named_and_the_rest_is_kept(query, said):
    linked = opened(query | {"quality": "80"})
    assert changed(linked.scenario, replace(SLIP, quality_score=0.8)) == ()
    (notice,) = linked.notices
    assert notice.startswith(said)


def test_a_word_that_is_no_contract_leaves_the_start_alone():
    linked = opened({"contract": "F", "start": "2022-01-01", "year": "2024"})
    expected = replace(SLIP, agreement_start=dt.date(2022, 1, 1), performance_year=2024)
    assert changed(linked.scenario, expected) == ()
    assert linked.notices[0].startswith("Contract is F; it is one of ")


# In: anything at all.

JUNK = (
    "", " ", "lots", "nan", "inf", "-inf", "1e999", "-1e999", "1e9999999",
    "9e999999999999999999", "0x10", "--1", "+", "None", "null", "true", "[1]", "1,5", "٣x",
    "2025-13-01", "9999-99-99", "A\x00", "\x00", "<script>", "'; DROP TABLE", "💥", "\ud800",
    "9" * 5_000, "1" + "0" * 400, "🙂" * 999,
)  # fmt: skip

values_of_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.integers(10**20, 10**30) | st.sampled_from(["A", "size", "2023-01-01", "2025"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)  # fmt: skip
contents = st.dictionaries(st.sampled_from(list(quantities())), values_of_json, max_size=4)
texts = st.one_of(
    st.sampled_from(JUNK),
    st.text(max_size=30),
    st.floats().map(repr),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["none", "yes", "no", "size", "A", "ENHANCED"]),
    contents.map(packed),
    st.binary(max_size=60).map(packed),
    st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
)
keys = st.sampled_from(sorted(KNOWN)) | st.text(max_size=8)


@given(st.dictionaries(keys, st.lists(texts, max_size=2), max_size=6))
@example({"quality": ["1e9999999"]})
@example({"start": ["2021-01-01"]})
@example({"start": ["2018-01-01"]})
@example({"contract": ["\x1f"], "start": ["2018-01-01"]})
@example({"tables": [packed({"level": [["A"], ["B", "C"]]})]})
@example({"tables": [packed({"own_effect": [[], [None]]})]})
@example({"tables": [packed({"agreement_start": 10**30})]})
@example({"tables": [packed({"agreement_start": {}})]})
@example({"tables": [packed(b"[" * 60_000)]})
@example({"baseline": [packed({"quality_score": [0.1, 0.2]})]})
def test_whatever_a_link_holds_the_app_opens_on_a_scenario_that_settles(query):
    linked = decode(query, SLIP, GOOD)
    for scenario in (linked.scenario, linked.baseline, *linked.kept.values()):
        assert scenario.shape == ()
        assert np.isfinite(simulate(scenario).payment)
    for notice in linked.notices:
        assert notice.endswith(".")
        assert notice.isprintable()
        assert len(notice) < 600
    # And what it opened on can be linked again.
    again = encode(linked.scenario, linked.baseline, SLIP, GOOD, linked.kept, linked.places)
    assert opened(again).notices == ()
    assert opened(again).places == linked.places


@given(texts)
def test_an_aco_of_a_link_is_one_or_is_named(text):
    found, fault = link.whose({link.ACO_KEY: [text]})
    if found is None:
        assert fault.startswith("aco=")
        assert fault.isprintable()
        assert len(fault) < 100
    else:
        assert Aco(*found, "Lake").written == text or not 2013 <= found[1] <= 2100


@given(st.text(min_size=1, max_size=60).filter(lambda key: key not in KNOWN), texts)
def test_a_word_the_app_does_not_know_is_always_named(key, text):
    (notice,) = opened({key: text}).notices
    assert "is not a word this app knows" in notice
    assert key[:39].isprintable() is False or notice.startswith(key[:39].strip())


@pytest.mark.parametrize("text", JUNK, ids=lambda text: ascii(text)[:20])
@pytest.mark.parametrize("key", [*BY_WORD, *link.PACKED])
def test_junk_for_a_word_the_app_knows_is_always_named(key, text):
    linked = opened({key: text})
    if changed(linked.scenario, SLIP) == ():
        assert linked.notices, "ignored without a word"
        label = quantities()[BY_WORD[key]].label if key in BY_WORD else link.PACKED[key]
        assert key in linked.notices[0] or label in linked.notices[0]
    else:
        # NumPy drops the end of such a text, so it is contract A after all.
        assert text == "A\x00"


@given(st.sampled_from(sorted(BY_WORD)), texts)
def test_a_known_word_is_used_or_named(key, text):
    linked = opened({key: text})
    if linked.notices:
        return
    name, words = BY_WORD[key], quantities()[BY_WORD[key]]
    written = encode(linked.scenario, GOOD, SLIP, GOOD).get(key)
    value = getattr(linked.scenario, name)
    if written is None:
        assert value == getattr(SLIP, name)
    elif words.kind in ("rate", "score"):
        assert value == pytest.approx(float(text) / 100)
    elif words.kind in ("count", "dollars", "ratio", "year"):
        assert value == float(text) or (value is None and text == "none")
    else:
        assert text.strip("\x00") == written or float(text) == float(written)


def test_no_place_of_a_lever_puts_float_noise_into_a_link():
    start = Scenario()
    for name, words in quantities().items():
        if words.slider == NO_SLIDER or not words.link:
            continue
        for value in places(start, name, *ends(start, name)):
            if value == getattr(start, name):
                continue  # as the app opens: no link names it
            written = link._written(name, float(value), words)
            assert len(written.lstrip("-")) <= 7, (name, written)
