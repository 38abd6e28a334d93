"""The machine fails, not the program: one sentence each, and others go on.

A full disk and a folder that takes no file are one limit of the system on the size of files.
"""

import asyncio
import importlib
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, __main__, batch, simulate
from mssp_sim.app import clock
from mssp_sim.exports import scenario_file
from mssp_sim.exports.brief import brief
from mssp_sim.exports.slide import slide
from mssp_sim.exports.workbook import workbook
from tests import conftest, replicas, wire

resource = pytest.importorskip("resource", reason="limits of a process are Unix's")
PROPOSED = next((conftest.ROOT / "mssp_sim" / "parameters" / "proposed").glob("*.toml"))
DAY = 24 * 60 * 60
SPOOLED = 2_000_000
"""Bytes: more than Starlette keeps in memory by itself."""

WITHOUT_A_DISK = """
import importlib, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
def greedy(module, name):
    module = importlib.import_module("mssp_sim." + module)
    then = getattr(module, name)
    def read(file, *given, **named):
        content = file if isinstance(file, bytes) else file.getvalue()
        if content == b"greedy":
            return bytearray(1 << 62)
        return then(file, *given, **named)
    setattr(module, name, read)
for reader in sys.argv.pop(1).split():
    greedy(*reader.split(":"))
from streamlit.web import cli
cli.main(sys.argv[1:])
"""
"""Starts the app where no byte can be written, and where a file that says greedy takes too much."""

READERS = {
    "Open a scenario file": "exports.scenario_file:opened",
    "County file of spending and risk": "cms_files.counties:read_spending",
    "County file of assigned people": "cms_files.counties:read_people",
    "CMS results file": "cms_files:read",
    "Reports of one ACO (XLSX), together": "cms_files.reports.reader:open_workbook",
    "CSV or XLSX, with the headings of the template": "studies.practices:read_table",
    "Drop a provision file": "provisions:read",
}
"""Each place for files by its label, and what reads them."""

PLACES = {
    "": (["take"], 1),
    "real_acos": (["county"], 3),
    "this_year": (["year_files"], 1),
    "election": (["election_practices", "practices_open"], 1),
    "rule_changes": (["provisions"], 1),
}
"""Each page with places for files: what is opened to come to them, and how many there are."""


