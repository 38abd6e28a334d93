"""Where the packages come from: each file by its hash, each license allowed, no network needed."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import LOCAL, ROOT, _free_port, _wait_until_healthy
from tests.supply import license_of, pins

DIGEST = "a" * 64
SECONDS_TO_INSTALL = 300
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ALLOWED = {
    "3-Clause BSD License", "Apache License 2.0", "Apache Software License", "Apache-2.0",
    "Apache-2.0 OR BSD-2-Clause", "BSD License", "BSD-2-Clause", "BSD-3-Clause",
    "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "MIT", "MIT License", "MIT-CMU",
    "MPL-2.0", "MPL-2.0 AND MIT", "PSF-2.0",
}  # fmt: skip
"""Permissive, or copyleft by the file alone (MPL); nothing that reaches into our own code."""


def listed() -> dict[str, str]:
    text = (ROOT / "docs" / "licenses.md").read_text("utf-8").partition("|---|---|\n")[2]
    return dict(re.findall(r"^\| (\S+) \| (.+) \|$", text, re.MULTILINE))


def test_every_requirement_is_held_to_the_hashes_of_its_files():
    text = (ROOT / "requirements.txt").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == len(pins()) > 40
    assert [line for line in lines if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line)] == []


def test_every_license_is_listed_as_its_package_names_it_and_is_allowed():
    assert listed().keys() == pins().keys()
    assert {name: said for name, said in listed().items() if said not in ALLOWED} == {}
    for package, said in listed().items():
        if package != "colorama":  # for Windows alone
            assert said == license_of(package)


def test_a_base_image_is_named_by_its_digest_never_by_a_tag():
    def refused(name: str) -> str:
        command = ["sh", str(ROOT / "deploy" / "is_digest.sh"), name]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr

    assert refused(f"python@sha256:{DIGEST}") == ""
    for tag in ("python:3.11-slim", "python", "", f"python@sha256:{DIGEST[1:]}", "python@sha256:"):
        assert f'BASE is "{tag}". It must be a digest' in refused(tag)
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert stages == ["${BASE}", "${BASE}"]
    images = re.findall(r"image: (\S+)", (ROOT / "compose.yaml").read_text())
    assert images == ["${NGINX:?a"]


def test_the_bill_of_materials_names_every_package_with_its_hashes():
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        "requirements.txt",
        "--of=JSON",
    ]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    bill = json.loads(made)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {each["name"]: each["version"] for each in bill["components"]} == pins()
    for each in bill["components"]:
        assert each["purl"].startswith(f"pkg:pypi/{each['name']}@{each['version']}")
        hashes = [one for file in each["externalReferences"] for one in file["hashes"]]
        assert {one["alg"] for one in hashes} == {"SHA-256"}
        assert {len(one["content"]) for one in hashes} == {64}


def of_the_image(word: str) -> list[str]:
    """Return what the image runs under a word of the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    found = re.search(rf"^{word} .*?(\[.*\])", text, re.MULTILINE)
    assert found is not None
    return list(json.loads(found[1]))


def test_the_image_runs_without_rights_and_writes_nothing():
    image, compose = ((ROOT / name).read_text("utf-8") for name in ("Dockerfile", "compose.yaml"))
    assert re.search(r"^USER 10001$", image, re.MULTILINE)
    assert "--no-index --find-links wheelhouse --require-hashes" in image
    for closed in ("network: none", "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert closed in compose


@pytest.mark.long
def test_a_folder_installs_and_starts_with_the_network_off(tmp_path):
    python = getattr(sys, "_base_executable", sys.executable)
    environ = {**os.environ, "PYTHON": python}
    folder, log, port = tmp_path / "plane", tmp_path / "log", _free_port()
    make = [str(ROOT / "deploy" / "folder.sh"), str(folder)]
    done = subprocess.run(make, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = subprocess.run(make, env=environ, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    no_network = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": python,
        "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1",
        "HTTPS_PROXY": f"http://{LOCAL}:9", "HTTP_PROXY": f"http://{LOCAL}:9",
    }  # fmt: skip
    command = [str(folder / "start.sh"), "--server.headless=true", f"--server.port={port}"]
    with (
        log.open("w") as out,
        subprocess.Popen(command, env=no_network, stdout=out, stderr=out) as run,
    ):
        try:
            address = f"http://{LOCAL}:{port}"
            _wait_until_healthy(address, run, log, SECONDS_TO_INSTALL)
            with DIRECT.open(f"{address}/_stcore/health", timeout=5) as answer:
                assert answer.read() == b"ok"
        finally:
            run.terminate()
    start, check = (
        [part.replace("8501", str(port)) for part in of_the_image(word)]
        for word in ("CMD", "HEALTHCHECK")
    )
    inside = {**no_network, "PATH": f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"}
    with log.open("w") as out, subprocess.Popen(start, cwd=folder, env=inside, stdout=out) as run:
        try:
            _wait_until_healthy(address, run, log)
            assert subprocess.run(check, env=inside, check=False).returncode == 0
        finally:
            run.terminate()
    told = subprocess.run(check, env=inside, capture_output=True, check=False)
    assert told.returncode != 0
