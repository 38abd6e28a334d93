"""Times the script of each page after a move of a lever: ``uv run python benchmarks/pages.py``.

The app runs in a server of its own, and a visitor without a browser moves its live levers by
Streamlit's own messages, so what is timed is what visitors wait for. The script part runs from the
lever's callback to the last element, in processor time of its thread: what neighbours on the
machine take is not counted, though they still slow its memory. Beside it stands the round trip:
until the visitor has the last message.
With pages' names only these are timed; with ``--profile`` their functions are listed.
"""

import argparse
import asyncio
import cProfile
import itertools
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from mssp_sim.app import frame  # noqa: E402
from tests import conftest  # noqa: E402
from tests.wire import Visitor  # noqa: E402

RUNS = 40
RUNS_TO_WARM_UP = 6
MOVES = {"cost_reduction": (2.0, 0.1), "quality_score": (70.0, 0.5)}
"""Levers moved in turn: from where, and by how much each time."""
WANTED = {"simulator": 30, "luck": 200, "compare": 100, "this_year": 60, "election": 400}
WANTED_ELSEWHERE = 40
"""Milliseconds of the script, median."""


def serve(times: Path, port: int, profile: Path | None) -> None:
    """Run the app as ``streamlit run`` does, and write down what each run of its script took."""
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner  # noqa: PLC0415
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415

    run_script, watched, runs = ScriptRunner._run_script, cProfile.Profile(), itertools.count()

    def timed(self: ScriptRunner, *given: object) -> None:
        if profile and next(runs) >= RUNS_TO_WARM_UP:
            watched.enable()
        began = time.thread_time()
        run_script(self, *given)  # type: ignore[arg-type]
        took = time.thread_time() - began
        watched.disable()
        with times.open("a") as file:
            file.write(f"{took * 1e3}\n")
        if profile:
            with profile.open("w") as file:
                pstats.Stats(watched, stream=file).sort_stats("cumulative").print_stats(150)

    ScriptRunner._run_script = timed  # type: ignore[method-assign]
    sys.argv = [
        "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true",
        f"--server.address={conftest.LOCAL}", "--server.fileWatcherType=none",
    ]  # fmt: skip
    streamlit()


async def visit(address: str, page: str, times: Path) -> tuple[float, float]:
    """Return the median milliseconds of a page's script and of the round trip, after a move."""
    visitor = await Visitor(address).open()
    await visitor.go("" if page == "simulator" else page)
    has_levers = visitor.lever("cost_reduction") is not None
    trips = []
    for turn in range(RUNS + 2):
        if turn == 2:  # what is built once is built
            times.write_text("")
            trips.clear()
        name, (start, step) = list(MOVES.items())[turn % len(MOVES)]
        move = visitor.move(name, round(start + step * turn, 1)) if has_levers else visitor.rerun()
        trips.append(await move)
    await asyncio.sleep(0.2)  # the last run is written down after its last message
    await visitor.close()
    script = statistics.median(map(float, times.read_text().split()))
    return script, statistics.median(trips) * 1e3


def measured(page: str, profile: Path | None = None) -> tuple[float, float]:
    """Serve the app for one page, and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        times, log, port = Path(folder) / "times", Path(folder) / "log", conftest._free_port()
        times.touch()
        command = [sys.executable, __file__, "--serve", times, str(port)]
        command += [f"--profile={profile}"] if profile else []
        address = f"http://{conftest.LOCAL}:{port}"
        with (
            log.open("w") as out,
            subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out) as server,
        ):
            try:
                conftest._wait_until_healthy(address, server, log)
                return asyncio.run(visit(address, page, times))
            finally:
                server.terminate()


def main() -> None:
    """Print a line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="all of them if none is named")
    parser.add_argument("--profile", nargs="?", type=Path, const=Path("profile.txt"))
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(Path(asked.serve[0]), int(asked.serve[1]), asked.profile)
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {RUNS} moves")
    print("| page | script, ms | wanted | round trip, ms |\n|---|---|---|---|")
    for page in asked.pages or [name for section in frame.PAGES.values() for name in section]:
        script, trip = measured(page, asked.profile)
        wanted = WANTED.get(page, WANTED_ELSEWHERE)
        met = "met" if script <= wanted else "MISSED"
        print(f"| {page} | {script:.0f} | {wanted}, {met} | {trip:.0f} |", flush=True)


if __name__ == "__main__":
    main()
