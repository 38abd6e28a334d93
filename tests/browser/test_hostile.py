"""Hostile visitors, in short; the long form: python -m tests.hostile --links 2000."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from mssp_sim.app import show
from tests import hostile
from tests.browser import screen, screen_access
from tests.cms_files import synthetic

pytestmark = [pytest.mark.browser, pytest.mark.long]

LINKS, MOVES, FILES = 60, 60, 20
NAMES = (
    "<img src=x onerror=document.title='taken'>",
    "**bold** [click](javascript:alert(1))",
    "$x^2$ :material/home: :heart: :red[owed]",
    ":streamlit: :material_home: care",
    '=HYPERLINK("http://x","Care")',
    "# A heading\n\n- a list",
    "`code` ~~struck~~ <b>bold</b> &lt;",
)
DRAWN = (
    "img[src=x], img[alt='Streamlit logo'], :is(h3, h4, li) [role=img], "
    "b, .katex, s, code, [href^=javascript]"
)


def apart(visit):
    """Return what a visit without a browser ends with; the browser's own loop is left alone."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


def test_hostile_links_widgets_and_files_break_nothing(server):
    apart(hostile.attack(server, LINKS, MOVES, FILES))


def test_a_file_over_the_limit_is_refused(server):
    assert apart(hostile.too_large(server)) == 413


def test_the_name_of_an_aco_stays_text(browser, server, tmp_path):
    cells = synthetic.cells(2024)
    cells["ACO_Name"] = [NAMES[at % len(NAMES)] for at in range(len(cells["ACO_Name"]))]
    file = tmp_path / "<b>named.csv"
    file.write_bytes(synthetic.to_bytes(cells))
    with screen_access.window(browser, f"{server}/real_acos") as page:
        page.set_input_files("input[type=file][accept*=csv]", file)
        expect(page.get_by_label("Pick an ACO")).to_be_visible()
        drawn = page.locator(DRAWN).count()
        for name in NAMES:
            shown = " ".join(name.split())
            page.get_by_label("Pick an ACO").click()
            page.get_by_role("option").filter(has_text=shown[:12]).first.click()
            screen.settle(page)
            heads = page.get_by_test_id("stMain").get_by_role("heading").all_inner_texts()
            assert shown in [head.replace(show.WORD_JOINER, "") for head in heads]
            assert page.locator(DRAWN).count() == drawn
        assert page.title() != "taken"


def test_a_link_stays_text(browser, server):
    query = "cut=<b>x</b>&%3Cimg+src%3Dx%3E=1&quality=**b**&people=$x^2$&risk=:red[x]"
    with screen_access.window(browser, f"{server}/?{query}") as page:
        screen.press(page, "notices")
        told = page.locator(".st-key-link_notice, [data-testid=stPopoverBody]")
        said = " ".join(told.all_inner_texts())
        for text in ("<b>x</b>", "<img src=x>", "**b**", "$x^2$", ":red[x]"):
            assert text in said
        assert told.locator(DRAWN).count() == 0
