"""A newcomer follows the links of the program's page; a sceptic looks a rule up."""

import pytest
from playwright.sync_api import expect

from mssp_sim.app import frame
from mssp_sim.learning.program import program
from mssp_sim.scenario import Scenario
from mssp_sim.screens.program.page import title
from mssp_sim.simulation import simulate
from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

SAID = program(simulate(Scenario()))
PAGES = {line.page for lines in SAID.sections.values() for line in lines} - {""}
ONE_OF_EACH = [
    min(PAGES & set(frame.WITHOUT_RAIL)),
    min(PAGES - set(frame.WITHOUT_RAIL)),
    "simulator",
]
"""A page without levers, a page with them, and the page whose address is empty."""


def open_page(page, section, name):
    page.get_by_role("button", name=section).click()
    page.get_by_text(name, exact=True).click()
    screen.settle(page)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_link_of_the_program_opens_its_page_with_the_levers_kept(visit, name):
    page = visit("?cut=4.2&quality=80")
    open_page(page, "Learn", "The program on one page")
    before = screen.address(page)
    page.get_by_test_id("stPageLink").get_by_text(f"Modeled here: {title(name)}").first.click()
    screen.settle(page)
    assert page.url.split("?")[0].rstrip("/").endswith("" if name == "simulator" else name)
    assert screen.address(page) == before
    if name not in frame.WITHOUT_RAIL:
        assert screen.lever(page, "Cost reduction").get_attribute("aria-valuetext") == "4.2%"


def test_a_rule_leads_to_its_paragraph(visit):
    page = visit()
    open_page(page, "About", "Rules and sources")
    page.get_by_label("Find a rule").fill("sharing rate")
    page.get_by_label("Find a rule").press("Enter")
    screen.settle(page)
    link = page.get_by_role("link", name="425.605(d)(1)", exact=True).first
    expect(link).to_have_attribute("href", "https://www.ecfr.gov/current/title-42/section-425.605")
    page.get_by_role("tab", name="Your settlement step by step").click()
    screen.settle(page)
    expect(page.get_by_text("$6,516,510").last).to_be_visible()
