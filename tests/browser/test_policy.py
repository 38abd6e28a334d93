"""The headers of the app itself, in a browser: what they forbid is noticed, and nothing else is.

Every window that `visit` opens is watched, so the other browser tests hold it on every page.
"""

import urllib.request

import pytest

from mssp_sim.app.headers import FIXED
from tests.browser import screen
from tests.conftest import LOCAL, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]

FORBIDDEN = {
    "a picture of another site": f"new Image().src = 'http://{LOCAL}:9/x.png'",
    "text run as code": "Function('return 1')()",
    "a script of the page": (
        "document.body.append(Object.assign(document.createElement('script'), {text: 'var a = 1'}))"
    ),
}


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_what_the_policy_forbids_is_noticed(browser, server, forbidden):
    context = browser.new_context()
    page, broken = context.new_page(), []
    watch(page, server, broken)
    page.goto(server)
    screen.wait_for_pictures(page)
    assert broken == []
    page.evaluate(f"setTimeout(() => {{ {FORBIDDEN[forbidden]} }})")
    page.wait_for_timeout(500)
    assert broken
    context.close()


def test_the_headers_come_from_the_app_itself(server):
    with urllib.request.urlopen(server) as answer:
        given = dict(answer.headers)
    assert "'unsafe-eval'" not in given["content-security-policy"]
    assert given["content-security-policy"].endswith("frame-ancestors *")
    assert {name: given[name.lower()] for name in FIXED} == FIXED
    assert "strict-transport-security" not in given


def test_by_tls_the_browser_is_told_to_stay_there(server):
    asked = urllib.request.Request(server, headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["metrics", "agent/openapi.json", "agent/mcp", "agent/interact"])
def test_what_nobody_switched_on_answers_nobody(server, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/_stcore/{path}")
