"""What the log looks like, and what never stands in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from cli.logs import LogFormat, open_log, scrubbed


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("rtsp://admin:s3cret@10.0.0.2/main: refused", "rtsp://***@10.0.0.2/main: refused"),
        ("rtsp+udp://a:b:c@h/1 and http://u@h/2", "rtsp+udp://***@h/1 and http://***@h/2"),
        ("rtsp://admin:p@ss@10.0.0.2/x", "rtsp://***@10.0.0.2/x"),
        ("http://10.0.0.2/a?user=x&password=abc&n=1", "http://10.0.0.2/a?user=x&password=***&n=1"),
        ('{"token": "abc", "n": 1}', '{"token": "***", "n": 1}'),
        ("mail to zhou@hall.test", "mail to zhou@hall.test"),
        ("rtsp://10.0.0.2/main@1", "rtsp://10.0.0.2/main@1"),
    ],
)
def test_logins_and_secrets_are_struck_out(said: str, logged: str) -> None:
    assert scrubbed(said) == logged


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_lines_are_whole_even_with_a_traceback(log: io.StringIO) -> None:
    open_log(form=LogFormat.JSON, to=log)
    try:
        raise ValueError("rtsp://a:b@c/ is\nno camera")
    except ValueError:
        logging.getLogger("cli.station").exception("camera %s broke", "一号")
    (line,) = log.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == (
        "ERROR", "cli.station", "camera 一号 broke",
    )  # fmt: skip
    assert "rtsp://***@c/" in told["error"]
    assert "a:b" not in line


def test_text_lines_say_when_who_and_what(log: io.StringIO) -> None:
    open_log(level=logging.WARNING, to=log)
    logging.getLogger("x").info("not this")
    logging.getLogger("x").warning("rtsp://a:b@c/1 is gone")
    (line,) = log.getvalue().splitlines()
    assert line.endswith("WARNING MainThread x: rtsp://***@c/1 is gone")
