"""Measure the app under load: many visitors at once, each moving a lever every two seconds.

Run ``uv run python benchmarks/load.py``; it starts its own server. ``--replicas`` measures two
processes behind nginx instead, with the file of ``deploy/``; ``--pages`` one visitor on each page.
The visitors speak Streamlit's own messages over a websocket, so no browser is part of the figures.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from mssp_sim.app import frame
from tests import replicas
from tests.wire import Visitor

EVERY = 2.0
SECONDS = 20.0
USERS = (1, 10, 25, 50, 100)
LEVERS = {"cost_reduction": (2.0, 6.0), "quality_score": (60.0, 90.0), "market_share": (5.0, 40.0)}
MOVES = 15
PER_MEGABYTE = 2**20
TICKS = os.sysconf("SC_CLK_TCK")


class Level(NamedTuple):
    """What was measured at one number of visitors."""

    users: int
    median: float
    p95: float
    moves: int
    busy: float
    megabytes: float


@contextmanager
def served(*, behind_nginx: bool) -> Iterator[tuple[str, list[int]]]:
    """Return an address and the processes behind it."""
    with tempfile.TemporaryDirectory() as folder:
        if behind_nginx:
            with replicas.running(Path(folder)) as (address, both):
                yield address, [replica.process.pid for replica in both]
        else:
            one = replicas.Replica(Path(folder), "app")
            try:
                yield one.address, [one.process.pid]
            finally:
                one.kill()


def memory(processes: list[int]) -> float:
    """Return the megabytes the processes hold."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes)
    return pages * os.sysconf("SC_PAGESIZE") / PER_MEGABYTE


def worked(processes: list[int]) -> float:
    """Return the processor seconds the processes have used."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes)
    return sum((int(stat[11]) + int(stat[12])) / TICKS for stat in stats)


async def drive(visitor: Visitor, number: int, until: float) -> list[float]:
    """Move levers, one move every two seconds, and return what each took in seconds."""
    times = []
    name, (low, high) = list(LEVERS.items())[number % len(LEVERS)]
    await asyncio.sleep(EVERY * (number * 0.618 % 1))
    turn = 0
    while time.perf_counter() < until:
        begun = time.perf_counter()
        turn += 1
        value = low + (high - low) * ((turn * 0.382 + number * 0.1) % 1)
        times.append(await visitor.move(name, round(value, 1)))
        await asyncio.sleep(max(0.0, begun + EVERY - time.perf_counter()))
    return times


async def level(address: str, processes: list[int], users: int, seconds: float) -> Level:
    """Let this many visitors come, then move for a while."""
    visitors = [
        await Visitor(address, cookie=replicas.cookie(address)).open() for _ in range(users)
    ]
    busy, begun = worked(processes), time.perf_counter()
    until = begun + seconds
    took = await asyncio.gather(*(drive(v, n, until) for n, v in enumerate(visitors)))
    spent = time.perf_counter() - begun
    times = sorted(one for each in took for one in each)
    found = Level(
        users,
        statistics.median(times),
        times[min(len(times) - 1, int(0.95 * len(times)))],
        len(times),
        (worked(processes) - busy) / spent,
        memory(processes),
    )
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return found


async def load(address: str, processes: list[int], users: list[int], seconds: float) -> None:
    """Print one line a number of visitors."""
    await level(address, processes, 2, 4.0)  # what is built once is built
    before = memory(processes)
    print(f"before anybody came: {before:.0f} MB in {len(processes)} process(es)")
    print("users  median, ms  p95, ms  moves  cores busy  memory, MB  MB a user  load of machine")
    for many in users:
        it = await level(address, processes, many, seconds)
        each = (it.megabytes - before) / many
        print(
            f"{many:5}  {it.median * 1e3:10.0f}  {it.p95 * 1e3:7.0f}  {it.moves:5}  {it.busy:10.2f}"
            f"  {it.megabytes:10.0f}  {each:9.2f}  {os.getloadavg()[0]:15.1f}",
            flush=True,
        )


async def pages(address: str) -> None:
    """Print for each page what coming to it and a move of a lever on it take."""
    visitor = await Visitor(address).open()
    print("page            first visit, ms  come back, ms  a move, median ms  bytes of a move")
    for name in (n for some in frame.PAGES.values() for n in some if frame.page_file(n).exists()):
        page = "" if name == "simulator" else name
        first = await visitor.go(page)
        await visitor.go("glossary" if page != "glossary" else "")
        again = await visitor.go(page)
        told = f"{name:15} {first * 1e3:15.0f}  {again * 1e3:13.0f}"
        if visitor.lever("cost_reduction") is None:
            print(f"{told}  (no levers here)")
            continue
        before = visitor.received
        took = [await visitor.move("cost_reduction", 3.0 + turn / 10) for turn in range(MOVES)]
        size = (visitor.received - before) / MOVES
        print(f"{told}  {statistics.median(took) * 1e3:17.0f}  {size:15,.0f}", flush=True)
    await visitor.close()


def main() -> None:
    """Start the app, send the visitors, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=list(USERS))
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--replicas", action="store_true")
    parser.add_argument("--pages", action="store_true")
    asked = parser.parse_args()
    if asked.replicas and replicas.nginx() is None:
        sys.exit(replicas.NO_NGINX)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with served(behind_nginx=asked.replicas) as (address, processes):
        if asked.pages:
            asyncio.run(pages(address))
        else:
            asyncio.run(load(address, processes, asked.users, asked.seconds))


if __name__ == "__main__":
    main()
