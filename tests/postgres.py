"""A real PostgreSQL of our own, on a free port of the loopback, where Debian's package is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ROOTS = (Path("/usr/lib/postgresql"),)  # Debian's; a version's folder follows


def find_programs() -> Path | None:
    """Where the server's programs are: the newest of Debian's, or those on the path."""
    found = [path.parent for root in _ROOTS for path in root.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return max(found, default=Path(on_path).parent if on_path else None, key=str)


class Postgres:
    """A server in a folder of its own.

    Attributes:
        port: on the loopback.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self._names = iter(range(1, 1_000_000))
        self._run("initdb", "--auth=trust", "--username=tunesmith", "--encoding=UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to be root; Debian's package brings a user for it.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [self._programs / program, "-D", str(self._folder), *arguments],
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # which the server would keep open
            stderr=subprocess.DEVNULL,
            timeout=120,
            **user,
        )
        assert done.returncode == 0, f"{program} {arguments} failed, see {self._folder}/log"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        # Killing the server loses nothing so, only a loss of power does; and tests wait for no disk.
        options += " -c max_connections=100 -c fsync=off"
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop; “immediate” is as if it had crashed."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def new_url(self) -> str:
        """Make a database, and give its address."""
        name = f"tunes{next(self._names)}"
        user = {"user": "postgres"} if os.geteuid() == 0 else {}
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "tunesmith"]
        subprocess.run([self._programs / "createdb", *where, name], cwd="/", check=True, timeout=60, **user)
        return f"postgresql+asyncpg://tunesmith@127.0.0.1:{self.port}/{name}"


@contextmanager
def running() -> Iterator[Postgres]:
    """A server that is up; a visible skip where the package or the driver is missing."""
    pytest.importorskip("asyncpg", reason="the postgres extra is not installed")
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tunesmith-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Postgres(programs, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
