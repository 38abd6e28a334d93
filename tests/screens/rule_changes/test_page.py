"""Rule changes: old rules beside new on the desk and on every ACO, a file, a link, no trap."""

import csv
import io
import re
from types import SimpleNamespace

import pypdf
import pytest

from mssp_sim import Scenario, link
from mssp_sim.app import session
from mssp_sim.cms_files import published
from mssp_sim.cms_files.loading import load_all
from mssp_sim.exports.rule_changes import brief
from mssp_sim.provisions import PROPOSED, read
from mssp_sim.screens.rule_changes import acos, page
from mssp_sim.studies.rule_changes import both, compare_rules, settled_both
from mssp_sim.studies.rulebooks import MINE, NO_FILE, Book, Choice, pairs, rulebooks, shipped
from mssp_sim.words import rule_changes as own_words
from mssp_sim.words import rules_on_many as all_words
from tests import voice
from tests.app.test_pages import opened
from tests.studies.test_rulebooks import HOSTILE
from tests.test_provisions import toml

MINE_60 = toml(
    'parameter = "sharing_rate"\nprovision = "E keeps 60%"\nby_level = { E = 0.60 }',
    title="Sixty, for a test",
)
STARTS = "own.2019-07-01~own.2024-01-01~none~2024"


def on_page(query=None, *, mine=None):
    app = opened(query)
    if mine is not None:
        app.session_state[page.MY_FILE] = mine
    app.switch_page("pages/rule_changes.py").run()
    assert not app.exception, app.exception
    return app


def headline(app):
    (said,) = [text.value for text in app.markdown if text.value.startswith("### ")]
    return voice.unescaped(said.removeprefix("### "))


def tiles(app):
    return [
        (tile.label, re.sub(r":\w+\[(.*)\]", r"\1", tile.value).replace("\\", ""))
        for tile in app.metric
    ]


def texts(app):
    return " ".join(text.value for text in app.markdown).replace("\\", "")


def place(app):
    return app.session_state[session.PLACES].get(page.PLACE)


def choose(app, key):
    app.pills(key=page.OFFERS).set_value(key).run()
    assert not app.exception, app.exception


def test_it_opens_on_2027_and_says_what_is_assumed_and_what_only_proposed():
    app = on_page()
    assert headline(app) == (
        "Under the rules of 2027 you would earn $8.7M, as under the rules of 2026."
    )
    assert tiles(app) == [
        ("Old rules", "$8.7M"), ("New rules", "$8.7M"), ("Difference", "$0.0M"),
        ("ACOs that gain", "0 of 476"),
    ]  # fmt: skip
    said = texts(app)
    assert "2027's quality performance standard is not published yet" in said
    assert "CMS-1848-P (proposed, not in force) would add $1.7M" in said
    assert "this scenario would earn $6.5M" in said
    assert place(app) is None


def test_each_offer_answers_and_its_link_opens_the_same():
    app = on_page({"region": "6"})
    for key in pairs():
        choose(app, key)
        said, shown = headline(app), tiles(app)
        assert said.endswith(".")
        assert len(shown) == 4
        again = on_page({k: app.query_params[k] for k in app.query_params})
        assert (headline(again), tiles(again)) == (said, shown), key
        assert place(again) == place(app)


def test_two_rulebooks_are_chosen_freely():
    app = on_page()
    choose(app, page.FREE)
    assert place(app) is None  # nothing is changed yet
    app.selectbox(key="rulebook_old_performance_year").set_value(2025).run()
    app.selectbox(key="rulebook_file").set_value("cms_1848_p").run()
    app.selectbox(key="rulebook_new_agreement_start").set_value(
        pairs()["cms_1848_p"].new.agreement_start
    ).run()
    assert not app.exception, app.exception
    assert place(app) == "2025.own~2027.2027-01-01~cms_1848_p~2024"
    assert headline(app).startswith(
        "Under the rules of 2027 for new agreements with CMS-1848-P (proposed, not in force)"
    )
    app.selectbox(key="rulebook_new_agreement_start").set_value("own").run()
    assert place(app) == "2025.own~2027.own~cms_1848_p~2024"


@pytest.mark.parametrize("text", [text for text in HOSTILE if link.PLACE.fullmatch(text)][::3])
def test_a_hostile_link_opens_the_usual_rulebooks_and_says_so(text):
    app = on_page({page.PLACE: text})
    assert headline(app).startswith("Under the rules of 2027")
    assert "This part of the link could not be used" in texts(app)


def test_a_file_of_ones_own_is_marked_wherever_it_stands():
    app = on_page({page.PLACE: "own.own~own.own~mine~2024"}, mine=MINE_60)
    # 17,732,000 x 60% x 75% x 98% - 6,516,510 = 1,303,302
    assert headline(app) == (
        "Under Sixty (proposed, not in force) you would earn $7.8M, $1.3M more than under the "
        "rules in force: all of it from “E keeps 60%” (proposed)."
    )
    assert app.pills(key=page.OFFERS).value == MINE
    assert [label for label, _ in tiles(app)][1:] == [
        "New rules (proposed)", "Difference (proposed)", "ACOs that gain (proposed)",
    ]  # fmt: skip
    for said in (text.value.replace("\\", "") for text in app.markdown):
        for line in said.split("\n"):
            assert "E keeps 60%" not in line or PROPOSED in line, line


