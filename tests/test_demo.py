"""`hallwatch demo` and `hallwatch serve` as a person runs them: one command, then the browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from cli.demo import emptied
from cli.errors import DemoFolderError

ROOT = Path(__file__).parents[1]
FIRST_ALERT_S = 120.0


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "cli.start", *words], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found.group()
    raise AssertionError("it ended without telling its address")


def test_the_demo_shows_its_first_alert_within_two_minutes_and_ends_at_ctrl_c(
    tmp_path: Path,
) -> None:
    began_s = time.monotonic()
    with running("demo", "--port", "0", "--var", str(tmp_path / "demo")) as process:
        address = address_of(process)
        with httpx.Client(base_url=address, trust_env=False) as client:
            login = {"name": "demo", "password": "hallwatch"}
            assert client.post("/api/v1/session", json=login).status_code == 200
            alerts: list[dict[str, str]] = []
            while not alerts:
                assert time.monotonic() - began_s < FIRST_ALERT_S
                time.sleep(1)
                alerts = client.get("/api/v1/alerts").json()["items"]
        assert alerts[0]["hall"] == "demo"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 130, out  # as a shell tells of Ctrl-C
    assert "Traceback" not in out


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with running("demo", "--port", port, "--var", str(tmp_path / "demo")) as process:
            out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "choose another with --port" in out
    assert "Traceback" not in out


BUSY_AT_THE_END = """
import sys, threading, time
import numpy as np, onnxruntime
import cli.main, cli.start

def infer():
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    picture = np.zeros((1, 3, 320, 320), np.float32)
    while True:
        session.run(None, {session.get_inputs()[0].name: picture})

def command():
    threading.Thread(target=infer, daemon=True).start()
    time.sleep(1)
    sys.exit(130)

cli.main.app = command
cli.start.main()
"""


def test_a_thread_that_infers_when_the_command_ends_does_not_abort_it() -> None:
    model = str(ROOT / "models" / "shipped" / "hall.onnx")
    words = [sys.executable, "-c", BUSY_AT_THE_END, model]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (130, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serve", "--hall", "nowhere.toml"), "HallFileError"),
        (("serve", "--hall", "tests/footage/demo.toml", "--database", "mysql://x"),
         "DatabaseUrlError"),
        (("users", "add", "x", "--password", "short"), "PasswordError"),
    ],
)  # fmt: skip
def test_wrong_words_get_a_sentence(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with running(*words, "--var", str(tmp_path / "var")) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said in out
    assert "Traceback" not in out


def test_the_demo_empties_its_own_folder_and_no_other(tmp_path: Path) -> None:
    emptied(tmp_path / "demo")
    (tmp_path / "demo" / "hallwatch.db").touch()
    emptied(tmp_path / "demo")
    assert not (tmp_path / "demo" / "hallwatch.db").exists()
    (tmp_path / "hallwatch.db").touch()
    with pytest.raises(DemoFolderError, match="was not made by a demo"):
        emptied(tmp_path)
    assert (tmp_path / "hallwatch.db").exists()
