"""The address of the page: it opens what it says, and says what it could not open."""

import pytest

from mssp_sim.parameters import RULES_VERSION
from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

LINK = f"?v={RULES_VERSION}&contract=B&cut=4&quality=80&share=25"


def shows_the_linked_scenario(page):
    everything = screen.everything(page)
    levers = everything[2]
    assert levers["Contract"] == "B"
    assert levers["Cost reduction"] == "4.0%"
    assert levers["Quality score"] == "80.0"
    assert levers["Market share"] == "25%"
    # Two thirds of .25 x 6.0% + .75 x 5.0% and one third of 5.1%: 5.2%; 544,243,577.55 x 1.052 =
    # 572,544,243.58 less 549,120,000 spent = 23,424,243.58; x 40% x 98% = 9,182,303
    assert screen.values(page) == ["$9.2M", "$0.0M", "$23.4M", "40.0%"]
    return everything


@pytest.mark.parametrize("path", ["", "simulator"])
def test_the_very_first_request_to_a_server_may_be_a_link(visit, fresh_server, path):
    first = shows_the_linked_scenario(visit(path + LINK, at=fresh_server))
    assert first == shows_the_linked_scenario(visit(LINK, at=fresh_server))


def test_the_very_first_page_still_works_after_a_move(visit, fresh_server):
    page = visit(LINK, at=fresh_server)
    screen.move(page, "Quality score", "Home")
    assert "quality=0" in screen.address(page).split("&")
    assert screen.everything(page)[2]["Quality score"] == "0.0"
    assert page.title() == "Shared savings simulator"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("cut=lots", "cut=lots is not a number; 3.1% is used."),
        ("year=2021&start=2025-01-01", "Performance year"),
        ("cut=nan&risk=inf", "risk=inf is not a number; 0.0% is used."),
        ("baseline=%3Cscript%3E&tables=eJw", "was the link cut short?"),
    ],
)
def test_a_bad_link_opens_with_a_notice_and_valid_numbers(visit, query, said):
    page = visit("?" + query)
    notice = page.locator(".st-key-link_notice")
    assert said in notice.inner_text()
    assert all(screen.MONEY_OR_RATE.fullmatch(value) for value in screen.values(page))
    assert screen.values(page)[0] == "$6.5M"
    assert screen.address(page) == f"v={RULES_VERSION}"
    notice.get_by_role("button", name="Close").click()
    screen.settle(page)
    assert notice.count() == 0


@pytest.mark.also_in_firefox
def test_what_is_good_in_a_bad_link_is_kept(visit):
    page = visit(f"?v={RULES_VERSION}&quality=82&cut=lots")
    assert screen.values(page)[0] == "$8.7M"
    assert screen.address(page) == f"v={RULES_VERSION}&quality=82"
