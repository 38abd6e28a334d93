"""Hostile visitors against the running app: links, widgets, uploads.

Each ends with the same questions. Did anything break in sight of the visitor? Is there a page?
Do its figures belong to the scenario it says it shows? Does the next visitor find the app as it
should be? The short form runs with the tests; the long form by command:

    python -m tests.hostile --links 2000 --moves 1000 --files 300
"""

import argparse
import asyncio
import base64
import json
import math
import random
import re
import sys
import tempfile
import urllib.parse
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mssp_sim import Scenario, link, simulate
from mssp_sim.app import frame, show
from mssp_sim.app.levers import LIVE
from mssp_sim.app.start import BROKEN
from mssp_sim.cms_files import finding
from mssp_sim.exports import scenario_file
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.scenario import quantities
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests import conftest, voice
from tests.wire import Visitor

SEED = 20_260_101
AT_ONCE = 4
BETWEEN_CHECKS = 20
OPENING = (Scenario(), Scenario(quality_score=0.82))
CURTAIN = ("story", "curtain", "preset", "locked")
"""Words of a link that may put something else than the tiles on the page, and rightly."""

NASTY = (
    "", " ", "0", "-0", "1e999", "-1e999", "nan", "inf", "1_0", "٣", "½", "0x10", "1;2", "1,5",
    "--1", "9" * 400, "None", "null", "true", "[]", "{}", "%", "%00", "\x00", "😀",
    "é" * 50, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "**bold** [a](javascript:x)",
    "$x^2$", ":material/home:", ":red[x]", "=1+1", "@SUM(A1)", "' OR 1=1 --", "../../etc/passwd",
    "{{7*7}}", "${7*7}", "\r\nSet-Cookie: a=b", "A" * 5000, "2025-02-30", "0000-00-00", "none",
    "yes", "E", "ENHANCED", "size", "on", "1:2:3", "~" * 400, "a.b.c", "-1", "10000000000000",
)  # fmt: skip
TRACE = re.compile(r"Traceback|File \"|\.py\"?, line|site-packages|Error:")


class Broken(Exception):  # noqa: N818
    """Something a hostile visitor should not have been able to do."""


def hostile_link(chance: random.Random) -> str:
    """Return a query string that nobody with good intentions would send."""
    words = [q.link for q in quantities().values() if q.link]
    words += [*link.PLACES, *link.PACKED, *link.FOREIGN, "v", "constructor", "__proto__", "a b", ""]
    pairs = []
    for _ in range(chance.randint(1, 6)):
        word = chance.choice(words) if chance.random() < 0.85 else chance.choice(NASTY)
        if word in link.PACKED and chance.random() < 0.8:
            value = packed(chance)
        elif chance.random() < 0.3:
            value = f"{chance.uniform(-150, 150):.{chance.randint(0, 30)}f}"
        elif chance.random() < 0.1:
            value = "".join(chr(chance.randint(1, 0x2FFF)) for _ in range(chance.randint(1, 60)))
        else:
            value = chance.choice(NASTY)
        pairs.append((word, value))
    if chance.random() < 0.2:
        pairs.append(chance.choice(pairs))
    query = urllib.parse.urlencode(pairs, errors="replace")
    if chance.random() < 0.1:
        at = chance.randrange(len(query) + 1)
        query = query[:at] + chance.choice(("%", "%zz", "&&", "=", "#", "?", "+", ";")) + query[at:]
    return query


def packed(chance: random.Random) -> str:
    """Return something in the place of a link's packed fields."""
    name = chance.choice(list(quantities()))
    content = chance.choice((
        {name: junk(chance)}, {name: [[junk(chance)] * 3] * 4}, {"level": "E" * 300}, [], 7, "x",
        {name: {"a": {"b": {}}}}, {chance.choice(NASTY): 1}, {name: 1e308}, {name: "nan"},
    ))  # fmt: skip
    raw = json.dumps(content).encode()
    if chance.random() < 0.1:
        raw = b"[" * 30_000
    elif chance.random() < 0.1:
        raw = b" " * 5_000_000
    text = base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")
    if chance.random() < 0.3:
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(("", "!", "A", "=", "\n")) + text[at + 1 :]
    return text


def junk(chance: random.Random) -> object:
    """Return a value of some kind, seldom the right one."""
    return chance.choice((
        None, True, -1, 0, 1e308, -1e-320, 10**30, "x", "1", [], [1, 2], [[1]], {}, {"a": 1},
        [None] * 4, [[0.25] * 4] * 3, [["a"] * 4] * 3, chance.random(), *NASTY[:12],
    ))  # fmt: skip


def look(visitor: Visitor, about: object) -> None:
    """Ask what every page must answer: nothing broken, something there, figures that fit."""
    shown = visitor.exceptions()
    if shown:
        raise Broken(f"{about}: an exception is shown: {shown}")
    texts = visitor.texts()
    if not any(len(text) > 20 for text in texts):
        raise Broken(f"{about}: the page is blank")
    for text in texts:
        if TRACE.search(text):
            raise Broken(f"{about}: the page tells of the inside: {text[:300]}")
    if any(element.allow_html for element in visitor.elements("markdown")):
        raise Broken(f"{about}: a text may hold HTML")
    for tile in visitor.tiles():
        if re.search(r"\b(nan|inf|None)\b", " ".join(tile)):
            raise Broken(f"{about}: no figure in {tile}")
    if visitor.page == "":
        figures_fit(visitor, about)


