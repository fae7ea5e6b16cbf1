"""Alerts as JSON: what `hallwatch replay --json` prints and what a hall sends to its backend."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vision.records import Alert, Stamp


def alert_table(alert: Alert) -> dict[str, Any]:
    """The alert as plain JSON values; times are ISO 8601 in UTC with milliseconds."""
    table = asdict(alert)
    for key in ("began", "at", "ended"):
        stamp: Stamp | None = getattr(alert, key)
        table[key] = None if stamp is None else stamp_table(stamp)
    return table | {"step": alert.step.value, "severity": alert.severity.name.lower()}


def stamp_table(stamp: Stamp) -> dict[str, Any]:
    return {
        "at_s": round(stamp.at_s, 3),
        "wall": stamp.wall.isoformat(timespec="milliseconds"),
    }
