"""What the simulator says it has proven is what the results inside give, wherever it is said."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim.cms_files import proven, published
from mssp_sim.cms_files.reproduction import counted
from mssp_sim.words.proven import trust

ROOT = Path(__file__).parents[2]


def test_the_counts_are_those_of_the_results_inside():
    assert proven.match() == counted(published.results())


def test_the_counts_follow_the_rows():
    frame = published.results(year=2024)
    frame.loc[frame.index[:3], "payment"] += 1_000_000
    assert counted(frame) == (476, 473, 1e-4, 2024, 2024)


def test_the_readme_says_the_same():
    assert trust() in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["simulator", "rules"])
def test_the_page_says_it(page):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    assert trust() in " ".join(one.value for one in app.main.markdown).replace("\\", "")


def test_saying_it_opens_no_results():
    code = (
        "import sys; from mssp_sim.words.proven import trust; trust(); "
        "print('pyarrow.parquet' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