def figures_fit(visitor: Visitor, about: object) -> None:
    """Ask whether the Simulator's sentence and tiles are those of the scenario in its address."""
    query = urllib.parse.parse_qs(visitor.query, keep_blank_values=True)
    if query.get("curtain") == ["on"]:
        return
    named, _ = link.whose(query)
    loaded = finding.loaded(*named)[1].scenario if named else None
    said = link.decode(query, *(OPENING if loaded is None else (loaded, loaded)))
    if said.notices:
        raise Broken(f"{about}: the app's own address {visitor.query} is refused: {said.notices}")
    result, baseline = simulate(said.scenario), simulate(said.baseline)
    wanted = outcome(result)
    told = [voice.as_read(head) for head in visitor.headlines()]
    if told != [wanted]:
        raise Broken(f"{about}: says {told}, and {visitor.query} comes to {wanted}")
    tiles = [(show.literal(t.shown), show.escaped(t.note)) for t in four_tiles(result, baseline)]
    seen = [(re.sub(r"^:\w+\[(.*)\]$", r"\1", value), note) for _, value, note in visitor.tiles()]
    if seen != tiles:
        raise Broken(f"{about}: shows {seen}, and {visitor.query} comes to {tiles}")


async def next_visitor(address: str, about: object) -> None:
    """Ask whether somebody who comes now finds the app as it opens."""
    visitor = await Visitor(address).open()
    look(visitor, f"the next visitor after {about}")
    if visitor.query != f"v={RULES_VERSION}":
        raise Broken(f"the next visitor after {about} lands on {visitor.query}")
    await visitor.close()


async def links(address: str, many: int, chance: random.Random) -> None:
    """Open hostile links, on any page."""
    pages = ["", "", "", *(n for p in frame.PAGES.values() for n in p if n != "simulator")]
    cases = [
        (
            chance.choice([p for p in pages if not p or frame.page_file(p).exists()]),
            hostile_link(chance),
        )
        for _ in range(many)
    ]

    async def one(page: str, query: str) -> None:
        visitor = await Visitor(address, query, page).open()
        look(visitor, (page, query))
        await visitor.close()

    for at in range(0, many, BETWEEN_CHECKS):
        some = cases[at : at + BETWEEN_CHECKS]
        for first in range(0, len(some), AT_ONCE):
            await asyncio.gather(*(one(*case) for case in some[first : first + AT_ONCE]))
        await next_visitor(address, some)


FORGED = ("selectbox", "radio")
"""Kinds of which Streamlit hands on a choice it never offered: no browser sends one. That ends the
session's page with one calm sentence; no trace of the inside, nobody else's page."""

NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, -0.0, 1e15, -1.0, 0.1234567890123)


def hostile_value(kind: str, element: Any, chance: random.Random) -> dict[str, object]:
    """Return a value for a widget, of the type it has on the wire, that no browser would send."""
    if kind == "slider":
        return {"double_array_value": [chance.choice(NUMBERS)]}
    if kind == "number_input":
        return {"double_value": chance.choice(NUMBERS)}
    if kind in FORGED and element.options and chance.random() < 0.7:
        return {"string_value": chance.choice(element.options)}
    if kind in (*FORGED, "text_input", "text_area"):
        return {"string_value": chance.choice(NASTY)}
    if kind == "checkbox":
        return {"bool_value": chance.random() < 0.5}
    if kind == "button":
        return {"trigger_value": True}
    return {"json_value": json.dumps(message(chance))}


def message(chance: random.Random) -> object:
    """Return what a live lever's browser may claim."""
    move = {"value": junk(chance), "number": junk(chance), "gesture": junk(chance)}
    lever = chance.choice(LIVE)
    return chance.choice((
        {lever: move},
        {lever: {"value": chance.choice((1e9, -1e9, 3.3)), "number": 1e14, "gesture": "g"}},
        {lever: {"value": 3.0, "number": chance.random() * 1e13, "gesture": "<b>" * 20}},
        {lever: junk(chance)}, {f"reset_{lever}": junk(chance)},
        {"alive": junk(chance)}, {"broken": junk(chance)}, {},
    ))  # fmt: skip


