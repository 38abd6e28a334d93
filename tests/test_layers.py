"""What a pattern of the import linter cannot say: who knows Streamlit, who settles, how long."""

import ast

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "mssp_sim"
SETTLES = {"simulate", "payoff", "settle_target"}
LONGEST = 500
REASON = "Over 500 lines: "


def modules(*patterns):
    return sorted(path for pattern in patterns for path in PACKAGE.glob(pattern))


def imported(path):
    """Return every module and every name that a file imports, doctests left out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def draws(path):
    """Return whether a file of a room puts things on its page."""
    return path.stem in ("page", "sections") or path.stem.endswith("_section")


ROOMS = [path for path in modules("screens/*/*.py") if not draws(path)]
BELOW = modules("charts/**/*.py", "words/**/*.py", "studies/**/*.py", "exports/**/*.py",
                "cms_files/**/*.py", "batch/**/*.py", "learning/**/*.py", "*.py")  # fmt: skip
NAMED = {path.relative_to(PACKAGE).as_posix(): path for path in (*ROOMS, *BELOW)}
DRAWING = {"screens/real_acos/its_years.py", "__main__.py"}
"""Files that draw, or start what draws, under a name of their own."""


@pytest.mark.parametrize("name", sorted(set(NAMED) - DRAWING))
def test_only_pages_and_the_app_know_streamlit(name):
    known = {module.partition(".")[0] for module in imported(NAMED[name])}
    assert "streamlit" not in known


@pytest.mark.parametrize(
    "name",
    [
        path.relative_to(PACKAGE).as_posix()
        for path in (*modules("charts/**/*.py", "words/**/*.py"), *ROOMS)
        if path.stem.endswith(("words", "picture", "pictures", "figures"))
        or path.parent.name in ("charts", "words")
    ],
)
def test_words_and_pictures_settle_no_scenario(name):
    known = imported(PACKAGE / name)
    assert not known & {"mssp_sim.simulation", "mssp_sim.batching"}
    assert not known & {f"mssp_sim.{function}" for function in SETTLES}


@pytest.mark.parametrize("path", modules("**/*.py"), ids=lambda path: path.stem)
def test_a_long_file_says_why(path):
    lines = path.read_text("utf-8").splitlines()
    if len(lines) > LONGEST:
        assert any(line.startswith(REASON) for line in lines[:8]), f"{path.name}: {len(lines)}"
