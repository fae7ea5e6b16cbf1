"""An engine's state as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from vision.records import Severity, Stamp

Key: TypeAlias = "tuple[str, str]"
"""Rule and subject."""
BETWEEN = "\x1f"


class SavedStateError(ValueError):
    """A saved state that this version cannot continue; start anew."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that was raised and has not ended."""

    began: Stamp
    severity: Severity


@dataclass(frozen=True, slots=True)
class Saved:
    """What an engine knew. states: of each rule over each subject, as plain tables (see `revived`).
    versions: of the rules. last: the last moment that it was told of."""

    camera: str
    last: Stamp | None
    versions: Mapping[str, int]
    states: Mapping[Key, Any]
    standing: Mapping[Key, Standing]


def to_json(saved: Saved) -> str:
    standing = {
        BETWEEN.join(key): (_stamp_table(s.began), int(s.severity))
        for key, s in saved.standing.items()
    }
    table = {
        "camera": saved.camera,
        "last": None if saved.last is None else _stamp_table(saved.last),
        "rules": dict(saved.versions),
        "states": {BETWEEN.join(key): asdict(state) for key, state in saved.states.items()},
        "standing": standing,
    }
    return json.dumps(table, sort_keys=True)


def from_json(text: str) -> Saved:
    """Raises SavedStateError."""
    try:
        table = json.loads(text)
        return Saved(
            camera=table["camera"],
            last=None if table["last"] is None else _stamp(table["last"]),
            versions=table["rules"],
            states={_key(name): state for name, state in table["states"].items()},
            standing={
                _key(name): Standing(_stamp(began), Severity(severity))
                for name, (began, severity) in table["standing"].items()
            },
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SavedStateError(f"not a saved engine state: {error!r}") from error


def revived(kind: Any, value: Any) -> Any:
    """The value of type `kind` that `asdict` and JSON turned into plain lists and tables.
    Raises SavedStateError."""
    try:
        return _revived(kind, value)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SavedStateError(f"not a state of {kind}: {error!r}") from error


def _revived(kind: Any, value: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{f.name: _revived(hints[f.name], value[f.name]) for f in fields(kind)})
    if get_origin(kind) in (Union, UnionType):
        inner = [k for k in get_args(kind) if k is not type(None)]
        return None if value is None else _revived(inner[0], value)
    if get_origin(kind) is tuple:
        of = get_args(kind)
        kinds = [of[0]] * len(value) if of[-1] is Ellipsis else of
        return tuple(_revived(k, v) for k, v in zip(kinds, value, strict=True))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _key(name: str) -> Key:
    rule, subject = name.split(BETWEEN)
    return rule, subject


def _stamp_table(stamp: Stamp) -> tuple[float, str]:
    return stamp.at_s, stamp.wall.isoformat()


def _stamp(table: Any) -> Stamp:
    at_s, wall = table
    return Stamp(float(at_s), datetime.fromisoformat(wall))
