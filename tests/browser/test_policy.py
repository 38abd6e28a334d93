"""The headers of the app itself, in a browser: what they forbid is noticed, and nothing else is.

Every window that `visit` opens is watched, so the other browser tests hold it on every page.
"""

import urllib.error
import urllib.request
from functools import partial

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from mssp_sim.app.headers import FIXED, policy, script_hashes
from tests.browser import screen
from tests.conftest import LOCAL, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]

POLICY = "content-security-policy"
FORBIDDEN = {
    "a picture of another site": f"new Image().src = 'http://{LOCAL}:59123/x.png'",
    "text run as code": "Function('return 1')()",
    "a script of the page": (
        "document.body.append(Object.assign(document.createElement('script'), {text: 'var a = 1'}))"
    ),
}


LOOSER = {
    "a picture of another site": ("img-src 'self'", "img-src 'self' *", "asked another site"),
    "text run as code": ("script-src 'self'", "script-src 'self' 'unsafe-eval'", ""),
}
"""What is done, the words of the policy that are loosened, and what still gives it away, if any."""


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


def bare(given, route):
    """Answer with a page that has nothing but its policy."""
    route.fulfill(body="<p>", headers={"content-type": "text/html", POLICY: given})


@pytest.mark.also_in_firefox
@pytest.mark.parametrize("done", LOOSER)
def test_a_looser_policy_lets_it_pass_so_it_is_the_policy_that_is_noticed(browser, server, done):
    tight, loose, told = LOOSER[done]
    assert tight in policy("*")
    found = []
    for given in (policy("*"), policy("*").replace(tight, loose)):
        context = browser.new_context()
        page, broken = context.new_page(), []
        watch(page, server, broken)
        page.route(f"{server}/bare", partial(bare, given))
        page.goto(f"{server}/bare")
        page.evaluate(f"setTimeout(() => {{ {FORBIDDEN[done]} }})")
        page.wait_for_timeout(500)
        found.append(broken)
        context.close()
    by_the_policy, by_the_loose_one = found
    assert any("Content Security Policy" in line for line in by_the_policy)
    assert all(told in line for line in by_the_loose_one)
    assert bool(by_the_loose_one) == bool(told)


def test_no_script_comes_from_text_or_from_another_site():
    """Scripts are files of this server, the one of Streamlit's page, or a component's ``blob:``."""
    directives = dict(part.split(" ", 1) for part in policy("'self'").split("; "))
    scripts = set(directives["script-src"].split())
    assert scripts == {"'self'", "blob:", "'wasm-unsafe-eval'", *map(repr, script_hashes())}
    assert len(script_hashes()) == 1, (
        "Streamlit's page has other scripts: read them before you allow them"
    )
    assert directives["object-src"] == directives["base-uri"] == "'none'"
    for named, sources in directives.items():
        assert not {"*", "http:", "https:"} & set(sources.split()), named


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


def test_a_forged_upload_and_a_websocket_of_another_site_are_refused(server):
    forged = urllib.request.Request(f"{server}/_stcore/upload_file/a/b", data=b"x", method="PUT")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(forged)
    stream = f"{server.replace('http', 'ws', 1)}/_stcore/stream"
    of_streamlit = {"subprotocols": ["streamlit"], "proxy": None}
    with connect(stream, origin=server, **of_streamlit):
        pass
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(stream, origin="http://elsewhere.example", **of_streamlit),
    ):
        pass
