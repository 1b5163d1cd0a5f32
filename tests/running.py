"""Real database servers for the tests, each started once a session from its script in tests/servers, on the loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

SCRIPTS = Path(__file__).parent / "servers"
PASSWORD = "secret-word"
_PATIENCE = 400


class Server(NamedTuple):
    """A server that runs: the address that `kg load` takes, who may write, and its folder."""

    url: str
    user: str | None
    password: str | None
    folder: Path
    pid: int


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def needed(*commands: str) -> None:
    """Fail, saying what is missing, where a command is not there that a server needs."""
    if missing := [command for command in commands if not shutil.which(command, path=path())]:
        pytest.fail(f"{', '.join(missing)} not found: `make packages` installs what the database tests need", pytrace=False)


def path() -> str:
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))


@contextmanager
def running(folder: Path, port: int, *command: object) -> Iterator[int]:
    """Run a server until it is no longer needed; its output goes to a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, start_new_session=True, cwd=folder,
                                   env={**os.environ, "PATH": path()})
        try:
            _wait(process, folder, port)
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as tried:
            tried.settimeout(1)
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the server did not start: {(folder / 'server.log').read_text(errors='replace')[-2000:]}", pytrace=False)


def java(*commands: str) -> None:
    """Make sure that Java, Maven and the Java servers are there."""
    needed("java", "mvn", *commands)
    done = subprocess.run([SCRIPTS / "fetch"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"Maven could not fetch the Java servers (tests/servers/fetch): {(done.stdout + done.stderr)[-2000:]}",
                    pytrace=False)


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    needed("oxigraph")
    port = free_port()
    with running(folder, port, SCRIPTS / "oxigraph" / "start", folder / "data", port) as pid:
        yield Server(f"http://127.0.0.1:{port}", None, None, folder, pid)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    needed("virtuoso-t")
    port = free_port()
    with running(folder, port, SCRIPTS / "virtuoso" / "start", folder, port, free_port()) as pid:
        yield Server(f"http://127.0.0.1:{port}", "dba", "dba", folder, pid)


@contextmanager
def fuseki(folder: Path) -> Iterator[Server]:
    java()
    port = free_port()
    with running(folder, port, SCRIPTS / "fuseki" / "start", folder, port, "kg", PASSWORD) as pid:
        yield Server(f"http://127.0.0.1:{port}/kg", "kg", PASSWORD, folder, pid)


@contextmanager
def neo4j(folder: Path) -> Iterator[Server]:
    java()
    port = free_port()
    with running(folder, port, SCRIPTS / "neo4j" / "start", folder, port, PASSWORD) as pid:
        yield Server(f"bolt://127.0.0.1:{port}", "neo4j", PASSWORD, folder, pid)


@contextmanager
def arcadedb(folder: Path) -> Iterator[Server]:
    bolt, http = free_port(), free_port()
    command = sys.executable, SCRIPTS / "arcadedb" / "start", folder, bolt, http, PASSWORD
    with running(folder, bolt, *command) as pid:
        ends = time.monotonic() + _PATIENCE
        while not (folder / "ready").exists() and time.monotonic() < ends:
            time.sleep(0.05)
        yield Server(f"bolt://127.0.0.1:{bolt}", "root", PASSWORD, folder, pid)


@contextmanager
def ladybug(folder: Path) -> Iterator[Server]:
    """No server: a file."""
    folder.mkdir()
    yield Server(f"ladybug:{folder / 'graph.lbug'}", None, None, folder, 0)


STARTERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "ladybug": ladybug, "oxigraph": oxigraph, "virtuoso": virtuoso, "fuseki": fuseki, "arcadedb": arcadedb, "neo4j": neo4j}
