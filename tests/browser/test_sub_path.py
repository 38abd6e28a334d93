"""Under a path of a hospital's own site, behind nginx with two replicas: a visitor's tasks.

The tasks are those of the other files, done there. Whatever a page asks for must lie below the
path, for the rest of the site is somebody else's: `visit` notes every request that does not.
"""

import urllib.error
import urllib.request
from functools import partial

import pytest

from mssp_sim.app import room
from tests import replicas
from tests.browser import screen, screen_take, test_my_aco, test_take, test_tasks
from tests.browser import screen_live_room as live
from tests.conftest import IN_CI, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]

UNDER = "/aco/simulator"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    if replicas.nginx() is None:
        (pytest.fail if IN_CI else pytest.skip)(replicas.NO_NGINX)
    with replicas.running(tmp_path_factory.mktemp("under"), under=UNDER) as (address, _):
        yield address


@pytest.fixture
def visit_there(visit, home):
    return partial(visit, at=home)


@pytest.mark.parametrize(
    "task",
    [
        test_tasks.test_task_1_what_the_aco_earns_and_why_not_more_is_there_to_read,
        test_tasks.test_task_2_one_move_of_quality_shows_what_full_quality_pays,
        test_tasks.test_task_7_the_address_opens_the_same_four_tiles_for_a_colleague,
        test_tasks.test_task_12_back_to_the_start_and_undo_that,
    ],
)
def test_a_task_is_done_under_the_path(task, visit_there):
    task(visit_there)


@pytest.mark.parametrize(
    "task",
    [
        test_take.test_task_8_a_brief_of_one_page_in_two_clicks,
        test_my_aco.test_two_clicks_and_a_few_letters_then_every_page_and_the_brief_carry_the_name,
    ],
)
def test_a_task_with_a_download_is_done_under_the_path(task, visit_there, tmp_path):
    task(visit_there, tmp_path)


def test_links_history_and_uploads_stay_under_the_path(visit_there, home, tmp_path):
    page = visit_there("?cut=4")
    screen_take.open_popover(page, test_take.TAKE)
    shared = screen_take.link(page)
    assert shared.startswith(home)
    file = screen_take.download(page, "Scenario file", tmp_path)
    assert "opened" in screen_take.open_file(page, file).lower()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Executive view", exact=True).click()
    page.wait_for_url(f"{home}/executive**")
    page.go_back()
    page.wait_for_url(f"{home}/?**")
    screen.settle(page)
    assert "cut=4" in screen.address(page)
    tiles = screen.tiles(page)
    page.goto(shared)
    screen.wait_for_pictures(page)
    assert screen.tiles(page) == tiles


@pytest.mark.parametrize("path", ["metrics", "agent/mcp"])
def test_what_is_closed_is_closed_under_the_path_and_has_the_headers(home, path):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{home}/_stcore/{path}")
    with refused.value as answer:
        assert "frame-ancestors" in answer.headers["content-security-policy"]


def test_task_17_a_room_on_two_replicas_under_the_path(visit, browser, tmp_path, monkeypatch):
    if replicas.nginx() is None:
        (pytest.fail if IN_CI else pytest.skip)(replicas.NO_NGINX)
    monkeypatch.setenv(room.SETTING, f"sqlite:///{tmp_path}/rooms.db")
    with replicas.running(tmp_path, under=UNDER) as (address, _):
        broken, pages = [], []
        for look in ({}, {}, live.PHONE, live.PHONE, {}):
            page = browser.new_context(**look).new_page()  # a cookie of its own: replicas in turn
            page.set_default_timeout(live.PATIENCE)
            watch(page, address, broken)
            pages.append(page)
        trainer, wall, *phones = pages
        code, _ = live.open_room(trainer, address)
        wall.goto(f"{address}/wall?room={code}")
        for phone in phones:
            live.enter(phone, address, code)
        live.ask(trainer, "A card")
        for option, phone in enumerate(phones):
            live.vote(phone, option)
        live.answered(wall, 3, 3)
        stuck = [c for page in pages for c in page.context.cookies() if c["name"] == "replica"]
        assert {cookie["value"] for cookie in stuck} == {"1", "2"}
        live.press(trainer, "room_reveal")
        live.says(phones[0], "You said A. It is C")
        live.says(phones[2], "You said C, and so it is.")
        test_tasks.test_task_1_what_the_aco_earns_and_why_not_more_is_there_to_read(
            partial(visit, at=address)
        )
        for page in pages:
            page.context.close()
    assert not broken
