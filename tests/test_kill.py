"""`hallwatch serve` is killed while an alert stands: after the restart it is the same alert."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from api.alerts.listing import AlertFilter, list_alerts
from api.database import Database
from api.halls.reach import EVERY_HALL

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "tests" / "footage" / "phone" / "clip.mp4"
HALL = f"""
[hall]
id = "kill"
name = "断电测试大厅"
[policy.window_unattended]
after_s = 4
[[camera]]
id = "cam1"
url = "{CLIP}"
width = 960
height = 540
pace_hz = 1.0
[[window]]
id = "empty"
camera = "cam1"
staff = [[850, 10], [950, 10], [950, 100], [850, 100]]
counter = [[850, 110], [950, 110], [950, 140], [850, 140]]
"""
PATIENCE_S = 90.0


@contextlib.contextmanager
def served(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.start", "serve", "--hall", folder / "hall.toml",
         "--var", folder / "var", "--port", str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def until(so: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < ends_s
        time.sleep(0.2)


def kept(folder: Path) -> dict[str, object]:
    path = folder / "var" / "state" / "cam1.json"
    table: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return table


def test_a_kill_neither_loses_nor_doubles_an_alert_that_stands(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    with served(tmp_path):
        until(lambda: bool(kept(tmp_path).get("standing")))
    before = kept(tmp_path)
    with served(tmp_path):
        until(lambda: kept(tmp_path)["last"] != before["last"])
    after = kept(tmp_path)
    assert after["standing"] == before["standing"]
    database = Database(f"sqlite:///{tmp_path / 'var' / 'hallwatch.db'}")
    with database.reading() as session:
        alerts = list_alerts(session, AlertFilter(EVERY_HALL)).items
    database.close()
    assert len({alert.uid for alert in alerts}) == 1
