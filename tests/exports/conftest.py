"""What the tests of exports share: LibreOffice, made to reckon every formula anew."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import IN_CI

OFFICES = ("soffice", "libreoffice")
NO_OFFICE = (
    f"These tests need {' or '.join(OFFICES)} on the PATH; "
    "on Debian and Ubuntu: sudo apt install libreoffice-calc-nogui."
)
SECONDS = 900
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Without it LibreOffice shows the values a file was saved with, and proves nothing."""


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory) -> Callable[[Sequence[Path]], list[Path]]:
    """Return what opens workbooks in LibreOffice, reckons anew and saves them, in one call."""
    office = next(filter(None, map(shutil.which, OFFICES)), None)
    if office is None:
        (pytest.fail if IN_CI else pytest.skip)(NO_OFFICE)
    profile = tmp_path_factory.mktemp("office")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)

    def run(files: Sequence[Path]) -> list[Path]:
        out = tmp_path_factory.mktemp("recalculated")
        subprocess.run(
            [
                office, f"-env:UserInstallation={profile.as_uri()}", "--headless",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out),
                *map(str, files),
            ],
            check=True, capture_output=True, timeout=SECONDS,
        )  # fmt: skip
        return [out / file.name for file in files]

    return run
