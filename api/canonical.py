"""One way to write a value as JSON, so that its hash can be computed again anywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any


def canonical_json(value: Any) -> bytes:
    """UTF-8, keys sorted, no spaces, no NaN; the same value always gives the same bytes."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def utc_text(moment: datetime) -> str:
    """2026-11-23T04:00:00.000000Z: always UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