@contextmanager
def files_of_at_most(size):
    """Let no file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("make", [brief, slide, workbook])
def test_what_is_taken_away_needs_no_disk(make, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    result, baseline = simulate(Scenario()), simulate(Scenario(quality_score=0.82))
    with files_of_at_most(0):
        with pytest.raises(OSError, match="No usable temporary directory"):
            tempfile.gettempdir()
        assert len(make(result, baseline, name="")) > 1_000
        assert scenario_file.save(result.scenario, baseline.scenario, {}, name="")


@pytest.mark.parametrize(
    "command",
    [
        ("template", "-o", "out.csv"),
        ("settle", "portfolio.csv", "-o", "out.csv"),
        ("compare", "--rules", str(PROPOSED), "--csv", "out.csv"),
        ("reproduce", "--csv", "out.csv"),
    ],
    ids=lambda command: command[0],
)
def test_on_a_full_disk_a_command_says_so_and_the_file_of_before_stays(
    command, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "portfolio.csv").write_text(batch.template(), "utf-8")
    (tmp_path / "out.csv").write_text("of before", "utf-8")
    with files_of_at_most(100):
        assert __main__.main(command) == __main__.UNUSABLE
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith("file too large.")
    assert (tmp_path / "out.csv").read_text("utf-8") == "of before"
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "portfolio.csv"}


@pytest.mark.parametrize(
    ("reads", "command"),
    [
        ("batch:settle", ("settle", "portfolio.csv", "-o", "out.csv")),
        ("batch.forecast:read_all", ("report", "report.xlsx")),
        ("batch.forecast:forecast", ("forecast", ".", "-o", "out.csv")),
        ("cms_files:reproduce", ("reproduce", "--csv", "out.csv")),
        ("studies.rule_changes:compare_rules", ("compare", "--rules", str(PROPOSED))),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_a_command_without_memory_says_so(reads, command, tmp_path, monkeypatch, capsys):
    def greedy(*_, **__):
        return bytearray(1 << 62)

    module, _, name = reads.partition(":")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.import_module(f"mssp_sim.{module}"), name, greedy)
    assert __main__.main(command) == __main__.UNUSABLE
    assert capsys.readouterr().err.splitlines()[-1] == __main__.OUT_OF_MEMORY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("jump", [-DAY, DAY], ids=["back", "ahead"])
def test_a_clock_that_jumps_changes_no_figure_and_at_worst_ends_the_timer(jump, monkeypatch):
    now = time.time()
    app = AppTest.from_file(conftest.ROOT / "app.py", default_timeout=60)
    app.query_params[clock.PLACE] = str(round(now) + 600)
    app.run()
    before = [(tile.label, tile.value) for tile in app.metric]
    with monkeypatch.context() as patch:
        patch.setattr(clock.time, "time", lambda: now + jump)
        app.run()
    assert [(tile.label, tile.value) for tile in app.metric] == before != []
    assert not app.exception
    assert clock.ends_at(str(round(now) + 600), now + jump) is None


@contextmanager
def served_without_a_disk():
    """Return the address of an app that can write no byte to any file."""
    port = conftest._free_port()
    address = f"http://{conftest.LOCAL}:{port}"
    command = [
        sys.executable, "-B", "-c", WITHOUT_A_DISK, " ".join(READERS.values()),
        "run", "app.py", f"--server.port={port}", f"--server.address={conftest.LOCAL}",
        "--server.headless=true", "--server.fileWatcherType=none",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=conftest.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            conftest._wait_until_healthy(address, server, conftest.ROOT / "LICENSE")
            yield address
        finally:
            server.terminate()


def without_memory(visitor):
    """Return what the page says of memory that does not suffice."""
    said = visitor.texts() + [alert.body for alert in visitor.elements("alert")]
    return [text for text in said if "too little memory" in text]


@pytest.mark.long
def test_one_user_without_disk_and_memory_gets_a_sentence_and_others_go_on():
    async def visit(address):
        other, seen = await wire.Visitor(address).open(), []
        for page, (ways, many) in PLACES.items():
            one = await wire.Visitor(address, page=page, query="aco=A1001.2024").open()
            for way in ways:
                (fold,) = (fold for fold in one.folds() if fold.endswith(f"-{way}"))
                await one.set(fold, bool_value=True)
            labels = [place.label for place in one.elements("file_uploader")]
            for told, label in enumerate(sorted(labels, key=list(READERS).index), 1):
                (place,) = (p for p in one.elements("file_uploader") if p.label == label)
                if label == "CMS results file":
                    spooled = b"a,b\n" + b"1,2\n" * (SPOOLED // 4)
                    assert await one.upload(place, "spooled.csv", spooled) < 400
                    assert any("this is not CMS's file" in text for text in one.texts())
                assert len(without_memory(one)) == told - 1
                assert await one.upload(place, f"x{place.type[0]}", b"greedy") < 400
                assert len(without_memory(one)) == told, label
                seen.append(label)
            assert len(one.elements("file_uploader")) == told == many
            cut = 4.0 + len(seen)
            await other.move("cost_reduction", cut)
            assert f"{cut}%" in other.headlines()[0]
            assert [visitor.exceptions() for visitor in (one, other)] == [[], []]
            await one.close()
        await other.close()
        return seen

    with served_without_a_disk() as address:
        assert sorted(asyncio.run(visit(address))) == sorted(READERS)


def test_each_place_for_files_is_tried_without_memory():
    sources = (conftest.ROOT / "mssp_sim").rglob("*.py")
    drawn = sum(path.read_text("utf-8").count("uploads.uploader(") for path in sources)
    assert len(READERS) == drawn + 1  # one line of the page draws both county files


def begun(address, file, cookie):
    """Begin to send a file through the proxy, and return the connection with half of it to go."""
    host, _, port = address.removeprefix("http://").partition(":")
    token = wire._token(address)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
        + b"1,2\n" * (SPOOLED // 4)
        + b"\r\n--b--\r\n"
    )
    head = (
        f"PUT {file} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}; {token}\r\n"
        f"X-Xsrftoken: {token.partition('=')[2]}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n"
    )
    connection = socket.create_connection((host, int(port)), timeout=60)
    connection.sendall(head.encode() + body[: len(body) // 2])
    return connection, body[len(body) // 2 :]


@pytest.mark.long
def test_a_replica_dies_while_a_file_is_on_its_way_and_the_file_is_taken_at_the_other(tmp_path):
    if replicas.nginx() is None:
        (pytest.fail if conftest.IN_CI else pytest.skip)(replicas.NO_NGINX)

    async def visit(address, first):
        one, other = [
            await wire.Visitor(address, page=page, cookie=f"replica={number}").open()
            for page, number in (("real_acos", 1), ("", 2))
        ]
        file = f"/_stcore/upload_file/{one.session}/half"
        connection, rest = begun(address, file, one.cookie)
        first.kill()
        with connection:
            connection.sendall(rest)
            answer = connection.recv(64).split()
        await other.move("cost_reduction", 4.0)
        again = await wire.Visitor(address, page="real_acos", cookie=one.cookie).open()
        taken = await again.upload(again.element("file_uploader"), "x.csv", b"a,b\n1,2\n")
        said = [text for text in again.texts() if "this is not CMS's file" in text]
        for visitor in (other, again):
            await visitor.close()
        return int(answer[1]), other.headlines()[0], taken, len(said)

    with replicas.running(tmp_path) as (address, (first, _)):
        refused, moved, taken, said = asyncio.run(visit(address, first))
    assert refused == 502  # half a file is none
    assert "4.0%" in moved
    assert (taken, said) == (204, 1)
