"""The curtain, the lock, the vote and the eight questions in a browser, as a room sees them."""

from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from mssp_sim import Scenario, simulate
from mssp_sim.app import frame
from mssp_sim.figures import plain, whole_dollars
from mssp_sim.learning.check import Sitting, question_order
from mssp_sim.words.tiles import four_tiles
from tests.browser import screen, screen_take, screen_teach

pytestmark = [pytest.mark.browser, pytest.mark.long]

SLIP, GOOD = simulate(Scenario()), simulate(Scenario(quality_score=0.82))
ALL = [name for pages in frame.PAGES.values() for name in pages]
DESK = [name for name in ALL if name not in frame.SHOWS_NO_DESK]


def hidden():
    """Return what the desk would tell of slip and good year, as any part of a page says it."""
    told = {tile.shown for result in (SLIP, GOOD) for tile in four_tiles(result, GOOD)} - {"$0.0M"}
    for result in (SLIP, GOOD):
        for name in ("shared_savings", "gross_savings", "medicare_part", "benchmark_total"):
            dollars = float(getattr(result, name))
            told |= {whole_dollars(dollars), plain(dollars, 0), f"{dollars:.0f}"}
        told.add(f"{float(result.shared_savings) / 1e6:.5f}")
    return told | {"clears 2.0%", "12.5 points", "left on the table", "your share fell"}


def to_the_dollar():
    """Return what no lesson of its own says by chance."""
    return {words for words in hidden() if "," in words and "$" in words}


def nothing_told(page):
    held = screen_teach.held(page)
    assert not sorted(told for told in hidden() if told in held)


def test_the_search_finds_what_is_not_hidden(visit):
    held = screen_teach.held(visit())
    found = {told for told in hidden() if told in held}
    assert {"$6.5M", "$2.2M", "$17.7M", "37.5%", "clears 2.0%", "left on the table"} <= found


def test_task_10_in_three_clicks_the_slip_is_before_the_room_with_its_answer_hidden(visit):
    page = visit()
    screen_teach.go(page, "Teach", "Trainer desk")
    screen_teach.deal(page, "The slip")
    assert screen.sentence(page).endswith("What happens to the check?")
    assert not screen_teach.drawn(page)
    nothing_told(page)
    screen_teach.reveal(page)
    assert "$2.2M of $8.7M is left on the table, $6.5M arrives" in screen_teach.words(page)


def test_behind_the_curtain_nothing_that_opens_on_any_page_tells_the_answer(visit, tmp_path):
    """One card over all pages: text, attributes, tabs, folds, popovers, and files where any are."""
    page = visit()
    home = page.url.split("?")[0]
    looked_into, lessons_files = [], {}
    for name in ALL:
        page.goto(f"{home}{'' if name == 'simulator' else name}?preset=slip&curtain=on")
        expect(screen_teach.main(page).get_by_role("heading").first).to_be_visible(timeout=60_000)
        screen.settle(page)
        told = hidden() if name not in frame.WITHOUT_RAIL else to_the_dollar()
        if name in DESK:
            assert not screen_teach.drawn(page), name
            assert not screen_teach.files(page), name
            held = screen_teach.held(page) if name == ALL[0] else page.content()
            assert not sorted(words for words in told if words in held), name
        elif screen_teach.files(page):
            lessons_files[name] = page.get_by_test_id("stDownloadButton").all_inner_texts()
        for what, held in screen_teach.each_opened(page, rail=name == ALL[0]):
            looked_into.append((name, what))
            assert not sorted(words for words in told if words in held), (name, what)
    assert {"simulator", "rules", "trainer"} <= {name for name, _ in looked_into}
    assert set(lessons_files) <= {"program", "story", "myths", "check", "trainer"}
    page.goto(f"{home}trainer?preset=slip&curtain=on")
    screen.settle(page)
    (handout,) = pypdf.PdfReader(screen_take.download(page, "Handout", tmp_path)).pages[:1]
    assert not [words for words in to_the_dollar() if words in handout.extract_text()]


