"""Measure a live room over its real pages: phones that move a lever every two seconds, one wall.

Run ``uv run python benchmarks/room_pages.py``; it starts its own server, and its own PostgreSQL
with ``--store postgresql``. ``--replicas`` measures two processes behind nginx. Each phone and the
wall is a session over HTTP and websocket, which looks again by itself as a browser does; only the
drawing in a browser is not in the figures. ``benchmarks/room.py`` measures the same at the store.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.load import memory, served, worked
from benchmarks.room import in_ms, kept_in, p95
from mssp_sim.app.room import SETTING
from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.questions import team_challenge
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import Store
from tests import replicas
from tests.wire import Visitor

EVERY, SECONDS, REDRAWS = 2.0, 20.0, 7
LEVER = "cost_reduction"
LOW, STEP, STEPS = 0.5, 0.1, 60
"""Where the lever stands, in percent."""

PATIENCE = 60.0


class Run(NamedTuple):
    """A run of a page: whether all of it ran, what part else, when a browser heard it."""

    part: tuple[str, ...]
    began: float
    ended: float


class Page:
    """A page of a room that stays open: it takes what comes, and looks again by itself."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.runs: list[Run] = []
        self._heard = asyncio.Condition()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> "Page":
        """Open the page."""
        await self.visitor.open()
        self._tasks[""] = asyncio.create_task(self._listen())
        return self

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks.values():
            task.cancel()
        await self.visitor.close()

    async def until(self, since: float, part: str = "") -> Run:
        """Return the first run begun since then that has drawn this part, or the whole page."""

        def found() -> Run | None:
            late = (run for run in reversed(self.runs[-20:]) if run.began >= since)
            return next((run for run in late if not run.part or part in run.part), None)

        async with self._heard, asyncio.timeout(PATIENCE):
            await self._heard.wait_for(found)
            run = found()
        assert run is not None
        return run

    async def move(self, place: float) -> tuple[float, float]:
        """Move the lever of a phone; return when it was sent, and when the page has answered."""
        lever = self.visitor.element("slider", f"_{LEVER}")
        part = self.visitor.part_of(lever.id)
        self.visitor.hold(lever.id, place)
        sent = time.perf_counter()
        await self.visitor.ask(part)
        return sent, (await self.until(sent, part)).ended

    async def _listen(self) -> None:
        """Note each run; one whose end the server never tells has ended where the next begins."""
        seen, ends, under_way = self.visitor.runs, self.visitor.ends, None
        self._look_again()
        while True:
            await self.visitor._hear()
            now = time.perf_counter()
            if self.visitor.runs != seen:
                if under_way is not None:
                    await self._note(under_way._replace(ended=now))
                seen, under_way = self.visitor.runs, Run(self.visitor.part, now, now)
            if self.visitor.ends != ends and under_way is not None:
                await self._note(under_way._replace(ended=now))
                under_way = None
            ends = self.visitor.ends

    async def _note(self, run: Run) -> None:
        async with self._heard:
            self.runs.append(run)
            self._heard.notify_all()
        self._look_again()

    def _look_again(self) -> None:
        """Let a clock run for each fragment that has one: anew after a run of the whole page."""
        whole = bool(self.runs) and not self.runs[-1].part
        for part in list(self._tasks):
            if part and (whole or part not in self.visitor.timers):
                self._tasks.pop(part).cancel()
        for part, seconds in self.visitor.timers.items():
            if part not in self._tasks:
                self._tasks[part] = asyncio.create_task(self._looks(part, seconds))

    async def _looks(self, part: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.visitor.ask(part, by_itself=True)


async def phone(page: Page, number: int, until: float) -> list[tuple[float, float]]:
    """Move a lever every two seconds; return when each move was sent and answered."""
    moves = []
    await asyncio.sleep(EVERY * (number * 0.618 % 1))
    turn = 0
    while time.perf_counter() < until:
        begun = time.perf_counter()
        turn += 1
        moves.append(await page.move(round(LOW + (number * 7 + turn * 11) % STEPS * STEP, 1)))
        await asyncio.sleep(max(0.0, begun + EVERY - time.perf_counter()))
    return moves


async def played(home: str, processes: list[int], store: Store, phones: int, seconds: float) -> str:
    """Play a round of deciding with so many phones; return a line of the table."""
    made = room.open_room(store)
    seats = [room.join(store, made.code, simulated=True) for _ in range(phones)]
    rounds.start_round(store, made.code, made.key, team_challenge())

    async def opened(page: str, query: str) -> Page:
        return await Page(
            Visitor(home, query=query, page=page, cookie=replicas.cookie(home))
        ).open()

    wall = await opened("wall", f"room={made.code}")
    pages = [await opened("join", f"room={made.code}&seat={seat.token}") for seat in seats]
    await asyncio.gather(*(phone(page, n, 0.0) for n, page in enumerate(pages)))  # once each
    await asyncio.sleep(EVERY)
    heard = [len(page.runs) for page in pages]
    busy, begun, own = worked(processes), time.perf_counter(), time.process_time()
    moves = [
        move
        for each in await asyncio.gather(
            *(phone(page, n, begun + seconds) for n, page in enumerate(pages))
        )
        for move in each
    ]
    spent = time.perf_counter() - begun
    busy, own = (worked(processes) - busy) / spent, (time.process_time() - own) / spent
    looks = sum(len(page.runs) - n for page, n in zip(pages, heard, strict=True)) - len(moves)
    await asyncio.sleep(EVERY)
    drawn = [run for run in wall.runs if not run.part and run.began >= begun]
    dots = [
        next((run.ended for run in drawn if run.began >= answered), float("inf")) - sent
        for sent, answered in moves
    ]
    revealing = time.perf_counter()
    rounds.reveal(store, made.code, made.key)
    shown = [(await page.until(revealing)).ended - revealing for page in (wall, *pages)]
    again = []
    for n in range(REDRAWS):  # a wall with every dot, drawn anew
        room.show_names(store, made.code, made.key, shown=n % 2 == 0)
        run = await wall.until(time.perf_counter())
        again.append(run.ended - run.began)
    exceptions = [said for page in (wall, *pages) for said in page.visitor.exceptions()]
    assert not exceptions, exceptions[0]
    pictures = (
        len(wall.visitor.elements("vega_lite_chart")),
        len(pages[0].visitor.elements("vega_lite_chart")),
    )
    assert min(pictures) > 0, pictures
    held = memory(processes)
    await asyncio.gather(*(page.close() for page in (wall, *pages)))
    took = [answered - sent for sent, answered in moves]
    under = [run.ended - run.began for run in drawn]
    return (
        f"| {phones} on {len(processes)} | {in_ms(took)} | {p95(dots):.2f} s | "
        f"{statistics.median(under) * 1e3:.0f}, {statistics.median(again) * 1e3:.0f} ms | "
        f"{shown[0]:.1f}, {p95(shown[1:]):.1f} s | {busy:.2f} + {own:.2f} | {len(moves)}, {looks} |"
        f" {held:.0f} MB | {os.getloadavg()[0]:.1f} |"
    )


def main() -> None:
    """Start store and app, let the phones play, print a line a number of phones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, nargs="+", default=[60])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--replicas", action="store_true")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    if asked.replicas and replicas.nginx() is None:
        sys.exit(replicas.NO_NGINX)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {asked.store}")
    print(
        "| phones on processes | phone answers: median, p95 | on the wall, p95 | wall drawn, "
        "median: counts, all dots | Reveal on the wall, on phones p95 | cores: app + phones | "
        "moves, looks | memory | load |"
    )
    with kept_in(asked.store) as where:
        os.environ[SETTING] = where
        store = Store(address())
        with served(behind_nginx=asked.replicas) as (home, processes):
            asyncio.run(played(home, processes, store, 2, EVERY))  # what is built once is built
            for phones in asked.phones:
                print(
                    asyncio.run(played(home, processes, store, phones, asked.seconds)), flush=True
                )
        store.close()


if __name__ == "__main__":
    main()
