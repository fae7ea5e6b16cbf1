"""Post JSON to another machine that may refuse, hang, drip or answer nonsense."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.notices.senders.sending import NotSentError, Why

MOST_ANSWER_BYTES = 64 * 1024
COMES_BACK = (408, 425, 429)
"""Client errors that time heals."""


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> bytes:
    """The answer's body to a POST that was answered with a 2xx. Raises NotSentError."""
    _check(url)
    deadline = time.monotonic() + timeout_s
    try:
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            content = b""
            for piece in answer.iter_raw():
                content += piece
                if time.monotonic() > deadline:
                    raise NotSentError(Why.SILENT, f"{timeout_s:g} s")
                if len(content) > MOST_ANSWER_BYTES:
                    break
    except httpx.TimeoutException as error:
        raise NotSentError(Why.SILENT, f"{timeout_s:g} s") from error
    except httpx.HTTPError as error:
        raise NotSentError(Why.AWAY, type(error).__name__) from error
    if not 200 <= answer.status_code < 300:
        raise _refusal(answer)
    return content


def post_json(url: str, table: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    """The answer's JSON object to a JSON object. Raises NotSentError."""
    body = json.dumps(table, ensure_ascii=False).encode()
    content = post(url, body, {"Content-Type": "application/json; charset=utf-8"}, timeout_s)
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NotSentError(Why.NONSENSE)
    return answer


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotSentError(Why.ADDRESS, lasting=True)


def _refusal(answer: httpx.Response) -> NotSentError:
    status = answer.status_code
    lasting = 300 <= status < 500 and status not in COMES_BACK
    wait = answer.headers.get("retry-after", "")
    wait_s = min(float(wait), 3600.0) if wait.isdecimal() else None
    return NotSentError(Why.HTTP, str(status), lasting=lasting, wait_s=wait_s)
