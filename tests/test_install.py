"""The project installed from its wheel: the engine with NumPy alone, the app in an empty folder."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from mssp_sim import __main__ as commands
from tests.conftest import IN_CI, LOCAL, ROOT, _free_port, _wait_until_healthy
from tests.wire import Visitor, apart

SLOW_TO_LOAD = ("numpy", "pandas", "pyarrow", "altair", "streamlit")
NO_UV = "This builds the wheel with uv: pip install uv."
DOLLARS = "$6,516,510 earned"
README_CODE = re.compile(r"python -c '([^']*)'")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def readme_code():
    """Return what the README gives to ``python -c``."""
    (code,) = README_CODE.findall((ROOT / "README.md").read_text("utf-8"))
    return code


def run(*command, cwd, **environment):
    """Return what a command printed; its errors are the test's."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, check=False, capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def uv():
    found = shutil.which("uv")
    if found is None:
        (pytest.fail if IN_CI else pytest.skip)(NO_UV)
    return found


@pytest.fixture(scope="module")
def wheel(uv, tmp_path_factory):
    """Return the wheel, built from the source distribution as a release is."""
    folder = tmp_path_factory.mktemp("dist")
    run(uv, "build", "--quiet", "--out-dir", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


def test_help_loads_neither_numpy_nor_pandas(tmp_path):
    said = run(
        sys.executable, "-c",
        "import sys\n"
        "from mssp_sim.__main__ import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {SLOW_TO_LOAD} if name in sys.modules])",
        cwd=tmp_path,
    ).splitlines()  # fmt: skip
    assert any("reproduce" in line for line in said)
    assert said[-1] == "[]"


def test_the_engine_loads_numpy_alone(tmp_path):
    said = run(
        sys.executable, "-c",
        f"{readme_code()}\nimport sys\n"
        f"print([name for name in {SLOW_TO_LOAD} if name in sys.modules])",
        cwd=tmp_path,
    ).splitlines()  # fmt: skip
    assert said == [DOLLARS, "['numpy']"]


def test_the_core_needs_numpy_alone_and_no_package_is_pinned_twice():
    said = project()["project"]
    assert [name.partition("==")[0] for name in said["dependencies"]] == ["numpy"]
    pins = {}
    for extra in said["optional-dependencies"].values():
        for pin in extra:
            package, _, version = pin.partition("==")
            assert pins.setdefault(package, version) == version


def test_every_public_name_is_found():
    import mssp_sim  # noqa: PLC0415

    assert sorted(mssp_sim.__all__) == sorted(n for m in mssp_sim._MODULES.values() for n in m)
    assert all(getattr(mssp_sim, name) is not None for name in mssp_sim.__all__)
    assert set(mssp_sim.__all__) <= set(dir(mssp_sim))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mssp_sim.nothing


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [(["app"], "app"), (["settle", "a", "-o", "b"], "cms"), (["reproduce", "a"], "cms")],
)
def test_a_command_whose_packages_are_missing_says_what_to_install(
    arguments, extra, monkeypatch, capsys
):
    monkeypatch.setattr(commands, "find_spec", lambda _: None)
    assert commands.main(arguments) == commands.UNUSABLE
    assert f"pip install 'mssp-sim[{extra}]'" in capsys.readouterr().err


def test_an_unknown_option_is_refused(capsys):
    with pytest.raises(SystemExit):
        commands.main(["template", "--colour"])
    assert "--colour" in capsys.readouterr().err


def test_the_app_hands_further_options_to_streamlit(monkeypatch):
    from streamlit.web import cli  # noqa: PLC0415

    asked = []
    monkeypatch.setattr(cli, "main", lambda arguments, **_: asked.extend(arguments))
    assert commands.main(["app", "--server.port", "8600"]) == commands.FINE
    assert asked == ["run", str(ROOT / "app.py"), "--server.port", "8600"]


@pytest.mark.long
@pytest.mark.parametrize("source", ["wheel", "checkout"])
def test_a_bare_python_prints_the_readmes_dollars_with_numpy_alone(source, uv, wheel, tmp_path):
    run(uv, "venv", "--quiet", "--seed", "--python", sys.executable, "bare", cwd=tmp_path)
    programs = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin")
    target = wheel if source == "wheel" else ROOT
    run(programs / "python", "-m", "pip", "install", "--quiet", target, cwd=tmp_path)
    installed = run(programs / "python", "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    names = {line.partition("==")[0] for line in installed.split()}
    assert {"mssp-sim", "numpy"} <= names <= {
        "mssp-sim", "numpy", "packaging", "pip", "setuptools", "wheel",
    }  # fmt: skip
    assert run(programs / "python", "-c", readme_code(), cwd=tmp_path).strip() == DOLLARS
    assert "quality_score" in run(programs / "mssp-sim", "template", cwd=tmp_path)
    assert "reproduce" in run(programs / "python", "-m", "mssp_sim", "--help", cwd=tmp_path)


@pytest.mark.long
def test_the_wheel_holds_every_file_of_the_app(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    inside = [path for path in (ROOT / "mssp_sim").rglob("*") if path.is_file()]
    beside = [ROOT / "app.py", ROOT / ".streamlit/config.toml", *(ROOT / "pages").glob("*.py")]
    wanted = {path.relative_to(ROOT).as_posix() for path in inside if path.suffix != ".pyc"}
    wanted |= {f"mssp_sim/_app/{path.relative_to(ROOT).as_posix()}" for path in beside}
    assert not sorted(wanted - held)


@pytest.mark.long
def test_the_app_starts_from_the_wheel_in_an_empty_folder(wheel, tmp_path):
    site, empty, log = (tmp_path / name for name in ("site", "empty", "log"))
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    port = _free_port()
    command = [
        sys.executable, "-m", "mssp_sim", "app", f"--server.address={LOCAL}",
        f"--server.port={port}", "--server.headless=true",
    ]  # fmt: skip
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=empty, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(site)},
        ) as process,
    ):  # fmt: skip
        try:
            address = f"http://{LOCAL}:{port}"
            _wait_until_healthy(address, process, log)
            apart(_visit(address))
        finally:
            process.terminate()
    assert not list(empty.iterdir())
    assert str(site) in _imported_from(site, empty)


async def _visit(address: str) -> None:
    """Open the first page, and another by its address, in the theme of our settings."""
    for page in ("", "quality"):
        visitor = await Visitor(address, page=page).open()
        assert visitor.exceptions() == []
        assert visitor.headlines()
        assert visitor.theme.light.primary_color == _primary_color()
        await visitor.close()


def _primary_color() -> str:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    return settings["theme"]["light"]["primaryColor"]


def _imported_from(site: Path, cwd: Path) -> str:
    return run(
        sys.executable, "-c", "import mssp_sim; print(mssp_sim.__file__)",
        cwd=cwd, PYTHONPATH=str(site),
    )  # fmt: skip
