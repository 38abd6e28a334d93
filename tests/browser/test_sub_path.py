"""Under a path of a hospital's own site, behind nginx with two replicas: a visitor's tasks.

The tasks are those of the other files, done there. Whatever a page asks for must lie below the
path, for the rest of the site is somebody else's: `visit` notes every request that does not.
"""

import urllib.error
import urllib.request
from contextlib import ExitStack
from functools import partial

import pytest

from mssp_sim.app import room
from tests import replicas
from tests.browser import screen, screen_take, test_my_aco, test_take, test_tasks
from tests.browser import screen_live_room as live
from tests.conftest import IN_CI, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]

UNDER = "/aco/simulator"
OFF, ON = "rooms off", "rooms on"


@pytest.fixture(
    scope="module",
    params=[pytest.param(rooms, marks=pytest.mark.xdist_group(rooms)) for rooms in (OFF, ON)],
)
def home(request, tmp_path_factory):
    """Return the address of two replicas under the path, without live rooms or with them."""
    if replicas.nginx() is None:
        (pytest.fail if IN_CI else pytest.skip)(replicas.NO_NGINX)
    folder = tmp_path_factory.mktemp("under")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # other servers of this process have none
            if request.param == ON:
                patch.setenv(room.SETTING, f"sqlite:///{folder}/rooms.db")
            address, _ = stack.enter_context(replicas.running(folder, under=UNDER))
        yield address


def only(rooms):
    """Let a test run where live rooms are so and not otherwise."""
    marked = pytest.param(rooms, marks=pytest.mark.xdist_group(rooms))
    return pytest.mark.parametrize("home", [marked], indirect=True, scope="module")


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


@only(OFF)
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


@only(OFF)
@pytest.mark.parametrize("path", ["metrics", "agent/mcp"])
def test_what_is_closed_is_closed_under_the_path_and_has_the_headers(home, path):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{home}/_stcore/{path}")
    with refused.value as answer:
        assert "frame-ancestors" in answer.headers["content-security-policy"]


@only(ON)
def test_task_17_a_room_on_two_replicas_under_the_path(browser, home):
    broken, pages = [], []
    for look in ({}, {}, live.PHONE, live.PHONE, {}):
        page = browser.new_context(**look).new_page()  # a cookie of its own: replicas in turn
        page.set_default_timeout(live.PATIENCE)
        watch(page, home, broken)
        pages.append(page)
    trainer, wall, *phones = pages
    code, _ = live.open_room(trainer, home)
    wall.goto(f"{home}/wall?room={code}")
    for phone in phones:
        live.enter(phone, home, code)
    live.ask(trainer, "A card")
    for option, phone in enumerate(phones):
        live.vote(phone, option)
    live.answered(wall, 3, 3)
    stuck = [c for page in pages for c in page.context.cookies() if c["name"] == "replica"]
    assert {cookie["value"] for cookie in stuck} == {"1", "2"}
    live.press(trainer, "room_reveal")
    live.says(phones[0], "You said A. It is C")
    live.says(phones[2], "You said C, and so it is.")
    for page in pages:
        page.context.close()
    assert not broken
