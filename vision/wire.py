"""Alerts as JSON: what `hallwatch replay --json` prints and what a hall sends to its backend."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from vision.records import Alert, Severity, Stamp, Step


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


def alert_from_table(table: dict[str, Any]) -> Alert:
    """The alert that `alert_table` wrote. Raises KeyError, TypeError or ValueError otherwise."""
    ended = table["ended"]
    return Alert(
        **{
            **table,
            "step": Step(table["step"]),
            "severity": Severity[table["severity"].upper()],
            "began": stamp_from_table(table["began"]),
            "at": stamp_from_table(table["at"]),
            "ended": None if ended is None else stamp_from_table(ended),
        }
    )


def stamp_from_table(table: dict[str, Any]) -> Stamp:
    return Stamp(float(table["at_s"]), datetime.fromisoformat(table["wall"]))
