"""The log: one line an event, for people or as JSON for a collector; no password in either."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import TextIO

LOGIN = re.compile(r"(\w[\w+.-]*://)[^\s/]*@")
"""The user and password of an address, up to the last @ before its first slash."""
SECRET = re.compile(r"(?i)\b(password|passwd|pwd|token|secret)(=|\"?: ?\"?)[^\s&\"',;]+")


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


def scrubbed(text: str) -> str:
    """The text without logins in addresses and without values of what is called a secret."""
    return SECRET.sub(r"\1\2***", LOGIN.sub(r"\1***@", text))


class TextLines(logging.Formatter):
    """`2026-11-24T10:00:00+0800 WARNING station-cam1 cli.station: ...`"""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z"
        )
        self.converter = time.localtime

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: at (UTC), level, thread, logger, message, error."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "thread": record.threadName,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def open_log(
    level: int = logging.INFO, form: LogFormat = LogFormat.TEXT, to: TextIO | None = None
) -> None:
    """Send the log of the whole process there (the error output, if nowhere is named)."""
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(JsonLines() if form is LogFormat.JSON else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
