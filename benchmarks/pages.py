"""Times the script of each page after a move of a lever: ``uv run python benchmarks/pages.py``.

No browser and no socket: Streamlit's own script runner, as its ``AppTest`` drives it, with its
own sliders. The script part runs from the lever's callback to the last element, in processor
time: what neighbours on the machine take is not counted, though they still slow its memory.
With a page's name (and ``--profile``) only that page is timed, and its functions listed.
"""

import cProfile
import os
import pstats
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.runtime.pages_manager import PagesManager  # noqa: E402
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from mssp_sim.ui import frame  # noqa: E402

RUNS = 15
WANTED = {"simulator": 30, "luck": 200, "compare": 100}
WANTED_ELSEWHERE = 40
"""Milliseconds of server time, median."""

script: list[float] = []
profile = cProfile.Profile()
profiled = "--profile" in sys.argv


def watch() -> None:
    """Time every script run; keep AppTest from taking pages/ for the old kind of app."""
    begin, run_script = PagesManager.__init__, ScriptRunner._run_script

    def begin_with_navigation(self: PagesManager, *given: object, **named: object) -> None:
        PagesManager.uses_pages_directory = False
        begin(self, *given, **named)  # type: ignore[arg-type]

    def timed(self: ScriptRunner, *given: object) -> None:
        if profiled and len(script):
            profile.enable()
        began = time.thread_time()
        run_script(self, *given)  # type: ignore[arg-type]
        script.append(time.thread_time() - began)
        profile.disable()

    PagesManager.__init__ = begin_with_navigation  # type: ignore[method-assign]
    ScriptRunner._run_script = timed  # type: ignore[method-assign]


def rerun(page: str) -> float:
    """Return the median milliseconds of a page's script after a move of the quality score."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    if page != "simulator":
        app.switch_page(f"pages/{page}.py").run()
    script.clear()
    for score in range(60, 60 + RUNS + 1):
        sliders = [slider for slider in app.slider if slider.key == "lever_quality_score"]
        (sliders[0].set_value(float(score)) if sliders else app).run()
        if app.exception:
            raise RuntimeError(f"{page}: {app.exception[0].message}")
    return statistics.median(script[1:]) * 1e3


def main() -> None:
    """Print a line a page."""
    os.chdir(ROOT)
    watch()
    asked = [name for name in sys.argv[1:] if not name.startswith("--")]
    pages = asked or [name for section in frame.PAGES.values() for name in section]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{os.cpu_count()} cores{load}; median of {RUNS} reruns, script part")
    for page in pages:
        if frame.page_file(page).exists():
            taken, wanted = rerun(page), WANTED.get(page, WANTED_ELSEWHERE)
            print(
                f"| {page} | {taken:.1f} ms | {'met' if taken <= wanted else 'MISSED'} {wanted} |"
            )
    if profiled:
        pstats.Stats(profile).sort_stats("cumulative").print_stats("mssp_sim|streamlit", 60)


if __name__ == "__main__":
    main()