def test_a_link_to_a_file_that_is_not_here_says_so():
    app = on_page({page.PLACE: "own.own~own.own~mine~2024"})
    assert headline(app) == "Both rulebooks are the same: choose two that differ."
    assert "Drop the file here to see it again" in texts(app)


@pytest.mark.parametrize("content", [MINE_60, b"", b"title = 3", b"\xff", b"[" * 20_000])
def test_a_dropped_file_is_laid_over_todays_rules_or_refused_in_one_sentence(monkeypatch, content):
    state = {f"{page.DROPPED}_0": SimpleNamespace(getvalue=lambda: content)}
    put = []
    monkeypatch.setattr(page.st, "session_state", state)
    monkeypatch.setattr(page.session, "put", lambda name, text: put.append((name, text)))
    page._dropped(Choice(Book(2026), Book(2027), NO_FILE, 2023))
    if content == MINE_60:
        assert state[page.MY_FILE] == MINE_60
        assert put == [(page.PLACE, "own.own~own.own~mine~2023")]
    else:
        assert state[page.FAULT].endswith(".")
        assert not put
        assert page.MY_FILE not in state


def test_a_contract_that_a_rulebook_does_not_know_is_one_sentence_and_the_acos_are_counted():
    app = on_page({page.PLACE: "own.own~own.2016-01-01~none~2024"})
    assert headline(app).startswith("One of the two rulebooks has no contract E")
    assert "No ACO of 2024 can be settled under both rulebooks" in texts(app)
    assert "476 of 476 have a contract that one of the two rulebooks does not know." in texts(app)


def test_the_levers_move_the_answer():
    app = on_page({page.PLACE: STARTS, "regional_level": "-10"})
    assert "you would earn $6.5M, $6.5M more than" in headline(app)
    app.slider(key="lever_quality_score").set_value(82.0).run()
    assert app.session_state[session.HISTORY].now.scenario.quality_score == 0.82
    assert "you would earn $8.7M, $8.7M more than" in headline(app)
    assert place(app) == STARTS


def test_the_columns_that_are_read_are_all_that_loading_needs():
    for year in (2024, 2017):
        some = published.results(acos.COLUMNS, year=year).head(40)
        every = published.results(None, year=year).head(40)
        first, second = load_all(some), load_all(every)
        assert first[1] == second[1]
        assert [one.scenario for one in first[0]] == [one.scenario for one in second[0]]


# What is taken away.


def compared(scenario, choice, mine=b""):
    proposed = acos.file_of(choice, mine)
    names = own_words.names(choice, proposed)
    books = rulebooks(choice, proposed)
    own = own_words.Own(
        names,
        compare_rules(scenario, *books),
        *settled_both(scenario, *books),
        both(scenario, *books),
    )
    return own, acos.on_all(choice, mine), names, proposed


def text_of(data):
    (only,) = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(only.extract_text().split())


def test_the_brief_has_the_answer_the_provisions_and_the_mark():
    pair = pairs()["cms_1848_p"]
    choice = Choice(pair.old, pair.new, pair.file, 2024)
    own, many, names, proposed = compared(Scenario(quality_score=0.82), choice)
    text = text_of(brief(own, many, names, proposed))
    for wanted in (
        own_words.headline(own).replace("→", "to"), own_words.file_note(proposed, own),
        "New rules (proposed)", "$10.4M", "Level E keeps up to 60% (proposed)", "E 50% → E 60%",
        "+$1.7M", "2027's quality performance standard is not published yet",
        all_words.title(many, names), "Illustrative", "Rules version",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_a_hostile_file_stays_text_on_one_page_of_the_brief():
    hostile = toml(
        'parameter = "sharing_rate"\nprovision = "<b>=1+1 &amp; <font size=99>"\n'
        "by_level = { E = 0.60 }",
        title="<para>=cmd() & </para>" + "x" * 270,
    )
    own, many, names, proposed = compared(Scenario(), Choice(Book(), Book(), MINE, 2024), hostile)
    text = text_of(brief(own, many, names, proposed))
    assert "<b>=1+1 &amp; <font size=99> (proposed)" in text
    assert text_of(brief(None, None, names, read(hostile)))


def test_the_csv_has_a_row_for_every_aco_of_the_year():
    _, many, names, _ = compared(Scenario(), Choice(Book(2026), Book(2027), NO_FILE, 2018))
    rows = list(csv.DictReader(io.StringIO(all_words.table(many, names))))
    assert len(rows) == 548
    assert sum(bool(row["left_out"]) for row in rows) == len(many.not_loaded) == 1
    assert {row["change"] for row in rows if not row["left_out"]} == {"0.00"}
    assert set(shipped())
