"""A real PostgreSQL server for tests: its own cluster in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_USER = "postgres"
"""Who runs the server when the tests run as root: PostgreSQL refuses to be root."""


class PostgresMissingError(RuntimeError):
    """The tests need PostgreSQL's server programs and did not find them."""


def server_programs() -> Path:
    """The folder of initdb and pg_ctl: on the PATH, or the newest where Debian puts them."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissingError(
        "the tests run on a real PostgreSQL too: install it (Debian: apt install postgresql), "
        "or put the folder of initdb and pg_ctl on the PATH"
    )


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """A server on a unix socket in `folder`; yields the URL of its database 'postgres'."""
    programs = server_programs()
    cluster, socket = folder / "cluster", folder / "socket"
    socket.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", SERVER_USER, "--"]
        shutil.chown(folder, SERVER_USER)
        shutil.chown(socket, SERVER_USER)
    settings = ["-U", "hallwatch", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    _run([*as_user, str(programs / "initdb"), "-D", str(cluster), *settings])
    options = f"-c listen_addresses= -c unix_socket_directories={socket} -c fsync=off"
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(cluster), "-w"]
    _run([*control, "-l", str(socket / "log"), "-o", options, "start"])
    try:
        yield f"postgresql://hallwatch@/postgres?host={socket}"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/", timeout=120
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()}")
