"""Observations kept in a file: what a model saw in a clip, to judge again with other thresholds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from vision.records import Blindness, CameraSeen, Observation, QueueSeen, Stamp, WindowSeen

KINDS: dict[str, type[WindowSeen] | type[QueueSeen] | type[CameraSeen]] = {
    kind.__name__: kind for kind in (WindowSeen, QueueSeen, CameraSeen)
}


def write_looks(path: Path, observations: Iterable[Observation]) -> None:
    """One JSON object a line, gzipped; written whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as lines:
        for seen in observations:
            stamp = {"at_s": seen.stamp.at_s, "wall": seen.stamp.wall.isoformat()}
            table = {"kind": type(seen).__name__} | asdict(seen) | {"stamp": stamp}
            lines.write(json.dumps(table) + "\n")
    part.replace(path)


def read_looks(path: Path) -> list[Observation]:
    """What `write_looks` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_seen(json.loads(line)) for line in lines]


def _seen(table: dict[str, object]) -> Observation:
    kind = KINDS[str(table.pop("kind"))]
    stamp = table.pop("stamp")
    assert isinstance(stamp, dict)
    blind = table.pop("blind")
    return kind(
        stamp=Stamp(stamp["at_s"], datetime.fromisoformat(stamp["wall"])),
        blind=None if blind is None else Blindness(str(blind)),
        **table,  # type: ignore[arg-type]
    )
