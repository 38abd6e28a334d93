"""What the tests in a browser share: a picture of each task when it is done."""

import pytest

from tests.browser import engines
from tests.conftest import ROOT

ARTEFACTS = ROOT / "artefacts"


def pytest_generate_tests(metafunc):
    """Let a test that is marked for it run in Firefox too."""
    if metafunc.definition.get_closest_marker("also_in_firefox"):
        both = (engines.CHROMIUM, engines.FIREFOX)
        metafunc.parametrize("browser", both, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def _keep_a_picture_of_each_task(request):
    """Keep what the screen showed at the end of a task; git ignores the folder."""
    if not request.node.name.startswith("test_task"):
        yield
        return
    browser = request.getfixturevalue("browser")
    if "visit" in request.fixturenames:  # its windows are closed only after this fixture's end
        request.getfixturevalue("visit")
    yield
    ARTEFACTS.mkdir(exist_ok=True)
    name = "".join(c if c.isalnum() else "_" for c in request.node.name)
    for number, page in enumerate(page for context in browser.contexts for page in context.pages):
        page.screenshot(path=ARTEFACTS / f"{name}-{number + 1}.png")
