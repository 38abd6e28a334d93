"""Two replicas of the app behind nginx on loopback, with the file that deployments use."""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import conftest

CONF = conftest.ROOT / "deploy" / "nginx.conf"
NAMES = ("app_1", "app_2")
INNER = ("127.0.0.1:8081", "127.0.0.1:8082")
NO_NGINX = "This needs nginx on the PATH or in /usr/sbin; on Debian: sudo apt install nginx-light."


def nginx() -> str | None:
    """Return where nginx is."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def cookie(address: str, known: str = "") -> str:
    """Ask for the page as a browser does first; return the cookie that came with it, if any."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ask = urllib.request.Request(address, headers={"Cookie": known} if known else {})
    with direct.open(ask) as answer:
        return str(answer.headers.get("Set-Cookie", "")).partition(";")[0]


class Replica:
    """One process of the app, on a port it keeps when it is started again."""

    def __init__(
        self, folder: Path, name: str, checkout: Path = conftest.ROOT, under: str = ""
    ) -> None:
        self.checkout = checkout
        self.log = folder / f"{name}.log"
        self.port = conftest._free_port()
        self.under = under
        self.address = f"http://{conftest.LOCAL}:{self.port}{under}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it is healthy."""
        command = [
            sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}",
            f"--server.address={conftest.LOCAL}", "--server.headless=true",
            "--server.fileWatcherType=none", f"--server.baseUrlPath={self.under}",
        ]  # fmt: skip
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                command, cwd=self.checkout, stdout=out, stderr=subprocess.STDOUT
            )
        conftest._wait_until_healthy(self.address, self.process, self.log)

    def kill(self) -> None:
        """Let it die at once, as a machine does that loses its power."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(
    folder: Path, checkout: Path = conftest.ROOT, under: str = ""
) -> Iterator[tuple[str, list[Replica]]]:
    """Return the address nginx listens at, and the two replicas behind it.

    Parameters
    ----------
    under : the path below which the app stands, such as ``/aco/simulator``; none by default
    """
    program = nginx()
    assert program is not None, NO_NGINX
    replicas: list[Replica] = []
    port = conftest._free_port()
    proxy = None
    try:
        replicas += [Replica(folder, name, checkout, under) for name in NAMES]
        conf = CONF.read_text()
        for name, replica in zip(NAMES, replicas, strict=True):
            conf = conf.replace(f"{name}:8501", f"{conftest.LOCAL}:{replica.port}")
        conf = conf.replace("listen 8080;", f"listen {conftest.LOCAL}:{port};")
        for inner in INNER:
            conf = conf.replace(inner, f"{conftest.LOCAL}:{conftest._free_port()}")
        written = folder / "nginx.conf"
        written.write_text(conf.replace(" /tmp/", f" {folder}/"))
        proxy = subprocess.Popen([program, "-e", "stderr", "-c", written, "-g", "daemon off;"])
        address = f"http://{conftest.LOCAL}:{port}{under}"
        conftest._wait_until_healthy(address, proxy, folder / f"{NAMES[0]}.log")
        yield address, replicas
    finally:
        if proxy is not None:
            proxy.terminate()
            proxy.wait()
        for replica in replicas:
            replica.kill()
