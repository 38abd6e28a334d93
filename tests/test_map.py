"""What the repository says about itself: the map, the printed dollars, the pinned versions."""

import doctest
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from mssp_sim.app import frame

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
MAP = ROOT / "docs" / "architecture.md"
LONGEST_README = 160
INDENT = 4
ADDRESS = re.compile(r"index[-_]url|https?://[^\s\"'<>)]*/simple\b", re.IGNORECASE)
NOT_TEXT = {".png", ".ttf", ".ico", ".woff2", ".gz", ".zip", ".xlsx"}


def mapped():
    """Return every path the map names."""
    tree = re.search(r"## Every file\n.*?```text\n(.*?)```", MAP.read_text("utf-8"), re.DOTALL)
    assert tree, "docs/architecture.md has no map"
    paths, above = [], []
    for line in tree[1].splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // INDENT
        above = [*above[:depth], name]
        paths.append("/".join(part.strip("/") for part in above))
    return paths


def committed():
    """Return every file in git's hands, or skip where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this copy is not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.parametrize("path", mapped())
def test_everything_on_the_map_is_on_the_disk(path):
    assert (ROOT / path).exists(), f"the map in docs/architecture.md names {path}; it is not there"


def test_what_answers_where_is_names_files_that_are_there():
    table, _, _ = MAP.read_text("utf-8").partition("## Every file")
    named = re.findall(r"`((?:mssp_sim|\.streamlit)[^`<]*)[`<]", table)
    assert len(named) > 12
    for path in named:
        assert (ROOT / path).exists(), f"docs/architecture.md names {path}; it is not there"


def test_every_module_is_on_the_map():
    """Rooms and pages are not: they bear the names that the navigation lists."""
    modules = {
        (path.parent if path.name == "__init__.py" else path).relative_to(ROOT).as_posix()
        for folder in ("mssp_sim", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "screens" not in path.parts
    }
    missing = sorted(modules - set(mapped()))
    assert not missing, f"give each its line on the map in docs/architecture.md: {missing}"


def test_every_page_is_in_the_navigation_and_has_its_room():
    named = {name for pages in frame.PAGES.values() for name in pages}
    files = {path.stem for path in (ROOT / "pages").glob("*.py")}
    rooms = {path.parent.name for path in (ROOT / "mssp_sim" / "screens").glob("*/page.py")}
    for name in sorted(named | files | rooms):
        assert name in named, (
            f"{name} is not in PAGES of mssp_sim/app/frame.py: nobody can go there"
        )
        assert name in files, f"pages/{name}.py is missing: the navigation would leave {name} out"
        assert name in rooms, f"mssp_sim/screens/{name}/page.py is missing"


def test_nothing_is_on_the_map_twice():
    paths = mapped()
    assert sorted(paths) == sorted(set(paths))


def test_the_dollars_printed_in_the_readme_are_what_the_engine_gives():
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert tried
    assert not failed


def test_the_readme_is_short():
    assert len(README.read_text("utf-8").splitlines()) <= LONGEST_README


@pytest.mark.parametrize(
    "page",
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "benchmarks/README.md",
        "docs/architecture.md", "docs/deploy.md",
    ],
)  # fmt: skip
def test_every_link_and_picture_leads_to_a_file(page):
    found = re.findall(r"\]\((?!https?:|#)([^)\s#]+)", (ROOT / page).read_text())
    missing = [link for link in found if not ((ROOT / page).parent / link).exists()]
    assert not missing


def test_decisions_are_numbered_without_a_gap_and_fit_on_one_screen():
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        assert len(path.read_text().splitlines()) <= 30, f"{path.name} is too long"


def test_every_pinned_dependency_is_in_the_requirements_and_every_requirement_is_exact():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    held = (ROOT / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    lines = [line.partition(" --hash")[0].strip() for line in held]
    extras = project["optional-dependencies"]
    of_the_app = {*project["dependencies"], *extras["app"], *extras["cms"], *extras["exports"]}
    assert {pin for pin in of_the_app if not pin.startswith("mssp-sim[")} <= set(lines)
    assert all("==" in line for line in lines if line and not line.startswith("#"))


def test_no_committed_text_names_a_package_registry():
    named = [
        path.relative_to(ROOT).as_posix()
        for path in committed()
        if path.is_file()
        and path.suffix not in NOT_TEXT
        and ADDRESS.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not named
