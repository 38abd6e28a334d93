"""Measure a live room at its store: phones that move a lever every two seconds, and one wall.

Run ``uv run python benchmarks/room.py``; it takes about two minutes. Phones and wall call what
their pages call below the screen: a phone keeps its answer and reads its view again, the wall
reads the room and settles every seat's decision in one array call, twice a second. No browser,
no websocket and no Streamlit is part of the figures. PostgreSQL is started where it is found.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from mssp_sim.rooms import room, rounds, views
from mssp_sim.rooms.questions import Decide, team_challenge
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.settled import settle_decisions
from mssp_sim.rooms.store import Rows, Store
from tests.rooms import conftest

EVERY, LOOKS_EVERY = 2.0, 0.5
SECONDS, SECONDS_TO_JOIN = 20.0, 12.0
STEPS = 80
RUNS = (("sqlite", 60, 1), ("sqlite", 120, 2), ("postgresql", 60, 1))


class Measured(NamedTuple):
    """What one process saw: (sent, confirmed, view read) of each move, (began, done) of redraws."""

    moves: list[tuple[float, float, float]]
    redraws: list[tuple[float, float]]
    busy: float


def phone(store: Store, code: str, begin: float, end: float, moves: list[Any]) -> None:
    """Take a seat, then move a lever every two seconds and read what the phone shows."""
    mine = room.join(store, code, simulated=True)
    due, place = begin, mine.number
    while due < end:
        time.sleep(max(0.0, due - time.monotonic()))
        sent = time.monotonic()
        rounds.answer(store, code, mine.token, 1, 0, {"cost_reduction": place % STEPS / 1000})
        confirmed = time.monotonic()
        views.for_phone(store, code, mine.token)
        moves.append((sent, confirmed, time.monotonic()))
        due, place = due + EVERY, place + 7


def wall(store: Store, code: str, end: float, redraws: list[Any]) -> None:
    """Look twice a second whether the room has changed; draw what Reveal would show if it has."""
    seen = -1
    while time.monotonic() < end + EVERY:
        began = time.monotonic()
        if (now := room.version(store, code)) != seen:
            views.for_wall(store, code)
            question, given = room.look(store, code, answers)
            views.on_the_wall(question, given, {})
            settle_decisions(question, given)
            seen = now
            redraws.append((began, time.monotonic()))
        time.sleep(LOOKS_EVERY)


def answers(rows: Rows, here: room.Room) -> tuple[Decide, dict[int, Any]]:
    """Return the question on the wall and the decisions so far."""
    found = rounds.current(rows, here, time.time())
    assert found is not None
    assert isinstance(found.question, Decide)
    return found.question, rounds.given_answers(rows, here, found.number).get(0, {})


def replica(given: tuple[str, str, int, float, bool]) -> Measured:
    """Be one process of the app: its phones, each on a thread, and in the first one the wall."""
    where, code, phones, begin, with_wall = given
    store = Store(address({"MSSP_ROOMS": where}))
    moves: list[Any] = []
    redraws: list[Any] = []
    end = begin + SECONDS
    threads = [
        threading.Thread(target=phone, args=(store, code, begin + n * EVERY / phones, end, moves))
        for n in range(phones)
    ]
    if with_wall:
        threads.append(threading.Thread(target=wall, args=(store, code, end, redraws)))
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    store.close()
    return Measured(moves, redraws, time.process_time())


@contextmanager
def kept_in(kind: str) -> Iterator[str]:
    """Yield what ``MSSP_ROOMS`` holds for a new store."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/rooms.db"
        return
    programs = conftest.programs()
    if programs is None:
        raise SystemExit(conftest.NO_POSTGRESQL)
    server = conftest.PostgreSQL(programs)
    try:
        yield server.url
    finally:
        server.remove()


def measure(kind: str, phones: int, processes: int) -> str:
    """Return one line of the table."""
    with kept_in(kind) as where:
        store = Store(address({"MSSP_ROOMS": where}))
        made = room.open_room(store)
        rounds.start_round(store, made.code, made.key, team_challenge())
        begin = time.monotonic() + SECONDS_TO_JOIN
        each = [(where, made.code, phones // processes, begin, n == 0) for n in range(processes)]
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            found = pool.map(replica, each)
        count = views.for_wall(store, made.code).answers_in
        store.close()
    assert count == phones
    moves = [move for one in found for move in one.moves]
    redraws = [drawn for one in found for drawn in one.redraws]
    kept = [confirmed - sent for sent, confirmed, _ in moves]
    whole = [shown - sent for sent, _, shown in moves]
    dots = [
        next((done for began, done in redraws if began >= confirmed), float("inf")) - sent
        for sent, confirmed, _ in moves
    ]
    drawn = [done - began for began, done in redraws]
    busy = sum(one.busy for one in found) / SECONDS
    return (
        f"| {kind} | {phones} on {processes} | {in_ms(kept)} | {in_ms(whole)} | "
        f"{p95(dots):.2f} s | {statistics.median(drawn) * 1000:.0f} ms | {busy:.2f} | "
        f"{len(moves)} |"
    )


def p95(values: list[float]) -> float:
    """Return what 95 of 100 values do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def in_ms(values: list[float]) -> str:
    """Return median and p95 in milliseconds."""
    return f"{statistics.median(values) * 1000:.0f}, {p95(values) * 1000:.0f} ms"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    print("| store | phones on processes | answer kept: median, p95 | and the phone's view read | "
          "on the wall, p95 | wall redraw, median | cores | moves |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for run in RUNS:
        print(measure(*run), flush=True)
