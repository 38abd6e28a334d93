"""From the back of the room: large type, the timer in the corner, the picture of a small ACO."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import screen, screen_teach
from tests.exports.test_drawn import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.long]
LEAST = 24
SIZES = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('[data-testid=stVegaLiteChart] svg')) {
    const times = svg.getBoundingClientRect().width / svg.getAttribute('width');
    for (const text of svg.querySelectorAll('text'))
      if (text.textContent.trim())
        found.push([text.textContent, times * parseFloat(getComputedStyle(text).fontSize)]);
  }
  for (const part of document.querySelectorAll('[data-testid=stMetric] *'))
    if ([...part.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
      found.push([part.textContent,
        part.currentCSSZoom * parseFloat(getComputedStyle(part).fontSize)]);
  return found;
}"""
RAIL = """() => document.querySelector('[data-testid=stSidebar]').currentCSSZoom"""
EDGES = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')]
  .map(svg => svg.getBoundingClientRect().right)"""


def test_every_text_of_curve_ladder_and_tiles_is_large_enough_for_the_last_row(visit):
    page = screen_teach.opened(visit, "trainer")
    page.get_by_text("Large type", exact=True).click()
    screen.settle(page)
    for section, title, least in (("", "Simulator", 40), ("Explore", "Quality", 30)):
        screen_teach.go(page, section, title)
        expect(screen.pictures(page).first.locator("svg")).to_be_visible()
        screen.settle(page)
        assert screen.too_small(page, SIZES, LEAST) == [], title
        assert len(page.evaluate(SIZES)) >= least, title
        assert max(page.evaluate(EDGES)) <= 1366
    assert page.evaluate(RAIL) > 1.2


def test_the_timer_counts_in_the_corner_of_every_page_and_survives_a_reload(visit):
    page = screen_teach.opened(visit, "trainer")
    screen.button(page, "trainer_start").click()
    clock = page.get_by_role("timer")
    expect(clock).to_be_visible(timeout=20_000)
    for _ in range(2):
        expect(clock).to_have_text(re.compile("^[23]:"))
        left = clock.inner_text()
        box = clock.bounding_box()
        assert box["x"] + box["width"] > 1250
        assert box["y"] > 650
        expect(clock).not_to_have_text(left)
        page.reload()
        expect(clock).to_be_visible(timeout=60_000)


def test_a_small_aco_has_a_whole_picture_on_the_screen(visit):
    page = visit("?people=5000")
    chart = screen.pictures(page).first
    image = np.asarray(Image.open(io.BytesIO(chart.screenshot())).convert("RGB"))
    inside = image.copy()
    inside[:, :2] = inside[:, -2:] = 255  # the screen's own edge is no white margin
    assert looked_at(inside) == []
    assert "baseline $8.7M" in chart.text_content()