async def moves(address: str, many: int, chance: random.Random) -> None:
    """Set widgets to what no browser would send."""
    kinds = ("slider", "number_input", "selectbox", "checkbox", "button", "bidi_component",
             "text_input", "radio")  # fmt: skip
    pages = [n for p in frame.PAGES.values() for n in p if frame.page_file(n).exists()]
    done = 0
    while done < many:
        page = chance.choice(pages)
        visitor = await Visitor(address, "", "" if page == "simulator" else page).open()
        for fold in visitor.folds():
            await visitor.set(fold, bool_value=True)
        for _ in range(BETWEEN_CHECKS):
            there = [(kind, e) for kind in kinds for e in visitor.elements(kind) if e.id]
            done += 1
            open_to_all = [(k, e) for k, e in there if not getattr(e, "disabled", False)]
            if not open_to_all:
                break
            kind, element = chance.choice(open_to_all)
            value = hostile_value(kind, element, chance)
            await visitor.set(element.id, **value)
            if (
                kind in FORGED
                and visitor.exceptions()
                and all(said == BROKEN for said in visitor.exceptions())
            ):
                break
            look(visitor, (page, element.id[-60:], value))
        await visitor.close()
        await next_visitor(address, page)


def hostile_file(chance: random.Random) -> tuple[str, bytes]:
    """Return a file that is no scenario file, or nearly one."""
    good = scenario_file.save(*OPENING, name=chance.choice(NASTY))
    content = json.loads(good)
    kinds: list[Callable[[], bytes]] = [
        lambda: b"", lambda: b"\x00" * 1000, lambda: b"\xff\xfe" + good,
        lambda: good[: len(good) // 2], lambda: b"[" * 20_000, lambda: b'{"format": NaN}',
        lambda: b"<html><body>=cmd()</body>",
        lambda: chance.randbytes(500), lambda: json.dumps([content]).encode(),
        lambda: json.dumps(content | {chance.choice(NASTY): junk(chance)}).encode(),
        lambda: json.dumps(content | {chance.choice(list(content)): junk(chance)}).encode(),
        lambda: json.dumps(content | {"kept": {"<b>": content["scenario"]}}).encode(),
        lambda: b"PK\x03\x04" + chance.randbytes(200), lambda: zlib.compress(b" " * 10**7),
    ]  # fmt: skip
    for name in chance.sample(list(quantities()), 12):
        spoiled = content["scenario"] | {name: junk(chance)}
        kinds.append(lambda s=spoiled: json.dumps(content | {"scenario": s}).encode())
    return chance.choice(NASTY[24:])[:60] + ".json", chance.choice(kinds)()


def hostile_table(chance: random.Random) -> tuple[str, bytes]:
    """Return a file that is no results file of CMS."""
    name, content = hostile_file(chance)
    table = f"ACO_ID,ACO_Name,N_AB\n=1+1,{chance.choice(NASTY)},{chance.choice(NASTY)}\n".encode()
    return name.replace(".json", ".csv"), chance.choice((content, table, table * 1000))


def uploader_of(visitor: Visitor, ending: str) -> Any:
    """Return where files of this ending are uploaded."""
    for uploader in visitor.elements("file_uploader"):
        if f".{ending}" in uploader.type:
            return uploader
    raise Broken(f"{visitor.page}: nowhere to upload a {ending} file")


async def files(address: str, many: int, chance: random.Random) -> None:
    """Upload what is no scenario file and no results file."""
    for number in range(many):
        page = ("", "real_acos")[number % 2]
        visitor = await Visitor(address, "", page).open()
        for fold in visitor.folds():
            await visitor.set(fold, bool_value=True)
        before = visitor.query
        name, content = (hostile_file, hostile_table)[number % 2](chance)
        uploader = uploader_of(visitor, name[-5:].partition(".")[2])
        await visitor.upload(uploader, name, content)
        about = (page, name, content[:200])
        look(visitor, about)
        if page == "real_acos" and visitor.query != before:
            raise Broken(f"{about}: a file alone changed the scenario to {visitor.query}")
        await visitor.close()
        if number % 10 == 9:
            await next_visitor(address, about)
    await next_visitor(address, "all files")


async def too_large(address: str) -> int:
    """Return what the server answers to a file over the limit; it must not take it."""
    visitor = await Visitor(address, "", "real_acos").open()
    uploader = uploader_of(visitor, "csv")
    over = (uploader.max_upload_size_mb + 1) * 2**20
    status = await visitor.upload(uploader, "large.csv", b"a" * over)
    await visitor.close()
    return status


async def attack(address: str, many_links: int, many_moves: int, many_files: int) -> None:
    """Do all of it, the same way each time."""
    chance = random.Random(SEED)
    await links(address, many_links, chance)
    await moves(address, many_moves, chance)
    await files(address, many_files, chance)


def main() -> None:
    """Attack a server of our own, or one that runs already."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=2000)
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--address", help="attack this server; without it one is started")
    asked = parser.parse_args()
    wanted = (asked.links, asked.moves, asked.files)
    try:
        if asked.address:
            asyncio.run(attack(asked.address, *wanted))
        else:
            with (
                tempfile.TemporaryDirectory() as folder,
                conftest._served(Path(folder) / "log") as address,
            ):
                asyncio.run(attack(address, *wanted))
    except Broken as fault:
        sys.exit(str(fault))
    print(f"{asked.links:,} links, {asked.moves:,} moves, {asked.files:,} files: nothing broke")


if __name__ == "__main__":
    main()