def test_the_curtain_comes_down_over_a_page_full_of_figures_and_stays_while_levers_move(visit):
    page = visit()
    screen_teach.go(page, "Teach", "Trainer desk")
    page.get_by_text("Curtain", exact=True).click()
    screen.settle(page)
    nothing_told(page)
    screen_teach.go(page, "", "Simulator")
    nothing_told(page)
    screen.move(page, "Quality score", "ArrowRight")
    nothing_told(page)
    assert "quality=75.1" in page.url
    screen_teach.reveal(page)
    assert screen.tiles(page)[0][0].startswith("You earn")


def test_the_link_of_the_room_brings_curtain_and_lock_to_another_device(visit):
    mine = screen_teach.opened(visit, "trainer?preset=weather&curtain=on&locked=cost_reduction")
    theirs = visit()
    theirs.goto(screen_teach.link_of_the_room(mine))
    screen.settle(theirs)
    assert "its region grows" in screen.sentence(theirs)
    assert screen.lever(theirs, "Cost reduction").is_enabled()
    for label in ("Quality score", "Market share", "Regional trend", "Risk growth"):
        assert screen.lever(theirs, label).is_disabled(), label
    assert not screen_teach.drawn(theirs)


def test_a_room_votes_and_the_right_bar_is_marked_only_after_reveal(visit):
    page = screen_teach.opened(visit, "trainer?preset=slip&curtain=on")
    screen_teach.count_votes(page, (3, 9, 5, 1))
    bars = screen.pictures(page).first.text_content()
    assert "right" not in bars
    assert all(count in bars for count in "3951")
    screen_teach.reveal(page)
    assert "5 · right" in screen.pictures(page).first.text_content()


def test_the_team_challenge_is_won_with_live_checks(visit):
    page = screen_teach.opened(visit, "trainer")
    screen.press(page, "trainer_challenge")
    assert "3 of 4 hold" in screen_teach.words(page)
    assert screen.lever(page, "Regional trend").is_disabled()
    screen.move(page, "Quality score", "End")
    for _ in range(2):  # 3.1% to 3.3%
        screen.move(page, "Cost reduction", "ArrowRight")
    assert "Solved." in screen_teach.words(page)


def test_the_papers_are_downloaded_from_the_desk(visit):
    page = screen_teach.opened(visit, "trainer?preset=slip&curtain=on")
    for name in ("Handout", "Guide, 60 min"):
        with page.expect_download() as told:
            page.get_by_role("button", name=name).click()
        assert Path(told.value.path()).read_bytes().startswith(b"%PDF-")


def test_two_browsers_with_the_same_link_see_the_same_questions(visit):
    mine, theirs = (screen_teach.opened(visit, "check?quiz=41") for _ in range(2))
    for number in question_order():
        seen = [screen_teach.words(page) for page in (mine, theirs)]
        assert Sitting.read("41").asked(number).question.question in seen[0]
        assert seen[0] == seen[1]
        for page in (mine, theirs):
            screen.press(page, "quiz_next")


def test_answers_explain_themselves_and_survive_going_back_and_a_reload(visit):
    page = screen_teach.opened(visit, "check?quiz=41")
    asked = Sitting.read("41").asked(0).question
    wrong = (asked.right + 1) % 3
    screen_teach.answer(page, wrong)
    assert asked.why in screen_teach.words(page)
    assert asked.ideas[wrong] in screen_teach.words(page)
    screen.press(page, "quiz_next")
    page.reload()
    screen.settle(page)
    screen.press(page, "quiz_back")
    assert asked.why in screen_teach.words(page)
    assert f"quiz=41~0.{'abc'[wrong]}" in page.url.replace("%7E", "~")


@pytest.mark.parametrize(
    "address", ["check?quiz=7~2.abc", "check?quiz=7~8.abcabcab", "trainer?preset=slip&vote=3,9,5,1"]
)
def test_nothing_runs_over_the_edge_of_a_phone(visit, address):
    page = screen_teach.opened(visit, address, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
