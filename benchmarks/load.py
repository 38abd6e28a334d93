"""Measure the app under load: many visitors at once, each moving a lever every two seconds.

Run ``uv run python benchmarks/load.py``; it starts its own server. ``--replicas`` measures two
processes behind nginx instead, with the file of ``deploy/``; ``--pages`` one visitor on each page;
``--drag`` visitors who all drag at once, beside those of another checkout with ``--against``.
The visitors speak Streamlit's own messages over a websocket, so no browser is part of the figures.
"""

import argparse
import asyncio
import math
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
DRAG, REST, FRAME, ROUNDS = 2.0, 1.0, 1 / 60, 3
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


class Drags(NamedTuple):
    """What people saw who dragged: seconds to each answer, and from letting go to the last one."""

    answers: list[float]
    releases: list[float]
    seconds: float
    busy: float


@contextmanager
def served(
    *, behind_nginx: bool, folder: Path = replicas.conftest.ROOT
) -> Iterator[tuple[str, list[int]]]:
    """Return an address and the processes behind it."""
    with tempfile.TemporaryDirectory() as logs:
        if behind_nginx:
            with replicas.running(Path(logs), folder) as (address, both):
                yield address, [replica.process.pid for replica in both]
        else:
            one = replicas.Replica(Path(logs), "app", folder)
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


async def drag(
    visitor: Visitor, name: str, ends: tuple[float, float], *, patient: bool
) -> tuple[list[float], float]:
    """Drag a lever as ``lever.js`` does; return the seconds to each answer, and to the last one.

    Parameters
    ----------
    patient : let go only after the answer to what is under way, as until decision 0040
    """
    begun, gesture = time.perf_counter(), str(next(visitor._gestures))
    answers: list[float] = []
    under_way = said = None

    def passed() -> float:
        return time.perf_counter() - begun

    while passed() < DRAG:
        value = round(ends[0] + (ends[1] - ends[0]) * passed() / DRAG, 1)
        if value == said:
            await asyncio.sleep(FRAME)
            continue
        said, before = value, passed()
        under_way = await visitor.say(name, value, gesture, held=True)
        try:
            async with asyncio.timeout(max(0.001, DRAG - passed())):
                await visitor.until_answered(name, under_way)
            under_way = None
            answers.append(passed() - before)
        except TimeoutError:
            if patient:
                await visitor.until_answered(name, under_way)
                answers.append(passed() - before)
            break
    let_go = await visitor.say(name, ends[1], gesture, held=False)
    await visitor.until_answered(name, let_go)
    return answers, passed() - DRAG


async def drags(
    address: str, processes: list[int], users: int, seconds: float, *, patient: bool
) -> Drags:
    """Let so many people drag at once for a while."""
    people = [await Visitor(address, cookie=replicas.cookie(address)).open() for _ in range(users)]
    answers, releases = [], []
    busy, begun = worked(processes), time.perf_counter()

    async def one(visitor: Visitor, number: int) -> None:
        name, (low, high) = list(LEVERS.items())[number % len(LEVERS)]
        await asyncio.sleep((DRAG + REST) * (number * 0.618 % 1))
        while time.perf_counter() < begun + seconds:
            found, released = await drag(visitor, name, (low, high), patient=patient)
            answers.extend(found)
            releases.append(released)
            low, high = high, low
            await asyncio.sleep(REST)

    await asyncio.gather(*(one(visitor, number) for number, visitor in enumerate(people)))
    spent = time.perf_counter() - begun
    await asyncio.gather(*(visitor.close() for visitor in people))
    return Drags(answers, releases, spent, (worked(processes) - busy) / spent)


def at(times: list[float], part: float) -> float:
    """Return the milliseconds that this part of the times stays under."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))] * 1e3 if times else math.nan


def dragging(users: list[int], seconds: float, against: Path | None, *, behind_nginx: bool) -> None:
    """Print a line a round, a number of people, and a checkout: they take turns."""
    checkouts = [("here", replicas.conftest.ROOT, False)]
    if against is not None:
        checkouts.insert(0, ("before", against.resolve(), True))
    print("people  checkout  answer, ms: median, p95  release: median, p95, ms  drags  a second"
          "  cores busy  load of machine")  # fmt: skip
    for many in users:
        for _ in range(ROUNDS):
            for name, folder, patient in checkouts:
                with served(behind_nginx=behind_nginx, folder=folder) as (address, processes):
                    asyncio.run(drags(address, processes, 2, DRAG + REST, patient=patient))
                    it = asyncio.run(drags(address, processes, many, seconds, patient=patient))
                each = len(it.answers) / (len(it.releases) * DRAG)
                print(
                    f"{many:6}  {name:8}  {at(it.answers, 0.5):15.0f}, {at(it.answers, 0.95):6.0f}"
                    f"  {at(it.releases, 0.5):15.0f}, {at(it.releases, 0.95):7.0f}"
                    f"  {len(it.releases):5}  {each:8.1f}  {it.busy:10.2f}"
                    f"  {os.getloadavg()[0]:15.1f}",
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
    parser.add_argument("--drag", action="store_true")
    parser.add_argument("--against", type=Path, help="another checkout, with --drag")
    asked = parser.parse_args()
    if asked.replicas and replicas.nginx() is None:
        sys.exit(replicas.NO_NGINX)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if asked.drag:
        dragging(asked.users, asked.seconds, asked.against, behind_nginx=asked.replicas)
        return
    with served(behind_nginx=asked.replicas) as (address, processes):
        if asked.pages:
            asyncio.run(pages(address))
        else:
            asyncio.run(load(address, processes, asked.users, asked.seconds))


if __name__ == "__main__":
    main()
